// score_keeper.hpp: slices of orderings -> the scores of an individual, slice by slice.
// Why:      an individual is judged again whenever more orderings of it are known, always in the same way:
//           in successive halving, by an optimiser, and in validation.
// Use:      Seen seen;
//           keeper.add(individual, seen, slice, 5, baseline);     // fills sums, curve, score and fitness
// Promises: the fitness is a lower confidence bound where the experiment asks for one: it is less by
//           lower_bound_errors standard errors of the gain over asc, over distinct questions.
// Threads:  pure functions of what it was made from; the experiment must outlive it.
// Tests:    tests/evo/scoring/scorer_test.cpp
#pragma once

#include <cstdint>
#include <span>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "evo/objective/objective.hpp"
#include "evo/objective/question_error.hpp"
#include "evo/population/individual.hpp"
#include "evo/scoring/slice.hpp"

namespace evo {

// What a standard error is measured on.
struct Seen {
  std::vector<std::int32_t> right;  // by beta, then question
  int orderings = 0;
};

class ScoreKeeper {
 public:
  ScoreKeeper(const Experiment& experiment, const std::vector<replay::Environment>& environments,
              const replay::QuestionSet& questions);

  // Adds a slice to what an individual has, and to what was seen of it.
  void add(Individual& individual, Seen& seen, const Slice& slice, int orderings,
           const Baseline& baseline) const;

  // What each distinct question adds to the area under the curve that the sums make.
  std::vector<double> shares_of(std::span<const Sums> sums, std::span<const std::int32_t> right,
                                std::span<const double> betas, int orderings) const;

 private:
  const Experiment* experiment_;
  std::size_t environments_;
  QuestionShares shares_;
};

}  // namespace evo
