#include "evo/objective/question_error.hpp"

#include <cmath>
#include <map>

#include "genome/base/check.hpp"
#include "replay/environment/distinct_questions.hpp"

namespace evo {

QuestionShares::QuestionShares(const std::vector<replay::Environment>& environments)
    : QuestionShares(environments, replay::all_questions(environments)) {}

QuestionShares::QuestionShares(const std::vector<replay::Environment>& environments,
                               const replay::QuestionSet& questions) {
  const replay::DistinctQuestions distinct(environments);
  std::map<std::size_t, std::size_t> numbers;  // of those in the set, in the order of first appearance
  for (const replay::EnvironmentPart& part : questions) {
    for (const std::size_t q : part.questions) {
      of_.push_back(numbers.emplace(distinct.of(part.environment, q), numbers.size()).first->second);
      weight_.push_back(1.0 / static_cast<double>(part.questions.size() * questions.size()));
    }
  }
  distinct_ = numbers.size();
}

std::vector<double> QuestionShares::shares(std::span<const double> weights,
                                           std::span<const std::int32_t> right, int orderings) const {
  EVOTTS_CHECK(right.size() == weights.size() * recorded() && orderings > 0);
  std::vector<double> shares(distinct_, 0.0);
  const double scale = 100 * static_cast<double>(distinct_) / orderings;
  for (std::size_t b = 0; b < weights.size(); ++b) {
    for (std::size_t i = 0; i < recorded(); ++i)
      shares[of_[i]] += scale * weights[b] * weight_[i] * right[b * recorded() + i];
  }
  return shares;
}

double standard_error(std::span<const double> a, std::span<const double> b) {
  EVOTTS_CHECK(a.size() == b.size());
  const auto count = static_cast<double>(a.size());
  if (count < 2) return 0;
  double sum = 0, squares = 0;
  for (std::size_t i = 0; i < a.size(); ++i) sum += a[i] - b[i];
  for (std::size_t i = 0; i < a.size(); ++i) squares += std::pow(a[i] - b[i] - sum / count, 2);
  return std::sqrt(squares / (count - 1) / count);
}

}  // namespace evo
