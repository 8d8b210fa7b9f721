// reweighting.hpp: variants of a recorded environment in which right branches are more or less common.
// Why:      thirty questions are few, and how often each is answered right is thirty numbers: a rule can be
//           fitted to exactly those. A reweighted variant has the same questions, answers, lengths and probes
//           at another difficulty, so that what is found must hold between the recorded ones too.
// Use:      Environment harder = reweighted(environment, 0.25);   // odds of a right branch a quarter
// Promises: of each question about nine branches of sixteen are kept (all of them where that would be
//           less than one), drawn one after another without replacement: each draw takes a right branch with
//           odds of `odds` times those of the branches left. The same environment and odds give the same
//           variant, with a digest of its own. Whether a branch is right is looked at here only, never by a
//           controller.
// Threads:  pure function.
// Tests:    tests/replay/environment/reweighting_test.cpp
#pragma once

#include "replay/environment/environment.hpp"

namespace replay {

// REQUIRES: odds is finite and above 0.
Environment reweighted(const Environment& environment, double odds);

}  // namespace replay
