// seen_gain.hpp: what one controller gains over another on some environments, as a run's expectation counts.
// Why:      a claim about new questions is checked on new questions, in the same points.
// Use:      const ExpectedGain seen = seen_gain(best, known, experiment, held_out);
// Promises: the mean over the experiment's budgets, at all orderings of the evaluator, with a 95% interval
//           over distinct questions. Under two of them there is no interval: it is as wide as accuracies go.
// Threads:  pure function; it uses the threads of the calling TBB arena.
// Tests:    tests/evo/expectation/seen_gain_test.cpp
#pragma once

#include "evo/experiment/experiment.hpp"
#include "evo/population/expected_gain.hpp"
#include "genome/text/checker.hpp"
#include "replay/evaluation/evaluator.hpp"

namespace evo {

// An experiment of which only areas by question are asked: nothing is charged.
Experiment judging_under(const Experiment& experiment);

// Fills all but the name of the known controller.
ExpectedGain seen_gain(const genome::CheckedController& controller, const genome::CheckedController& known,
                       const Experiment& experiment, const replay::Evaluator& evaluator);

}  // namespace evo
