// recommendation.hpp: when a run recommends what it found.
// Why:      the champion steers the search, and may be ahead by luck. Whoever takes a controller home wants
//           one that is better on new questions, or else the known one, which costs nothing to understand.
// Use:      if (!beats_known(*state.expected)) state.recommended = best_known;
// How:      the expected gain must be above kErrors of its standard errors, rather than above 0. Where
//           nothing is to be found, the estimate is as often above 0 as below.
// Threads:  pure functions.
// Tests:    tests/evo/expectation/interval_test.cpp
#pragma once

#include "evo/population/expected_gain.hpp"

namespace evo {

inline constexpr double kErrors = 1;

inline bool beats_known(const ExpectedGain& expected) {
  return expected.gain > kErrors * expected.standard_error;
}

}  // namespace evo
