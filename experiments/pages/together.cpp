#include "experiments/pages/together.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <optional>

#include "evo/base/error.hpp"
#include "evo/record/run_files.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/pages/episode_data.hpp"
#include "experiments/sources/experiment_changes.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "experiments/tables/budget_table.hpp"
#include "experiments/tables/history.hpp"
#include "genome/base/text.hpp"
#include "genome/program/compiler.hpp"

namespace experiments {
namespace {

// The newest generation of each run, in numbers.
Table standings(const std::vector<RunToShow>& runs) {
  Table table({"run", "experiment", "seed", "generation", "best", "hypervolume", "best_id"});
  for (const RunToShow& run : runs) {
    const evo::Experiment experiment = experiment_in(run.at);
    const std::vector<HistoryEntry> entries = history_of(run.at);
    const auto newest = std::find_if(entries.rbegin(), entries.rend(),
                                     [](const HistoryEntry& entry) { return entry.generation.has_value(); });
    if (newest == entries.rend()) continue;
    table.add_row({run.name, genome::base::visible(experiment.name),
                   static_cast<std::int64_t>(experiment.seed), number_cell(newest->generation, 0),
                   number_cell(newest->best, 3), number_cell(newest->value(evo::Trailer::kHypervolume), 3),
                   newest->best_id()});
  }
  return table;
}

bool differ_in_seeds_alone(const std::vector<RunToShow>& runs) {
  const evo::Experiment first = experiment_in(runs.front().at);
  return std::ranges::all_of(runs, [&](const RunToShow& run) {
    return std::ranges::all_of(changed_keys(first, experiment_in(run.at)), [](const evo::ChangedKey& change) {
      return change.key == "seed" || change.key == "name" || change.key == "generations";
    });
  });
}

Table spread(const std::vector<RunToShow>& runs) {
  std::map<std::int64_t, std::vector<double>> scores;
  for (const RunToShow& run : runs) {
    std::map<std::int64_t, double> own;  // of two commits of one generation the newer counts
    for (const HistoryEntry& entry : history_of(run.at)) {
      if (entry.generation && entry.best) own[static_cast<std::int64_t>(*entry.generation)] = *entry.best;
    }
    for (const auto& [generation, score] : own) scores[generation].push_back(score);
  }
  Table table({"generation", "low", "median", "high"});
  for (auto& [generation, all] : scores) {
    if (all.size() != runs.size()) continue;
    std::ranges::sort(all);
    const std::size_t middle = all.size() / 2;
    const double median = all.size() % 2 == 1 ? all[middle] : (all[middle - 1] + all[middle]) / 2;
    table.add_row({generation, Decimal{all.front(), 3}, Decimal{median, 3}, Decimal{all.back(), 3}});
  }
  return table;
}

void expect_same_search(const std::vector<RunToShow>& runs) {
  const auto first = evo::state_in(runs.front().at.repository, runs.front().at.revision).environments;
  for (const RunToShow& run : runs) {
    if (evo::state_in(run.at.repository, run.at.revision).environments == first) continue;
    throw evo::RunError(fmt::format("{} was searched on other environments than {}",
                                    genome::base::visible(run.name),
                                    genome::base::visible(runs.front().name)));
  }
}

}  // namespace

PageJson together_data(const std::vector<RunToShow>& runs) {
  PageJson data = {{"problems", PageJson::array()}};
  add_part(data, "table", [&] { return table_json(standings(runs)); });
  add_part(data, "spread", [&]() -> PageJson {
    if (!differ_in_seeds_alone(runs)) return nullptr;
    return {{"table", table_json(spread(runs))},
            {"note", fmt::format("{} runs of one experiment, whose seeds differ: scores of their champions.",
                                 runs.size())}};
  });
  return data;
}

PageJson paired_data(const std::vector<RunToShow>& runs) {
  expect_same_search(runs);
  const RunAt& first = runs.front().at;
  evo::Experiment experiment = experiment_in(first);
  find_environments(experiment, first.repository.path());
  experiment.validation_orderings = 0;
  experiment.reweightings.clear();
  const replay::Evaluator evaluator = make_evaluator(experiment);
  std::vector<NamedController> controllers;
  std::vector<genome::Program> programs;
  for (const RunToShow& run : runs) {
    const evo::State state = evo::state_in(run.at.repository, run.at.revision);
    controllers.push_back({run.name, state.recommendation().controller, ""});
    programs.push_back(genome::compile(controllers.back().controller));
  }
  std::vector<replay::Cell> cells;
  {
    ProgressLine progress("scoring the best of each run");
    cells = evaluator.evaluate(programs, experiment.betas, progress.callback());
  }
  const evo::Charge& charge = experiment.charge;
  const replay::BudgetCurves curves(evaluator.environments(), cells, experiment.betas.size(),
                                    {charge.tokens, charge.latency_tokens});
  return {
      {"table", table_json(budget_table(controllers, 0, curves,
                                        round_budgets(experiment.budget_low, experiment.budget_high), {},
                                        evo::unit_of(charge)))},
      {"note", fmt::format("The best controllers of the runs on the same episodes: accuracy at equal mean "
                           "{}, and differences to {}, with 95% intervals over questions.",
                           evo::unit_of(charge), genome::base::visible(runs.front().name))}};
}

}  // namespace experiments
