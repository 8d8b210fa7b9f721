#include "experiments/session/run_session.hpp"

#include <algorithm>
#include <chrono>
#include <fmt/format.h>

#include "evo/base/error.hpp"
#include "experiments/config/model_keys.hpp"
#include "experiments/console/exit_codes.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/console/work_watch.hpp"
#include "experiments/progress/run_log.hpp"
#include "experiments/progress/run_progress.hpp"
#include "experiments/ranks/ranks.hpp"
#include "experiments/reports/spending_report.hpp"
#include "experiments/session/expectation_text.hpp"
#include "experiments/session/signals.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "genome/base/digest.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/proposers/llm_proposer.hpp"
#include "replay/environment/input_error.hpp"

namespace experiments {
namespace {

using Clock = std::chrono::steady_clock;

double seconds_since(Clock::time_point start) {
  return std::chrono::duration<double>(Clock::now() - start).count();
}

// What a generation added to the counters.
evo::Counters work_between(const evo::Counters& before, const evo::Counters& after) {
  return {after.births - before.births, after.evaluations - before.evaluations,
          after.episodes - before.episodes};
}

// Said when something was asked or came back since the last time.
void tell_spending(const evo::Experiment& experiment, const std::string& memory,
                   const llm_mutators::LostCalls& lost, std::string& told) {
  if (!asks_models(experiment)) return;
  std::string text = spending_line(experiment, memory, lost);
  if (text == told) return;
  tell_on_the_way("                 models: " + text + "\n");
  told = std::move(text);
}

// Nothing when it was given up. A model is not waited for when a signal came or the time is up; its replies
// so far are kept for the next time.
std::optional<evo::Step> step_unless_stopped(evo::Run& run, const replay::Evaluator& evaluator,
                                             const Until& until, const RunProgress& progress) {
  const auto deadline = deadline_of(until);
  const WaitingLimit limit(deadline);
  try {
    progress.show();
    const WorkWatch watch([&](double seconds) { return progress.parts(seconds); },
                          [&] { return evaluator.episodes_run() + episodes_elsewhere(); }, deadline,
                          stop_at_once);
    return run.step();
  } catch (const replay::Interrupted&) {
    return std::nullopt;
  } catch (const llm_mutators::Stopped&) {
    return std::nullopt;
  } catch (const evo::StorageError& error) {
    throw evo::StorageError(
        fmt::format("{}; nothing that was committed is lost: put that right and go on with: evotts resume {}",
                    error.what(), command_path(run.repository().path())));
  }
}

std::string with_reasons(std::string text, const llm_mutators::Memory& memory) {
  const std::string reasons = llm_mutators::reasons_text(memory);
  return reasons.empty() ? text : text + ": " + genome::base::one_line(reasons);
}

// Why a run has no child of a model; empty when it has one, or when none was meant to be.
std::string no_child(const llm_mutators::Memory& memory, const evo::Run& run,
                     const evo::Experiment& experiment) {
  if (memory.children() > 0) return {};
  if (memory.answered() > 0)
    return with_reasons(
        fmt::format("language models replied {} times in this run, and no reply brought a usable "
                    "child",
                    memory.answered()),
        memory);
  if (memory.asked() > 0) return with_reasons("no language model ever replied in this run", memory);
  if (!memory.pending.empty())
    return "this run ended before any reply of a language model; model.patience = 4 waits for replies that "
           "are "
           "4 generations old";
  if (questions_in(experiment, run.state().generation) == 0) return {};
  return "no language model was ever asked in this run (does model.budget allow it?)";
}

// A run that was to have its ideas from models and never had one has not done what was asked of it.
int verdict(const evo::Run& run, const evo::Experiment& experiment) {
  if (!asks_models(experiment) || !experiment.model_required || stop_requested()) return kGood;
  const std::string why = no_child(llm_mutators::Memory::read(run.state().memory), run, experiment);
  if (why.empty()) return kGood;
  report(
      fmt::format("{}; all of it is by genetic operators (model.required = false takes that for good)", why));
  return kWorkFailed;
}

// Said once: generations that no reply takes part in are quicker than the model, and do not wait for it.
void tell_of_outrunning(const evo::Run& run, const evo::Experiment& experiment, bool& told) {
  constexpr int kMany = 8;  // generations that a question has been under way for
  if (told || experiment.model_patience != evo::Experiment::kNeverWaits) return;
  const auto memory = llm_mutators::Memory::read(run.state().memory);
  if (memory.pending.empty()) return;
  const int age = run.state().generation - memory.pending.front().generation;
  if (age < kMany) return;
  told = true;
  tell_on_the_way(
      fmt::format("                 the run outruns its models: a question to {} has been under way for {} "
                  "generations, and "
                  "nothing waits for it; model.patience = 4 would\n",
                  genome::base::visible(memory.pending.front().model, 60), age));
}

// They are paid for, and are kept for the next time.
void tell_of_waiting(const evo::Run& run, const std::string& path) {
  const std::size_t waiting = llm_mutators::Memory::read(run.state().memory).pending.size();
  if (waiting == 0 || stop_requested()) return;
  tell_on_the_way(fmt::format(
      "{} question{} of models {} under way: replies are waited for, and take effect when the run "
      "goes on (evotts resume {}); Ctrl-C gives them up\n",
      waiting, waiting == 1 ? "" : "s", waiting == 1 ? "is" : "are", path));
}

// The validated living that is ahead of the champion by most, where there is one: by the champion's rules it
// is not ahead by enough.
const evo::Individual* challenger_in(const evo::State& state) {
  const evo::Individual& champion = state.best();
  const evo::Individual* ahead = nullptr;
  for (const evo::Island& island : state.islands) {
    for (const evo::Individual& each : island.population) {
      if (!island.contributes || !each.validated || each.id == champion.id) continue;
      if (*each.validated >
          (ahead != nullptr ? *ahead->validated : champion.validated.value_or(each.fitness)))
        ahead = &each;
    }
  }
  return ahead;
}

// What is said of a search that stands still, each time once.
class Standstill {
 public:
  explicit Standstill(const evo::State& state)
      : champion_(state.best().id), since_(std::max(0, state.best().birth.generation)) {}

