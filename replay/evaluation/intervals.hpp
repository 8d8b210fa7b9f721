// intervals.hpp: what a cell says of a controller: means, and how sure they are.
// Why:      thirty questions are few; a difference without its interval misleads.
// Use:      Interval i = accuracy_interval(cell, {.seed = 1});
// Promises: depends on the cell and the seed alone. The same seed draws the same questions for every cell
//           with as many questions, so intervals of rows beside each other are paired.
// Threads:  pure functions.
#pragma once

#include <cstdint>
#include <vector>

#include "replay/environment/distinct_questions.hpp"
#include "replay/evaluation/evaluator.hpp"

namespace replay {

struct Interval {
  double low = 0;
  double high = 0;
};

struct BootstrapOptions {
  std::uint64_t seed = 0;
  int resamples = 2000;
  double coverage = 0.95;
};

// Percentile bootstrap over questions (Efron and Tibshirani, 1993) of the accuracy, in percent.
Interval accuracy_interval(const Cell& cell, const BootstrapOptions& options = {});

// The same of any figure: of the mean over groups (environments) of the mean over each group's values (their
// questions, of which `distinct` knows). A question is drawn with all that was asked of it, from among those
// that were asked in the same environments. REQUIRES: at least one group, none empty.
Interval mean_interval(const std::vector<std::vector<double>>& groups, const DistinctQuestions& distinct,
                       const BootstrapOptions& options = {});

}  // namespace replay
