// rescoring.hpp: scores made anew: to prove recorded ones, or after an experiment was changed.
// Why:      a score in a run is worth what it can be made again to the last digit.
// Use:      const Individual again = rescored(individual, scorer);
//           if (const auto difference = score_difference(individual, again)) ...
//           State next = rescored_population(state, scorer);
// Promises: nobody is rejected early: each is scored on all orderings of the scorer's experiment, and in its
//           rungs, so that later children can be compared with it; validation is made again where there was
//           one. The same on any number of threads.
// Throws:   RunError when a controller of the archive does not check.
// Threads:  one call at a time; it uses the threads of the calling TBB arena.
// Tests:    tests/experiments/commands/verify_test.cpp, tests/experiments/commands/fork_test.cpp
#pragma once

#include <optional>
#include <string>

#include "evo/population/state.hpp"
#include "evo/scoring/scorer.hpp"

namespace evo {

Individual rescored(const Individual& individual, Scorer& scorer);

// In words, the first figure of the two that is not the same to the last bit; nothing when all are. Figures
// that an earlier version of the checkpoint did not keep are not compared.
std::optional<std::string> score_difference(const Individual& recorded, const Individual& again);

// The state as it would stand if its population and the controllers of its archive had been scored by this
// scorer: population sorted anew (and cut to its size), archive filled anew, no champion until the next
// validation. Births, counters of births, and the rates of operators stay.
State rescored_population(const State& state, Scorer& scorer);

}  // namespace evo
