// expectation_check.hpp: whether what a run expects on new questions comes out again.
// Why:      a claim about new questions is what a run is trusted for, so it is made again where scores are.
// Use:      if (const auto difference = expectation_difference(state, experiment, evaluator, scorer)) ...
// Promises: in words, the first figure that is not the same; nothing where all are, or where nothing is
//           expected. Made of the checkpointed state alone, as the run made it. What a run carries along
//           from an earlier program, which knew other controllers, may differ: the caller knows of that.
// Threads:  one call at a time; it uses the threads of the calling TBB arena.
// Tests:    tests/experiments/commands/expected_gain_test.cpp
#pragma once

#include <optional>
#include <string>

#include "evo/population/state.hpp"
#include "evo/scoring/rescoring.hpp"
#include "evo/scoring/scorer.hpp"

namespace evo {

std::optional<std::string> expectation_difference(const State& state, const Experiment& experiment,
                                                  const replay::Evaluator& evaluator, Scorer& scorer,
                                                  Digits digits = Digits::kAll);

}  // namespace evo
