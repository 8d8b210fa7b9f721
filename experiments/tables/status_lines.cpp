#include "experiments/tables/status_lines.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/locks/run_lock.hpp"
#include "evo/objective/objective.hpp"
#include "evo/preregistration/registration.hpp"
#include "evo/record/held_out.hpp"
#include "experiments/config/model_keys.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/progress/run_log.hpp"
#include "experiments/reports/spending_report.hpp"
#include "experiments/session/expectation_text.hpp"
#include "experiments/session/model_session.hpp"
#include "experiments/sources/data_budgets.hpp"
#include "experiments/tables/history.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/text.hpp"

namespace experiments {

namespace {

// Episodes a second and seconds a generation over the last lines of run.log, or nothing.
std::string recent_rates(const std::filesystem::path& run) {
  constexpr std::size_t kLatest = 10;
  const std::vector<LoggedGeneration> steps = latest_in_log(run, kLatest);
  if (steps.empty()) return {};
  double seconds = 0, episodes = 0;
  for (const LoggedGeneration& each : steps)
    seconds += each.seconds, episodes += static_cast<double>(each.episodes);
  return fmt::format("rate          {:.2f} s a generation, {:.0f} episodes a second (last {} generations)\n",
                     seconds / static_cast<double>(steps.size()), episodes / seconds, steps.size());
}

// Where the run was forked from another, the newest fork first; of a damaged run, as far back as can be read.
std::string forks_of(const RunAt& at) {
  std::string out;
  const ReadableHistory history = readable_history_of(at);
  for (auto entry = history.entries.rbegin(); entry != history.entries.rend(); ++entry) {
    const std::string& message = entry->commit.message;
    if (entry->is_fork()) out += fmt::format("forked        {}\n", message.substr(0, message.find('\n')));
  }
  if (!history.missing.empty()) out += fmt::format("damaged       {}\n", history.missing);
  return out;
}

// Whether environments are held out, and how often they were looked at.
std::string held_out_line(const RunAt& at) {
  const std::size_t sealed = evo::sealed_in(at.repository, at.revision).size();
  const auto looks = evo::unsealings_of(at.repository);
  if (sealed == 0 && looks.empty()) return {};
  std::string out = fmt::format("held out      {} environments, ", sealed);
  if (looks.empty()) return out + "sealed\n";
  return out + fmt::format("opened {} times, last at generation {}\n", looks.size(), looks.back().generation);
}

// What was stated before the search, and whether this is still that run.
std::string registration_line(const RunAt& at) {
  try {
    const auto registration = evo::registration_of(at.repository, at.revision);
    if (!registration) return {};
    return fmt::format("preregistered SHA-256 {}{}\n", registration->digest,
                       registration->forks.empty() ? "" : ", of the run this one was forked from");
  } catch (const evo::RunError& error) {  // the rest of the run may be looked at all the same
    return fmt::format("preregistered not: {}\n", error.what());
  } catch (const evo::StorageError&) {  // of the history, which is told of as damaged
    if (!at.repository.read(evo::kPreregistrationFile, at.revision)) return {};
    return "preregistered as it seems, but its beginning cannot be read\n";
  }
}

std::string best_line(std::string_view title, const evo::Individual& best) {
  return fmt::format("{:<13} {} score {:.3f}, {} nodes, born in generation {} by {}{}\n", title,
                     genome::base::short_id(best.id), best.score, best.size, best.birth.generation,
                     best.birth.operation,
                     best.birth.island > 0 ? fmt::format(" on island {}", best.birth.island) : "");
}

}  // namespace

std::string status_lines(const RunAt& at, const evo::State& state, const evo::Experiment& experiment) {
  const evo::Individual& best = state.recommendation();
  const auto writer = evo::RunLock::holder(at.repository.path());
  std::string out =
      fmt::format("run           {}\nexperiment    {} (seed {})\n", shown_path(at.repository.path()),
                  genome::base::visible(experiment.name), experiment.seed);
  out += fmt::format("generation    {} of {}{}\n", state.generation,
                     std::max(state.generation, experiment.generations),
                     writer ? fmt::format(", process {} is at work", *writer) : "");
  out += forks_of(at);
  out += fmt::format("scored        {} controllers in {} episodes; {} of them were born\n",
                     state.counters.evaluations, state.counters.episodes, state.counters.births);
  out += recent_rates(at.repository.path());
  if (!state.memory.empty() || asks_models(experiment)) {
    out +=
        fmt::format("models        {}\n", spending_line(experiment, state.memory, lost_calls(at.repository)));
    const auto [replies, money] = replies_waiting(at.repository);
    if (replies > 0)
      out += fmt::format("              {} of {:.4f} {} came since and count when they take effect\n",
                         replies == 1 ? "1 reply" : fmt::format("{} replies", replies), money,
                         experiment.model_currency);
  }
  out +=
      fmt::format("population    {} individuals; frontier {} points, hypervolume {:.3f}%\n", state.living(),
                  state.archive.points().size(), state.archive.hypervolume(evo::budgets_of(experiment)));
  out += fmt::format("budgets       {}\n", budgets_text(experiment));
  out += held_out_line(at);
  out += registration_line(at);
  out += best_line("best", best);
  if (state.recommended) out += best_line("champion", state.best());
  out += limits_lines(state, experiment);
  out += expected_line(state) + verdict_line(state);
  return out;
}

}  // namespace experiments
