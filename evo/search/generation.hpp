// generation.hpp: one step of evolution: propose, evaluate, select.
// Why:      this is the search; all else serves it. It reads like the pseudocode of a paper.
// Use:      Scorer scorer(experiment, evaluator);
//           Step first = found(scorer);
//           Step next = advance(state, scorer, proposer);
// Promises: a pure function of its arguments on any number of threads (given a proposer that keeps its
//           promise); the state given is not changed.
// Threads:  one call at a time; it uses the threads of the calling TBB arena.
#pragma once

#include <vector>

#include "evo/population/state.hpp"
#include "evo/proposal/proposer.hpp"
#include "evo/scoring/scorer.hpp"

namespace evo {

struct Step {
  State state;
  // Scored in this generation, in the order of their numbers; those rejected early are among them.
  std::vector<Individual> born;
  int frontier_gain = 0;            // new points of the archive
  std::vector<Exchange> exchanges;  // with language models, in this generation
};

// Generation 0.
Step found(Scorer& scorer);

// The generation after `state`.
Step advance(const State& state, Scorer& scorer, Proposer& proposer);

}  // namespace evo
