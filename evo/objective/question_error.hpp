// question_error.hpp: how far a gain rests on few questions.
// Why:      with thirty questions, a controller that is far better on two and worse on the rest looks as good
//           as one that is a little better on all; the second is the one that stays better elsewhere. So the
//           search may judge a gain by a lower confidence bound: what it is less some standard errors.
// Use:      QuestionShares spread(evaluator.environments());
//           auto own = spread.shares(area_weights(curve, low, high), right, orderings);
//           double error = standard_error(own, of_baseline);
// Promises: the same question in several environments is one (replay/environment/distinct_questions.hpp).
//           Sums are taken in a fixed order.
// Threads:  pure functions of what it was made from.
// Tests:    tests/evo/objective/question_error_test.cpp
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "replay/environment/environment.hpp"
#include "replay/evaluation/question_set.hpp"

namespace evo {

class QuestionShares {
 public:
  explicit QuestionShares(const std::vector<replay::Environment>& environments);
  QuestionShares(const std::vector<replay::Environment>& environments, const replay::QuestionSet& questions);

  // Recorded questions: those of the first environment, then those of the next.
  std::size_t recorded() const { return of_.size(); }
  // Those with different texts.
  std::size_t distinct() const { return distinct_; }

  // What each distinct question adds to the area under the mean curve, in points, times how many there are:
  // their mean is that area. `right` counts right episodes by beta, then recorded question, of `orderings`
  // episodes each; `weights` are those of the betas.
  std::vector<double> shares(std::span<const double> weights, std::span<const std::int32_t> right,
                             int orderings) const;

 private:
  std::vector<std::size_t> of_;  // the distinct question of each recorded one
  std::vector<double> weight_;   // of each recorded one in the mean over environments
  std::size_t distinct_ = 0;
};

// Of the mean of the differences a - b, question by question; 0 of fewer than two.
double standard_error(std::span<const double> a, std::span<const double> b);

}  // namespace evo
