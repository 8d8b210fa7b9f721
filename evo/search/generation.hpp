// generation.hpp: one step of evolution: propose, evaluate, select.
// Why:      this is the search; all else serves it. It reads like the pseudocode of a paper.
// Use:      Scorer scorer(experiment, evaluator);
//           Step first = found(scorer);
//           Step next = advance(state, scorer, proposer);
// Promises: a pure function of its arguments on any number of threads (given a proposer that keeps its
//           promise); the state given is not changed.
// Threads:  one call at a time; it uses the threads of the calling TBB arena.
#pragma once

#include "evo/population/state.hpp"
#include "evo/proposal/proposer.hpp"
#include "evo/scoring/scorer.hpp"
#include "evo/search/step.hpp"

namespace evo {

// Generation 0.
Step found(Scorer& scorer);

// The generation after `state`.
Step advance(const State& state, Scorer& scorer, Proposer& proposer);

}  // namespace evo
