#include "evo/scoring/question_scorer.hpp"

#include "evo/scoring/baselines.hpp"

namespace evo {

QuestionScorer::QuestionScorer(const Experiment& experiment, const replay::Evaluator& evaluator,
                               const replay::QuestionSet& questions)
    : runner_(experiment, evaluator, questions),
      keeper_(experiment, evaluator.environments(), questions),
      baseline_(measured_baseline(runner_, keeper_, {0, experiment.orderings})) {}

std::vector<double> QuestionScorer::fitness_on(std::span<const genome::CheckedController> controllers,
                                               OrderingSlice orderings, Work& work) {
  return fitness_on(controllers, std::vector(controllers.size(), orderings), work);
}

std::vector<double> QuestionScorer::fitness_on(std::span<const genome::CheckedController> controllers,
                                               std::span<const OrderingSlice> orderings, Work& work) {
  std::vector<const genome::CheckedController*> all;
  for (const genome::CheckedController& each : controllers) all.push_back(&each);
  work.controllers += controllers.size();
  const auto compiled = runner_.compiled(all);
  const auto slices = runner_.run(all_of(compiled), orderings, work);
  std::vector<double> fitness;
  for (std::size_t i = 0; i < controllers.size(); ++i) {
    Individual each{.controller = controllers[i], .size = genome::size_of(controllers[i].tree())};
    Seen seen;
    keeper_.add(each, seen, slices[i], orderings[i].count, baseline_);
    fitness.push_back(each.fitness);
  }
  return fitness;
}

}  // namespace evo
