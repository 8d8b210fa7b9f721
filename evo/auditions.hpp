// auditions.hpp: founders found by trying many random controllers before the run begins.
// Why:      beside controllers whose numbers people or machines worked out, a random one looks bad whatever
//           its structure is worth. So many are heard, and the best have their numbers turned before they
//           compete: then other families than those of the library have a chance.
// Use:      for (Proposal& founder : auditions(scorer)) ...
// Promises: experiment.auditions controllers are sampled and scored on one slice of orderings; the best
//           kCalledBack percent of them and, unless all founders are to be random, the known controllers
//           are tuned (evo/tuning.hpp), the best kFinalists percent of those
//           again and more finely, and proposed; whoever gained nothing is taken as it was. Depends on the
//           scorer's experiment and recordings alone.
// Threads:  one call at a time; evaluation uses the threads of the calling TBB arena.
#pragma once

#include <vector>

#include "evo/proposer.hpp"
#include "evo/scorer.hpp"

namespace evo {

inline constexpr int kCalledBack = 4;
inline constexpr int kFinalists = 25;

std::vector<Proposal> auditions(Scorer& scorer);

}  // namespace evo
