#include "experiments/pages/together.hpp"

#include <algorithm>
#include <cstdint>
#include <fmt/format.h>
#include <map>
#include <optional>
#include <set>
#include <string>
#include <utility>

#include "evo/base/charge.hpp"
#include "evo/base/error.hpp"
#include "evo/expectation/known.hpp"
#include "evo/record/run_files.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/reports/step_gains.hpp"
#include "experiments/sources/experiment_changes.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "experiments/tables/budget_table.hpp"
#include "experiments/tables/history.hpp"
#include "genome/base/text.hpp"
#include "genome/program/compiler.hpp"
#include "replay/evaluation/budget_curve.hpp"

namespace experiments {
namespace {

// The newest generation of each run, in numbers.
Table standings(const RunsToShow& runs) {
  Table table({"run", "experiment", "seed", "generation", "champion", "hypervolume", "champion_id"});
  for (const RunToShow* run : runs) {
    const evo::Experiment experiment = experiment_in(run->at);
    const ReadableHistory history = readable_history_of(run->at);
    const auto newest = std::find_if(history.entries.rbegin(), history.entries.rend(),
                                     [](const HistoryEntry& entry) { return entry.generation.has_value(); });
    if (newest == history.entries.rend()) continue;
    table.add_row({run->name, genome::base::visible(experiment.name),
                   static_cast<std::int64_t>(experiment.seed), number_cell(newest->generation, 0),
                   number_cell(newest->best, 3), number_cell(newest->value(evo::Trailer::kHypervolume), 3),
                   newest->best_id()});
  }
  return table;
}

bool differ_in_seeds_alone(const RunsToShow& runs) {
  const evo::Experiment first = experiment_in(runs.front()->at);
  return std::ranges::all_of(runs, [&](const RunToShow* run) {
    return std::ranges::all_of(
        changed_keys(first, experiment_in(run->at)), [](const evo::ChangedKey& change) {
          return change.key == "seed" || change.key == "name" || change.key == "generations";
        });
  });
}

std::set<std::string> commits_of(const RunToShow& run) {
  std::set<std::string> ids;
  for (const HistoryEntry& entry : readable_history_of(run.at).entries) ids.insert(entry.commit.id);
  return ids;
}

// Runs of one experiment that were searched apart, and a sentence on each that was not: a fork has the
// generations before it in common, and the same seed makes the same run again. Of such runs the first named
// counts.
struct OwnSeeds {
  RunsToShow runs;
  std::string left_out;
};

OwnSeeds own_seeds(const RunsToShow& runs) {
  OwnSeeds own;
  std::map<std::string, const RunToShow*> commits;
  std::map<std::uint64_t, const RunToShow*> seeds;
  for (const RunToShow* run : runs) {
    const std::set<std::string> ids = commits_of(*run);
    const auto common =
        std::ranges::find_if(ids, [&](const std::string& id) { return commits.contains(id); });
    const auto seed = seeds.find(experiment_in(run->at).seed);
    if (common == ids.end() && seed == seeds.end()) {
      own.runs.push_back(run);
      seeds.emplace(experiment_in(run->at).seed, run);
      for (const std::string& id : ids) commits[id] = run;
      continue;
    }
    const bool shared = common != ids.end();
    own.left_out += fmt::format(" {} is left out, as {} {}.", genome::base::visible(run->name),
                                shared ? "it has its beginning in common with" : "its seed is that of",
                                genome::base::visible((shared ? commits[*common] : seed->second)->name));
  }
  return own;
}

double median_of(const std::vector<double>& sorted) {
  const std::size_t middle = sorted.size() / 2;
  return sorted.size() % 2 == 1 ? sorted[middle] : (sorted[middle - 1] + sorted[middle]) / 2;
}

Table spread(const RunsToShow& runs) {
  std::map<std::int64_t, std::vector<double>> scores;
  for (const RunToShow* run : runs) {
    const ReadableHistory history = readable_history_of(run->at);
    std::map<std::int64_t, double> own;  // of two commits of one generation the newer counts
    for (const HistoryEntry& entry : history.entries) {
      if (entry.generation && entry.best) own[static_cast<std::int64_t>(*entry.generation)] = *entry.best;
    }
    for (const auto& [generation, score] : own) scores[generation].push_back(score);
  }
  Table table({"generation", "low", "median", "high"});
  for (auto& [generation, all] : scores) {
    if (all.size() != runs.size()) continue;
    std::ranges::sort(all);
    table.add_row({generation, Decimal{all.front(), 3}, Decimal{median_of(all), 3}, Decimal{all.back(), 3}});
  }
  return table;
}

void expect_same_search(const RunsToShow& runs) {
  const auto first = evo::state_in(runs.front()->at.repository, runs.front()->at.revision).environments;
  for (const RunToShow* run : runs) {
    if (evo::state_in(run->at.repository, run->at.revision).environments == first) continue;
    throw evo::RunError(fmt::format("{} was searched on other environments than {}",
                                    genome::base::visible(run->name),
                                    genome::base::visible(runs.front()->name)));
  }
}

// The best of each run, and behind them the known controllers, on the same episodes.
struct Scored {
  std::vector<NamedController> controllers;
  std::size_t runs = 0;
  std::vector<double> budgets;
  replay::BudgetCurves curves;
  std::string unit;  // of the budgets
};

Scored scored(const RunsToShow& runs, const EpisodeRequest& request) {
  const RunAt& first = runs.front()->at;
  evo::Experiment experiment = experiment_in(first);
  find_environments(experiment, first.repository.path());
  experiment.validation_orderings = 0;
  const std::size_t variants = 1 + experiment.reweightings.size();
  experiment.reweightings.clear();
  if (request.orderings) experiment.orderings = static_cast<int>(*request.orderings);
  const replay::Evaluator evaluator = make_evaluator(experiment);
  expect_same_environments(first, evaluator, variants);
  std::vector<NamedController> controllers;
  for (const RunToShow* run : runs) {
    const evo::State state = evo::state_in(run->at.repository, run->at.revision);
    controllers.push_back({run->name, state.recommendation().controller, ""});
  }
  for (const evo::Known& known : evo::known_on(evaluator.environments(), experiment.edition))
    controllers.push_back({known.name, known.controller, ""});
  std::vector<genome::Program> programs;
  for (const NamedController& each : controllers) programs.push_back(genome::compile(each.controller));
  ProgressLine progress("scoring the best of each run and known controllers");
  const auto cells = evaluator.evaluate(programs, experiment.betas, progress.callback());
  return {.controllers = std::move(controllers),
          .runs = runs.size(),
          .budgets = round_budgets(experiment.budget_low, experiment.budget_high),
          .curves = {evaluator.environments(),
                     cells,
                     experiment.betas.size(),
                     {experiment.charge.tokens, experiment.charge.latency_tokens}},
          .unit = evo::unit_of(experiment.charge)};
}

// Of each run to each known controller; where either curve does not reach, nothing is said.
struct ToKnown {
  Table differences;
  Table spread;  // over the runs
};

ToKnown to_known(const Scored& of) {
  ToKnown to{.differences = Table(
                 {"against", "run", of.unit, "accuracy", "difference", "difference_low", "difference_high"}),
             .spread = Table({"against", of.unit, "low", "median", "high"})};
  for (std::size_t known = of.runs; known < of.controllers.size(); ++known) {
    for (const double budget : of.budgets) {
      const auto other = of.curves.accuracy(known, budget);
      std::vector<double> all;
      for (std::size_t run = 0; run < of.runs; ++run) {
        const auto own = of.curves.accuracy(run, budget);
        if (!own || !other) continue;
        const auto interval = of.curves.difference_interval(run, known, budget, {});
        to.differences.add_row({of.controllers[known].label, of.controllers[run].label, budget_cell(budget),
                                Decimal{*own}, Decimal{*own - *other}, Decimal{interval.low},
                                Decimal{interval.high}});
        all.push_back(*own - *other);
      }
      if (all.size() != of.runs) continue;
      std::ranges::sort(all);
      to.spread.add_row({of.controllers[known].label, budget_cell(budget), Decimal{all.front()},
                         Decimal{median_of(all)}, Decimal{all.back()}});
    }
  }
  return to;
}

}  // namespace

PageJson together_data(const RunsToShow& runs) {
  PageJson data = {{"problems", PageJson::array()}};
  add_part(data, "table", [&] { return table_json(standings(runs)); });
  add_part(data, "spread", [&]() -> PageJson {
    if (!differ_in_seeds_alone(runs)) return nullptr;
    const OwnSeeds own = own_seeds(runs);
    if (own.runs.size() < 2) return nullptr;
    return {
        {"table", table_json(spread(own.runs))},
        {"note", fmt::format("{} runs of one experiment, whose seeds differ: scores of their champions.{}",
                             own.runs.size(), own.left_out)}};
  });
  return data;
}

PageJson paired_data(const RunsToShow& runs, const EpisodeRequest& request) {
  expect_same_search(runs);
  const Scored of = scored(runs, request);
  const std::vector<NamedController> own(of.controllers.begin(),
                                         of.controllers.begin() + static_cast<std::ptrdiff_t>(of.runs));
  const ToKnown to = to_known(of);
  const bool seeds = differ_in_seeds_alone(runs) && own_seeds(runs).left_out.empty();
  return {
      {"table", table_json(budget_table(own, 0, of.curves, of.budgets, {}, of.unit))},
      {"note", fmt::format("The best controllers of the runs on the same episodes: accuracy at equal mean "
                           "{}, and differences to {}, with 95% intervals over questions.",
                           of.unit, genome::base::visible(runs.front()->name))},
      {"unit", of.unit},
      {"known", table_json(to.differences)},
      {"known_spread", table_json(to.spread)},
      {"known_note", fmt::format("Differences of the best of each run to a known controller on the same "
                                 "episodes, at equal mean {}, with 95% intervals over questions. Median, "
                                 "lowest and highest are over the {}.",
                                 of.unit, seeds ? "seeds" : "runs")}};
}

}  // namespace experiments
