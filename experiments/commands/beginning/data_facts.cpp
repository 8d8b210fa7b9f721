#include "experiments/commands/beginning/data_facts.hpp"

#include <algorithm>

#include "experiments/sources/data_budgets.hpp"
#include "experiments/sources/experiment_environments.hpp"
#include "replay/environment/distinct_questions.hpp"
#include "replay/evaluation/common_signals.hpp"

namespace experiments {
namespace {

bool has_looks(const std::vector<replay::Environment>& environments) {
  for (const replay::Environment& environment : environments) {
    for (const replay::Question& question : environment.questions) {
      const auto looked = [](const replay::Branch& branch) { return branch.probes > 0; };
      if (std::ranges::any_of(question.branches, looked)) return true;
    }
  }
  return false;
}

}  // namespace

DataFacts facts_of(const std::vector<replay::Environment>& environments) {
  const evo::Experiment drafted;  // as far as the draft says nothing else
  const DataBudgets budgets = budgets_on(environments, drafted.charge, options_of(drafted));
  DataFacts facts{.environments = environments.size(),
                  .questions = replay::DistinctQuestions(environments).count(),
                  .signals = {},
                  .budget_low = budgets.low,
                  .budget_high = budgets.high,
                  .least_accuracy = budgets.least_accuracy,
                  .most_accuracy = budgets.most_accuracy,
                  .looks = has_looks(environments)};
  for (const genome::RecordedSignal& signal : replay::common_signals(environments))
    facts.signals.emplace_back(signal.name);
  return facts;
}

}  // namespace experiments
