// The commands that look at runs: status, export.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <nlohmann/json.hpp>
#include <optional>
#include <sstream>
#include <string>
#include <utility>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/base/layout.hpp"
#include "evo/base/run_file.hpp"
#include "evo/locks/run_lock.hpp"
#include "evo/objective/objective.hpp"
#include "evo/preregistration/registration.hpp"
#include "evo/record/held_out.hpp"
#include "evo/record/run_files.hpp"
#include "evo/record/trailers.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/config/experiment_file.hpp"
#include "experiments/config/model_keys.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/output_file.hpp"
#include "experiments/console/table.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/reports/spending_report.hpp"
#include "experiments/session/expectation_text.hpp"
#include "experiments/session/model_session.hpp"
#include "experiments/sources/run_source.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/file.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

// ---- status

Table curve_table(const evo::Individual& individual) {
  Table table({"beta", "accuracy", "tokens"});
  for (const evo::CurvePoint& p : individual.curve)
    table.add_row({Shortest{p.beta}, Decimal{p.accuracy}, Decimal{p.tokens}});
  return table;
}

Table frontier_table(const evo::Archive& archive, std::size_t digits) {
  Table table({"controller", "beta", "accuracy", "tokens"});
  for (const evo::ArchivePoint& p : archive.points())
    table.add_row({p.id.substr(0, digits), Shortest{p.beta}, Decimal{p.accuracy}, Decimal{p.tokens}});
  return table;
}

// The fittest of each island.
Table island_table(const evo::State& state) {
  Table table({"island", "population", "best", "score", "born_in", "born_on", "operator"});
  for (std::size_t i = 0; i < state.islands.size(); ++i) {
    const evo::Individual& fittest = state.islands[i].population.front();
    table.add_row(
        {static_cast<std::int64_t>(evo::island_number(state, i)),
         static_cast<std::int64_t>(state.islands[i].population.size()), genome::base::short_id(fittest.id),
         Decimal{fittest.score, 3}, static_cast<std::int64_t>(fittest.birth.generation),
         fittest.birth.island > 0 ? Cell{static_cast<std::int64_t>(fittest.birth.island)} : Cell{Missing{}},
         fittest.birth.operation});
  }
  return table;
}

// Episodes a second and seconds a generation over the last lines of run.log, or nothing.
std::string recent_rates(const std::filesystem::path& run) {
  constexpr std::size_t kEnough = 65536;
  std::string text = evo::end_of_file(run / evo::kRunLogFile, kEnough).value_or("");
  if (text.size() == kEnough) text.erase(0, text.find('\n'));  // the first line is but a piece of one
  std::istringstream file(std::move(text));
  std::vector<std::pair<double, double>> steps;  // seconds, episodes
  for (std::string line; std::getline(file, line);) {
    std::istringstream words(line);
    std::string time, word;
    double generation = 0, seconds = 0, scored = 0, episodes = 0;
    words >> time >> word >> generation >> word >> seconds >> word >> scored >> word >> episodes;
    if (words && seconds > 0) steps.emplace_back(seconds, episodes);
    if (steps.size() > 10) steps.erase(steps.begin());
  }
  if (steps.empty()) return {};
  double seconds = 0, episodes = 0;
  for (const auto& [s, e] : steps) seconds += s, episodes += e;
  return fmt::format("rate          {:.2f} s a generation, {:.0f} episodes a second (last {} generations)\n",
                     seconds / static_cast<double>(steps.size()), episodes / seconds, steps.size());
}

// Where the run was forked from another, the newest fork first.
std::string forks_of(const RunAt& at) {
  std::string out;
  for (const evo::CommitInfo& commit :
       at.repository.log(std::numeric_limits<std::size_t>::max(), at.revision)) {
    if (evo::has(commit, evo::Trailer::kForkPoint))
      out += fmt::format("forked        {}\n", commit.message.substr(0, commit.message.find('\n')));
  }
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
  }
}

// generation.json, and what was spent on models where any were asked.
std::string status_json(const RunAt& at, const evo::State& state) {
  const std::string text = at.repository.read(evo::kGenerationFile, at.revision).value_or("{}");
  auto json = genome::base::read_json<nlohmann::ordered_json>(text);
  if (!json.is_object()) {
    const std::string beyond = genome::base::beyond_json_limits(text);
    throw evo::RunError(fmt::format("{}: {}: {}", genome::base::visible(at.repository.path().string()),
                                    evo::kGenerationFile, beyond.empty() ? "it is no JSON object" : beyond));
  }
  const evo::Experiment experiment = experiment_in(at);
  if (!state.memory.empty() || asks_models(experiment)) {
    json["models"] = spending_json(experiment, state.memory, lost_calls(at.repository));
    const auto [replies, money] = replies_waiting(at.repository);
    json["models"]["replies_waiting"] = {{"count", replies}, {"money", money}};
  }
  return json.dump(2) + "\n";
}