  // Generations since another was champion, or since the champion's birth in an earlier call.
  int length(const evo::State& state) const { return state.generation - since_; }

  void tell(const evo::State& state, const evo::Experiment& experiment) {
    if (state.best().id != champion_) {
      champion_ = state.best().id;
      since_ = state.generation;
      told_ = kFirstTold;
    }
    tell_of_challenger(state, experiment);
    if (length(state) < told_) return;
    tell_on_the_way(fmt::format("                 no better champion for {} generations\n", length(state)));
    while (told_ <= length(state)) told_ *= 2;
  }

 private:
  static constexpr int kFirstTold = 25;

  void tell_of_challenger(const evo::State& state, const evo::Experiment& experiment) {
    if (experiment.champion_errors == 0) return;
    const evo::Individual* const challenger = challenger_in(state);
    if (challenger == nullptr || challenger->id == challenger_) return;
    challenger_ = challenger->id;
    tell_on_the_way(
        fmt::format("                 {} is ahead of the champion by {:.3f} of fitness, within the "
                    "margin\n",
                    genome::base::short_id(challenger_),
                    *challenger->validated - state.best().validated.value_or(state.best().fitness)));
  }

  std::string champion_, challenger_;
  int since_, told_ = kFirstTold;
};

// Of what is recommended: a known controller has one.
std::string name_of(const evo::State& state) {
  return state.recommended ? state.expected->against : genome::base::short_id(state.best().id);
}

// What else there is to say of the end of the work.
struct Ending {
  std::optional<int> stale;        // for so many generations
  std::optional<double> given_up;  // the generation under way, after so many seconds
  bool stepped = false;            // whether a generation was made
};

// Why the work ended, and how it goes on; nothing where all generations are there.
std::string ending_line(const evo::Run& run, const Until& until, const Ending& ending) {
  const int generation = run.state().generation;
  const std::string path = command_path(run.repository().path());
  if (stop_requested())
    return fmt::format("stopped after generation {}; go on with: evotts resume {}\n", generation, path);
  if (generation >= until.generations) return {};
  if (ending.stale)
    return fmt::format(
        "stale after generation {}: no better champion for {} generations; go on with: evotts resume {}\n",
        generation, *ending.stale, path);
  const std::string given_up = ending.given_up ? fmt::format(": generation {} was given up after {:.0f} s",
                                                             generation + 1, *ending.given_up)
                                               : "";
  // The same time again would end as this one did where nothing was made in it.
  const double times = ending.given_up && !ending.stepped ? 4 : 1;
  return fmt::format("time is up after generation {}{}; go on with: evotts resume {}{}\n", generation,
                     given_up, path,
                     until.minutes ? fmt::format(" --minutes {}", times * *until.minutes) : "");
}

}  // namespace

void find_model(evo::Experiment& experiment, const std::filesystem::path& run) {
  find_programs(experiment, remembered_folder(run));
}

int go_on(evo::Run& run, const evo::Experiment& experiment, const replay::Evaluator& evaluator,
          const Until& until, const std::function<bool(const evo::Run&)>& good) {
  const std::string path = command_path(run.repository().path());
  std::string told;
  // Looked up before this process asks anything: from then on there are calls under way.
  const llm_mutators::LostCalls lost = lost_calls(run.repository());
  bool told_of_outrunning = !asks_models(experiment);
  Standstill standstill(run.state());
  Ending ending;
  RunProgress progress(until, run);
  const auto is_stale = [&] { return until.stale && standstill.length(run.state()) >= *until.stale; };
  while (run.state().generation < until.generations && !stop_requested() && !is_stale()) {
    if (until.minutes && seconds_since(until.start) >= 60 * *until.minutes) break;
    const Clock::time_point begun = Clock::now();
    const evo::Counters before = run.state().counters;
    const std::optional<evo::Step> made = step_unless_stopped(run, evaluator, until, progress);
    const double seconds = seconds_since(begun);
    if (!made) {
      ending.given_up = seconds;
      break;
    }
    ending.stepped = true;
    const evo::Step& step = *made;
    const evo::Counters work = work_between(before, step.state.counters);
    add_to_log(run.repository().path(), {.generation = step.state.generation,
                                         .seconds = seconds,
                                         .scored = work.evaluations,
                                         .episodes = work.episodes});
    progress.tell(step, seconds, work);
    standstill.tell(step.state, experiment);
    tell_spending(experiment, step.state.memory, lost, told);
    tell_of_outrunning(run, experiment, told_of_outrunning);
    if (good && !good(run)) return kWorkFailed;
  }
  const evo::Individual& best = run.state().recommendation();
  if (is_stale()) ending.stale = standstill.length(run.state());
  tell_on_the_way(ending_line(run, until, ending));
  tell_on_the_way(expected_line(run.state()));
  tell_on_the_way(uncounted_line(run.state(), evaluator.environments(), experiment.edition));
  tell_on_the_way(verdict_line(run.state()));
  tell_on_the_way(limits_lines(run.state(), experiment));
  if (run.state().limited)
    tell_on_the_way(fmt::format("for the limits: {}\n", command_path(run.repository().path(), ":limits")));
  tell_on_the_way(fmt::format("best {} of {} nodes{}, score {:.3f}: {} (see also: evotts status {})\n",
                              name_of(run.state()), best.size,
                              best.birth.island > 0 ? fmt::format(" from island {}", best.birth.island) : "",
                              best.score, command_path(run.repository().path(), ":best"), path));
  if (asks_models(experiment))
    tell_on_the_way("models: " + spending_line(experiment, run.state().memory, lost) + "\n");
  if (ending.stepped && !good) tell_of_waiting(run, path);
  finish_telling();
  return verdict(run, experiment);
}

}  // namespace experiments
