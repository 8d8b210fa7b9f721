// step.hpp: what a generation made.
// Why:      the search makes it and the record of a run writes it; neither needs the other's code.
// Use:      RunRepository::Changes changes = files_after(step, &before, experiment);
// Threads:  a value.
#pragma once

#include <vector>

#include "evo/population/state.hpp"
#include "evo/proposal/proposer.hpp"

namespace evo {

struct Step {
  State state;
  // Scored in this generation, in the order of their numbers; those rejected early are among them.
  std::vector<Individual> born;
  int frontier_gain = 0;            // new points of the archive
  std::vector<Exchange> exchanges;  // with language models, in this generation
};

}  // namespace evo
