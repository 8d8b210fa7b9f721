#include "experiments/pages/episode_data.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <set>
#include <span>
#include <string>
#include <utility>

#include "evo/expectation/known.hpp"
#include "evo/record/lineage.hpp"
#include "evo/record/run_files.hpp"
#include "experiments/console/progress_line.hpp"
#include "experiments/pages/question_data.hpp"
#include "experiments/reports/blame.hpp"
#include "experiments/reports/evaluation_report.hpp"
#include "experiments/reports/lineage_report.hpp"
#include "experiments/reports/step_gains.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "experiments/tables/budget_table.hpp"
#include "experiments/tables/diagnosis_report.hpp"
#include "genome/program/compiler.hpp"

namespace experiments {
namespace {

// The run as it is scored for its page: recorded environments alone, on the first orderings of the search.
struct Scored {
  evo::State state;
  evo::Experiment experiment;
  std::vector<NamedController> controllers;  // best, champion where it is another, known ones
  std::size_t own = 1;                       // of these are the run's
  std::size_t variants = 1;                  // that the search has of each recorded environment
};

Scored scored_in(const RunAt& at, const EpisodeRequest& request) {
  Scored scored{.state = evo::state_in(at.repository, at.revision), .experiment = experiment_in(at)};
  evo::Experiment& experiment = scored.experiment;
  find_environments(experiment, at.repository.path());
  experiment.validation_orderings = 0;
  scored.variants = 1 + experiment.reweightings.size();
  experiment.reweightings.clear();
  if (request.orderings) experiment.orderings = static_cast<int>(*request.orderings);
  return scored;
}

void add_controllers(Scored& scored, std::span<const replay::Environment> environments) {
  scored.controllers.push_back({"best", scored.state.recommendation().controller, ""});
  if (scored.state.recommended) {
    scored.controllers.push_back({"champion", scored.state.best().controller, ""});
    scored.own = 2;
  }
  for (const evo::Known& known : evo::known_on(environments, scored.experiment.edition)) {
    if (known.id != scored.state.recommendation().id)
      scored.controllers.push_back({known.name, known.controller, ""});
  }
  // Differences are to the first known one, whose episodes are drawn beside the run's own.
  const bool beaten = scored.state.expected && !scored.state.recommended;
  const std::string first = beaten ? scored.state.expected->against : "asc";
  const auto known = scored.controllers.begin() + static_cast<std::ptrdiff_t>(scored.own);
  std::stable_partition(known, scored.controllers.end(),
                        [&](const NamedController& each) { return each.label == first; });
}

PageJson blame_json(const RunAt& at, const evo::Lineage& lineage, const std::string& id, PageJson& gains_of) {
  const evo::Born* born = lineage.get(id);
  if (born == nullptr) return nullptr;
  const std::vector<BlamedLine> lines = blame(lineage, *born);
  std::vector<const evo::Born*> steps = lineage.main_line(*born);
  std::set<const evo::Born*> there(steps.begin(), steps.end());
  for (const BlamedLine& line : lines) {
    if (line.by != nullptr && there.insert(line.by).second) steps.push_back(line.by);
  }
  const StepGains gains(at, lineage, steps);
  const LineageIdeas ideas(at);
  const LineageReport report(lineage, &gains, ideas);
  for (const evo::Born* step : steps) {
    if (gains.of(*step) != nullptr)
      gains_of[step->id] = {{"accuracy", report.accuracy_gain(*step)}, {"tokens", report.tokens_gain(*step)}};
  }
  PageJson data = {{"id", id}, {"lines", PageJson::array()}};
  for (const BlamedLine& line : lines) {
    PageJson one = {{"text", line.text}};
    if (line.by != nullptr && !line.text.empty()) {
      one["generation"] = line.by->birth.generation;
      one["id"] = line.by->id;
      one["operator"] = line.by->birth.operation;
      one["accuracy"] = report.accuracy_gain(*line.by);
      one["tokens"] = report.tokens_gain(*line.by);
    }
    data["lines"].push_back(std::move(one));
  }
  return data;
}

PageJson diagnoses_json(const Scored& scored, const replay::Evaluator& evaluator) {
  PageJson all = PageJson::array();
  for (const NamedController& named : scored.controllers) {
    ProgressLine progress(fmt::format("diagnosing {}", named.label));
    const Diagnoses found{
        evaluator.environments(), scored.experiment.betas,
        replay::diagnose(evaluator.environments(), genome::compile(named.controller), scored.experiment.betas,
                         evaluator.options(), progress.callback())};
    all.push_back({{"controller", named.label}, {"table", table_json(mean_diagnoses(found))}});
  }
  return all;
}

PageJson outcomes_json() {
  PageJson outcomes = PageJson::array();
  for (const replay::Outcome outcome : replay::kAllOutcomes)
    outcomes.push_back({replay::name_of(outcome), replay::meaning_of(outcome)});
  return outcomes;
}

}  // namespace

PageJson episode_data(const RunAt& at, const EpisodeRequest& request) {
  Scored scored = scored_in(at, request);
  const replay::Evaluator evaluator = make_evaluator(scored.experiment);
  expect_same_environments(at, evaluator, scored.variants);
  add_controllers(scored, evaluator.environments());
  std::vector<genome::Program> programs;
  for (const NamedController& named : scored.controllers)
    programs.push_back(genome::compile(named.controller));
  Evaluation scores{scored.controllers, scored.experiment.betas, evaluator, {}, {}};
  {
    ProgressLine progress("scoring the best and known controllers");
    scores.cells = evaluator.evaluate(programs, scored.experiment.betas, progress.callback());
  }
  const evo::Charge& charge = scored.experiment.charge;
  const replay::BudgetCurves curves(evaluator.environments(), scores.cells, scored.experiment.betas.size(),
                                    {charge.tokens, charge.latency_tokens});
  const std::size_t against = scored.controllers.size() > scored.own ? scored.own : 0;
  PageJson data = {{"orderings", scored.experiment.orderings}};
  data["means"] = table_json(evaluation_means(scores));
  data["means_note"] =
      fmt::format("Means over {} environments on {} orderings, with 95% bootstrap intervals over questions.",
                  evaluator.environments().size(), scored.experiment.orderings);
  data["environments"] = table_json(evaluation_rows(scores));
  data["at_budgets"] = table_json(budget_table(
      scored.controllers, against, curves,
      round_budgets(scored.experiment.budget_low, scored.experiment.budget_high), {}, evo::unit_of(charge)));
  data["diagnoses"] = diagnoses_json(scored, evaluator);
  data["diagnoses_note"] = fmt::format(
      "Each episode falls into one of these, the first that holds. Means over {} environments on {} "
      "orderings, as evotts diagnose tells them.",
      evaluator.environments().size(), scored.experiment.orderings);
  data["outcomes"] = outcomes_json();
  data["gains"] = PageJson::object();
  std::vector<std::string> damaged;  // told of with the lineage
  const evo::Lineage lineage(at.repository, at.revision,
                             evo::births_up_to(at.repository, at.revision, &damaged));
  add_part(data, "blame", [&] { return blame_json(at, lineage, scored.state.best().id, data["gains"]); });
  data["questions"] = question_data(scores, {.own = scored.own});
  return data;
}

}  // namespace experiments
