// islands.hpp: how an experiment is dealt to its islands.
// Why:      islands and one population are compared at equal cost, so that the numbers of an experiment are
//           those of all its islands together; and each island searches under an experiment of its own.
// Use:      for (const IslandPlan& plan : island_plans(experiment)) ...
// How:      population.size, population.children and population.founder_candidates are dealt evenly, the
//           first islands taking one more where that does not come out. What a table [[islands]] gives is
//           that island's own and is not dealt. variation.tuned and variation.simplified go by turns: an
//           island makes as many, in one of so many generations as there are islands. Known controllers are
//           dealt on from island to island where one has no place for all of them.
// Promises: the seed of the first island is that of the experiment; of another island it is drawn from the
//           seed and the island, so that equal seeds never give equal islands. With one island its experiment
//           is the whole one. An island sees all questions, migrates and contributes unless its plan says
//           otherwise.
// Threads:  pure functions.
// Tests:    tests/evo/experiment/islands_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "replay/evaluation/question_set.hpp"

namespace evo {

inline constexpr int kMostIslands = 64;

struct IslandPlan {
  Experiment experiment;                         // as the island sees it
  std::optional<replay::QuestionSet> questions;  // it is scored on; none: all
  int turns = 1;                                 // optimisers are used in one of so many generations,
  int turn = 0;                                  // those with this rest
  std::size_t first_known = 0;  // of the known controllers, where they have no place all (see founders.hpp)
  bool migrates = true;
  bool contributes = true;  // to the archive and the champion

  bool improves_in(int generation) const { return generation % turns == turn; }
};

std::vector<IslandPlan> island_plans(const Experiment& experiment);

// The islands of a search that sees half of the questions: those of the experiment with half of the
// individuals, children and founder candidates each, at half of the turns of the optimisers; so it costs
// about a quarter of the episodes. `half` is 0 or 1.
std::vector<IslandPlan> half_plans(const Experiment& experiment, std::size_t half,
                                   const replay::QuestionSet& questions);

// The seed that questions are dealt to the halves by.
std::uint64_t halving_seed(const Experiment& experiment);

// The seed of an island, counted from 0, under a seed that is given.
// Whether known controllers are among the founders.
inline bool has_library(const Experiment& experiment) {
  return experiment.founders == Founders::kLibrary || experiment.founders == Founders::kBoth;
}

std::uint64_t island_seed(std::uint64_t seed, std::size_t island);

// Takes over what an island may have of its own.
void take_own(Experiment& to, const Experiment& from);

}  // namespace evo
