// expectation_text.hpp: what a run expects of itself on new questions, as people read it.
// Why:      status, the end of a run and unseal say it in the same words.
// Use:      print(expected_line(state));  // "expected on new questions: +1.2 [-0.3, +2.7] over asc; …\n"
//           print(verdict_line(state));   // "nothing here beats asc so far\n"
// Promises: empty where nothing was estimated; verdict_line() is empty, too, where the champion is
//           recommended.
// Threads:  pure functions.
// Tests:    tests/experiments/commands/expected_gain_test.cpp
#pragma once

#include <string>

#include "evo/population/state.hpp"

namespace experiments {

std::string expected_line(const evo::State& state);
std::string verdict_line(const evo::State& state);

// What was seen of a claim: `seen` is on questions that the run never read.
std::string seen_line(const evo::ExpectedGain& seen, const std::string& against);

}  // namespace experiments
