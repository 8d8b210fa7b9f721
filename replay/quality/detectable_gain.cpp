#include "replay/quality/detectable_gain.hpp"

#include <algorithm>
#include <cmath>
#include <cstddef>

namespace replay {

std::vector<double> accuracies_of(std::span<const Environment> environments,
                                  const DistinctQuestions& distinct) {
  std::vector<double> sums(distinct.count(), 0.0), times(distinct.count(), 0.0);
  for (std::size_t e = 0; e < environments.size(); ++e) {
    for (std::size_t q = 0; q < environments[e].questions.size(); ++q) {
      const Question& question = environments[e].questions[q];
      const auto right = std::ranges::count(question.branches, question.gold_id, &Branch::final_answer);
      sums[distinct.of(e, q)] += static_cast<double>(right) / static_cast<double>(question.branches.size());
      times[distinct.of(e, q)] += 1;
    }
  }
  for (std::size_t i = 0; i < sums.size(); ++i) sums[i] /= times[i];
  return sums;
}

std::optional<double> detectable_gain(std::span<const double> accuracies) {
  if (accuracies.size() < 2) return std::nullopt;
  const auto count = static_cast<double>(accuracies.size());
  double sum = 0, squares = 0;
  for (const double each : accuracies) sum += each;
  for (const double each : accuracies) squares += (each - sum / count) * (each - sum / count);
  constexpr double kNormal95 = 1.959963984540054;  // quantile 0.975 of the normal distribution
  if (squares == 0) return std::nullopt;
  return 100 * kNormal95 * std::sqrt(squares / (count - 1) / count);
}

}  // namespace replay
