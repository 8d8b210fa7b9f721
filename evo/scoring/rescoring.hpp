// rescoring.hpp: scores made anew: to prove recorded ones, or after an experiment was changed.
// Why:      a score in a run is worth what it can be made again to the last digit.
// Use:      const Individual again = rescored(individual, scorer);
//           if (const auto difference = score_difference(individual, again)) ...
//           State next = rescored_population(state, scorer);
//           if (!state.exact) state = scored_exactly(state, scorer);
// Promises: nobody is rejected early: each is scored on all orderings of the scorer's experiment, and in its
//           rungs, so that later children can be compared with it; validation is made again where there was
//           one. The same on any number of threads.
// Throws:   RunError when a controller of the archive does not check.
// Threads:  one call at a time; it uses the threads of the calling TBB arena.
// Tests:    tests/experiments/commands/verify_test.cpp, tests/experiments/commands/fork_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string>

#include "evo/population/state.hpp"
#include "evo/scoring/scorer.hpp"

namespace evo {

// As somebody of that island, counted from 0, is scored.
Individual rescored(const Individual& individual, Scorer& scorer, std::size_t island = 0);

// How far figures may differ. Sums of episodes are always the same.
enum class Digits {
  kAll,
  // All but the last: an earlier program took means in floating point, and C libraries differ in the last bit
  // of logarithms.
  kRounded,
};

bool same_but_for_rounding(double a, double b);

// In words, the first figure of the two that is not the same; nothing when all are. Figures that an earlier
// version of the checkpoint did not keep are not compared.
std::optional<std::string> score_difference(const Individual& recorded, const Individual& again,
                                            Digits digits = Digits::kAll);

// The state as it would stand if its population and the controllers of its archive had been scored by this
// scorer: populations sorted anew (and cut to their size), archive filled anew, no champion until the next
// validation. Births, counters of births, and the rates of operators stay.
State rescored_population(const State& state, Scorer& scorer);

// The state of an earlier program's checkpoint, as this program would have scored it: the same individuals
// with sums and exact means, and an archive without dominated points. Champion, births and counters stay, so
// that the run goes on as it would have.
State scored_exactly(const State& state, Scorer& scorer);

}  // namespace evo