std::string best_line(std::string_view title, const evo::Individual& best) {
  return fmt::format("{:<13} {} score {:.3f}, {} nodes, born in generation {} by {}{}\n", title,
                     genome::base::short_id(best.id), best.score, best.size, best.birth.generation,
                     best.birth.operation,
                     best.birth.island > 0 ? fmt::format(" on island {}", best.birth.island) : "");
}

int run_status(const std::string& spec, const std::string& format_text) {
  const Format format = format_of(format_text);
  const RunAt at = open_run(spec);
  const evo::State state = evo::state_in(at.repository, at.revision);
  if (format == Format::kJson) {
    print(status_json(at, state));
    return kGood;
  }
  if (format == Format::kCsv) {
    print(frontier_table(state.archive, 40).text(format));
    return kGood;
  }
  const evo::Experiment experiment = experiment_in(at);
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
  out += held_out_line(at);
  out += registration_line(at);
  out += best_line("best", best);
  if (state.recommended) out += best_line("champion", state.best());
  out += expected_line(state) + verdict_line(state) + "\n";
  out += fmt::format("best, mean over {} environments\n{}", state.environments.size(),
                     curve_table(best).text(Format::kTable));
  out += fmt::format("\nfrontier of all generations\n{}",
                     frontier_table(state.archive, genome::base::kShortIdDigits).text(Format::kTable));
  if (state.islands.size() > 1) out += fmt::format("\nislands\n{}", island_table(state).text(Format::kTable));
  if (!state.memory.empty()) out += fmt::format("\nmodels\n{}", spending_table(experiment, state.memory));
  print(out);
  return kGood;
}

// ---- export

int run_export(const InRun& named, const std::string& file, bool force) {
  const NamedText found = text_in(open_run(named.run), named.id);
  if (file == kStandardStream) {
    print_exactly(found.text);
    return kGood;
  }
  const bool to_stream = genome::base::is_stream(file);
  if (!force && !to_stream && std::filesystem::exists(file))
    throw UsageError(
        fmt::format("-o {}: exists already; add --force to replace it", genome::base::visible(file)));
  if (!to_stream) expect_folder_of(file);
  genome::base::write_durably(file, found.text);
  if (!to_stream)
    print(fmt::format("wrote {} to {}\n", genome::base::short_id(found.id), genome::base::visible(file)));
  return kGood;
}

struct Arguments {
  std::string run, file = std::string(kStandardStream);
  std::optional<std::string> id;
  std::string format = "table";
  bool force = false;
};

}  // namespace

void add_history_commands(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<Arguments>();
  CLI::App* const status =
      app.add_subcommand("status", "Show where a run stands: its best controller and its frontier");
  status->add_option("RUN", arguments->run, "The folder of a run, or RUN@GENERATION")->required();
  add_format_option(*status, arguments->format);
  status->footer(R"(csv gives the frontier, json the whole of generation.json and the spending on
models. A run may be looked at while it is written.

Example: evotts status runs/first@10)");
  status->callback([arguments, &action] {
    action = [arguments] { return run_status(arguments->run, arguments->format); };
  });

  CLI::App* const take = app.add_subcommand("export", "Take a controller out of a run");
  take->add_option("RUN", arguments->run,
                   "The folder of a run, or RUN@GENERATION; with :ID behind it, the controller too")
      ->required();
  take->add_option("ID", arguments->id, "Which individual: best, champion, or the beginning of its identity")
      ->default_str("best");
  take->add_option("-o,--out", arguments->file, "Where to write it; - is standard output")
      ->type_name("FILE")
      ->capture_default_str();
  take->add_flag("--force", arguments->force, "Replace the file if it exists");
  take->footer("Example: evotts export runs/first:best -o winner.ctl");
  take->callback([arguments, &action] {
    action = [arguments] {
      return run_export(controller_in_run(arguments->run, arguments->id), arguments->file, arguments->force);
    };
  });
}

}  // namespace experiments
