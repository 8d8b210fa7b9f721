#include "evo/scoring/score_keeper.hpp"

namespace evo {

ScoreKeeper::ScoreKeeper(const Experiment& experiment, const std::vector<replay::Environment>& environments,
                         const replay::QuestionSet& questions)
    : experiment_(&experiment), environments_(questions.size()), shares_(environments, questions) {}

void ScoreKeeper::add(Individual& individual, Seen& seen, const Slice& slice, int orderings,
                      const Baseline& baseline) const {
  individual.sums.resize(slice.sums.size());
  for (std::size_t i = 0; i < slice.sums.size(); ++i) individual.sums[i] += slice.sums[i];
  individual.orderings += orderings;
  seen.right.resize(slice.right.size());
  for (std::size_t i = 0; i < slice.right.size(); ++i) seen.right[i] += slice.right[i];
  seen.orderings += orderings;
  if (experiment_->lower_bound_errors > 0 && !seen.right.empty()) {
    const auto own = shares_of(individual.sums, seen.right, experiment_->betas, seen.orderings);
    individual.standard_error = standard_error(own, baseline.shares);
  }
  judge(individual, *experiment_, baseline);
  individual.level.push_back(individual.fitness);
}

std::vector<double> ScoreKeeper::shares_of(std::span<const Sums> sums, std::span<const std::int32_t> right,
                                           std::span<const double> betas, int orderings) const {
  const auto weights =
      area_weights(mean_curve(sums, betas, environments_, experiment_->means), budgets_of(*experiment_));
  return shares_.shares(weights, right, orderings);
}

}  // namespace evo
