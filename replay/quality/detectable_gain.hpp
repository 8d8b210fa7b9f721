// detectable_gain.hpp: the smallest gain that so many questions can show.
// Why:      thirty questions cannot tell two controllers a few points apart, however many orderings are run;
//           that is better known before a search than after it.
// Use:      const DistinctQuestions distinct(environments);
//           if (const auto points = detectable_gain(accuracies_of(environments, distinct))) ...
// Promises: the half width of the 95% interval of a paired difference of two accuracies over n questions:
//           1.96 * w / sqrt(n), where w^2 = Var(a) + Var(b) - 2 Cov(a, b) over the questions (Miller, "Adding
//           Error Bars to Evals", arXiv 2411.00640, paired analysis). Both variances are taken to be that of
//           the share of right branches of a question, and the correlation to be a half, so that w is its
//           standard deviation (of a sample: n - 1). Controllers that agree more can show less.
// Threads:  pure functions.
// Tests:    tests/replay/quality/quality_check_test.cpp
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "replay/environment/distinct_questions.hpp"
#include "replay/environment/environment.hpp"

namespace replay {

// The share of right branches of each distinct question, averaged over the environments that have it.
std::vector<double> accuracies_of(std::span<const Environment> environments,
                                  const DistinctQuestions& distinct);

// In points of accuracy: a rule of thumb, as the correlation is assumed. Nothing can be said of fewer than
// two questions, nor where all have the same share.
std::optional<double> detectable_gain(std::span<const double> accuracies);

}  // namespace replay
