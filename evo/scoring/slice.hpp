// slice.hpp: what some orderings gave for one controller.
// Why:      an evaluation is made in slices of orderings, and their exact sums add up to those of the whole.
// Use:      Slice slice = slice_of(cells, Detail::kQuestions);
// Promises: whole numbers only, so no order of adding changes a digit.
// Threads:  pure functions.
// Tests:    tests/evo/scoring/scorer_test.cpp
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "evo/population/individual.hpp"
#include "replay/evaluation/evaluator.hpp"

namespace evo {

// Which orderings of the evaluator.
struct OrderingSlice {
  int first = 0;
  int count = 0;
};

struct Slice {
  std::vector<Sums> sums;           // by beta where there are several, then environment
  std::vector<std::int32_t> right;  // by beta, then recorded question; empty without that detail

  // Puts what another beta gave behind.
  void append(const Slice& more) {
    sums.insert(sums.end(), more.sums.begin(), more.sums.end());
    right.insert(right.end(), more.right.begin(), more.right.end());
  }
};

// Whether anybody asks for single questions: a standard error is taken over them.
enum class Detail { kSums, kQuestions };
Detail detail_for(const Experiment& experiment);

// Of the cells of one controller at one beta, by environment.
Slice slice_of(std::span<const replay::Cell> cells, Detail detail);

}  // namespace evo
