#include "evo/expectation/seen_gain.hpp"

#include <span>
#include <vector>

#include "evo/expectation/interval.hpp"
#include "evo/scoring/question_scorer.hpp"

namespace evo {

Experiment judging_under(const Experiment& experiment) {
  Experiment judging = experiment;
  judging.champion_errors = 1;  // single questions are asked for
  judging.lower_bound_errors = 0;
  judging.baseline_regret = 0;
  judging.limits = {};
  return judging;
}

ExpectedGain seen_gain(const genome::CheckedController& controller, const genome::CheckedController& known,
                       const Experiment& experiment, const replay::Evaluator& evaluator) {
  Experiment judging = judging_under(experiment);
  judging.orderings = static_cast<int>(evaluator.options().orderings);
  judging.validation_orderings = 0;
  QuestionScorer scorer(judging, evaluator, replay::all_questions(evaluator.environments()));
  const genome::CheckedController* const both[] = {&controller, &known};
  Work uncounted;
  const auto compiled = scorer.runner().compiled(both);
  const auto slices = scorer.runner().run(all_of(compiled), {0, judging.orderings}, std::nullopt, uncounted);
  std::vector<std::vector<double>> shares;
  for (const Slice& each : slices)
    shares.push_back(scorer.keeper().shares_of(each.sums, each.right, judging.betas, judging.orderings));
  return mean_difference(shares[0], shares[1]);
}

}  // namespace evo
