// baselines.hpp: what self-consistency (sc) and adaptive self-consistency (asc) reach on some orderings.
// Why:      a controller that is ahead on average may be behind what anybody can do without a search, in
//           one environment or at one budget; and how far a gain over asc rests on few questions is measured
//           against asc itself.
// Use:      const Baseline baseline = measured_baseline(runner, keeper, {0, experiment.orderings});
// Promises: both are swept at eleven betas; the accuracy is the better of the two at each budget. Empty
//           where the experiment judges nothing by it.
// Threads:  one call at a time; it uses the threads of the calling TBB arena.
// Tests:    tests/evo/scoring/scorer_test.cpp
#pragma once

#include "evo/objective/objective.hpp"
#include "evo/scoring/episode_runner.hpp"
#include "evo/scoring/score_keeper.hpp"

namespace evo {

Baseline measured_baseline(const EpisodeRunner& runner, const ScoreKeeper& keeper, OrderingSlice orderings);

}  // namespace evo
