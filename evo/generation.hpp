// generation.hpp: one step of evolution: propose, evaluate, select.
// Why:      this is the search; all else serves it. It reads like the pseudocode of a paper.
// Use:      Step first = found(experiment, evaluator);
//           Step next = advance(state, experiment, evaluator, proposer);
// Promises: a pure function of its arguments on any number of threads (given a proposer that keeps its
//           promise); the state given is not changed.
// Threads:  one call at a time; it uses the threads of the calling TBB arena.
#pragma once

#include <vector>

#include "evo/experiment.hpp"
#include "evo/proposer.hpp"
#include "evo/state.hpp"
#include "replay/evaluator.hpp"

namespace evo {

struct Step {
  State state;
  std::vector<Individual> born;     // scored in this generation, in the order of their numbers
  int frontier_gain = 0;            // new points of the archive
  std::vector<Exchange> exchanges;  // with language models, in this generation
};

// Generation 0.
Step found(const Experiment& experiment, const replay::Evaluator& evaluator);

// The generation after `state`.
Step advance(const State& state, const Experiment& experiment, const replay::Evaluator& evaluator,
             Proposer& proposer);

}  // namespace evo
