#include "experiments/commands/running/run_experiment.hpp"

#include <algorithm>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <limits>
#include <vector>

#include "experiments/commands/running/early_end.hpp"
#include "experiments/commands/running/stored_experiment.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/work_watch.hpp"
#include "experiments/ranks/ranks.hpp"
#include "experiments/session/model_session.hpp"
#include "experiments/session/run_session.hpp"
#include "experiments/session/signals.hpp"
#include "experiments/session/trust.hpp"
#include "experiments/sources/data_budgets.hpp"
#include "experiments/sources/given_founders.hpp"
#include "experiments/terminal/live_line.hpp"
#include "replay/parallel/interruption.hpp"

namespace experiments {

namespace {

void fill_open(evo::Experiment& experiment, const KnownBudgets& known) {
  if (experiment.budget_low == evo::Experiment::kFromData) experiment.budget_low = known.low;
  if (experiment.budget_high == evo::Experiment::kFromData) experiment.budget_high = known.high;
}

}  // namespace

evo::Experiment experiment_to_run(const RunArguments& arguments, EnvironmentFiles environments) {
  Trust trust(arguments.trust);
  const Approval approval = [&](const Expansions& expansions, const evo::Experiment* experiment) {
    if (arguments.estimate) return;
    std::vector<Request> requests = requests_of(expansions);
    if (experiment != nullptr && arguments.replayed.empty()) {
      const auto more = requests_of(*experiment, std::filesystem::current_path(), expansions);
      requests.insert(requests.end(), more.begin(), more.end());
    }
    trust.confirm(arguments.experiment, requests);
  };
  evo::Experiment experiment = read_experiment(arguments.experiment, arguments.settings, report,
                                               process_variable, approval, environments);
  freeze_given_founders(experiment);
  if (arguments.budgets) fill_open(experiment, *arguments.budgets);
  if (arguments.edition) experiment.edition = std::min(experiment.edition, *arguments.edition);
  return experiment;
}

evo::Experiment as_begun(const RunArguments& arguments) {
  evo::Experiment experiment = experiment_to_run(arguments);
  const auto stored = experiment_of(arguments.run);
  if (!stored) return experiment;
  if (!experiment.whole_samples) experiment.whole_samples = stored->whole_samples;
  if (!stored->expected_lead) experiment.expected_lead = false;
  experiment.edition = std::min(experiment.edition, stored->edition);
  return experiment;
}

void take_budgets_from_data(evo::Experiment& experiment, const Until& until) {
  if (!has_open_budgets(experiment)) return;
  const auto words = [](double seconds) -> std::vector<LinePart> {
    return {{fmt::format("budgets from the recordings  {:.0f} s", seconds), 0}};
  };
  const WorkWatch watch(
      words, [] { return std::uint64_t{0}; }, deadline_of(until), stop_at_once);
  try {
    resolve_budgets(experiment);
  } catch (const replay::Interrupted&) {
    end_without("the budgets are known", "objective.budget_low and objective.budget_high");
  }
  tell_on_the_way(fmt::format("budgets: {}, from the recordings\n", budgets_text(experiment)));
}

void settle_for_many(RunArguments& arguments) {
  const auto begun = begun_in(arguments.run);
  if (begun) arguments.edition = begun->edition;
  evo::Experiment experiment =
      experiment_to_run(arguments, begun ? EnvironmentFiles::kAsNamed : EnvironmentFiles::kThere);
  if (begun && begun->edition < evo::Experiment::kEdition)
    tell_on_the_way(fmt::format("population.edition: {}, as the seeds here began; another folder takes {}\n",
                                begun->edition, evo::Experiment::kEdition));
  if (!has_open_budgets(experiment)) return;
  if (begun) {
    arguments.budgets = {begun->budget_low, begun->budget_high};
    return;
  }
  const ThreadLimit threads(threads_of_rank(arguments.threads));
  take_budgets_from_data(experiment, until_of(arguments, experiment));
  arguments.budgets = {experiment.budget_low, experiment.budget_high};
}

std::string estimate_of(evo::Experiment experiment) {
  constexpr double kLongest = 1e15;  // in words: a prompt is no longer with the budgets of the recordings
  fill_open(experiment, {.low = kLongest, .high = kLongest});
  return estimate_text(experiment);
}

std::string founders_line(const evo::Experiment& experiment) {
  const std::string tried =
      fmt::format("founders: {} random candidates are tried, the best tuned", experiment.founder_candidates);
  if (experiment.founder_stages == 0) return tried + "\n";
  return fmt::format("{}, in the first {} generations\n", tried, experiment.founder_stages);
}

std::string unmet_budgets(const evo::Experiment& experiment, const evo::State& founders) {
  double least = std::numeric_limits<double>::infinity(), most = 0;
  for (const evo::Island& island : founders.islands) {
    for (const evo::Individual& founder : island.population) {
      double low = std::numeric_limits<double>::infinity(), high = 0;
      for (const evo::CurvePoint& point : founder.curve) {
        const double charged = experiment.charge.of(point);
        if (charged > 0) low = std::min(low, charged);  // what spends nothing is no part of a curve
        high = std::max(high, charged);
      }
      if (low <= experiment.budget_high && high >= experiment.budget_low) return {};
      least = std::min(least, low);
      most = std::max(most, high);
    }
  }
  if (least > most) return {};
  const bool below = most < experiment.budget_low;
  const bool above = least > experiment.budget_high;
  const auto shown = [](double charged) {  // prices are small numbers
    constexpr double kWhole = 100;
    return charged < kWhole ? fmt::format("{:.3g}", charged) : fmt::format("{:.0f}", charged);
  };
  return fmt::format(
      "warning: no founder spends from {} an episode; they spend from {} to {}: see {}, or "
      "leave both budgets out and they follow from the recordings",
      budgets_text(experiment), shown(least), shown(most),
      below   ? "objective.budget_low"
      : above ? "objective.budget_high"
              : "objective.budget_low and budget_high");
}

// A run that is repeated is that of its program, and its budgets are known.
void take_from_replayed(evo::Experiment& experiment, const evo::Experiment& stored) {
  if (stored.foresight) experiment.foresight = true;
  if (!stored.expected_gain) experiment.expected_gain = false;
  if (!stored.expected_lead) experiment.expected_lead = false;
  if (stored.founder_stages == 0) experiment.founder_stages = 0;
  experiment.edition = stored.edition;
  if (!experiment.whole_samples) experiment.whole_samples = stored.whole_samples;
  experiment.model_prompt_version = stored.model_prompt_version;
  fill_open(experiment, {.low = stored.budget_low, .high = stored.budget_high});
}

}  // namespace experiments
