// together.hpp: several runs beside each other: where they stand, their spread over seeds, paired
// differences.
// Why:      one run of a random search tells little; how far its seeds are apart tells what to believe.
// Use:      data["together"] = together_data(runs);
//           data["together"]["paired"] = paired_data(runs, {.orderings = 20});      // episodes are run
// Promises: a spread is told of experiments that differ in their seeds alone, over the generations that all
//           of them reached; forks and second runs of a seed are left out of it. Differences are those of the
//           recommended controllers to that of the first run, and to each known controller, paired by
//           question, as `evotts curve --against` prints them, on the environments of the first run; RunError
//           where others were searched on others.
// Threads:  paired_data uses the threads of the calling TBB arena.
// Tests:    tests/experiments/pages/together_test.cpp
#pragma once

#include <string>
#include <vector>

#include "experiments/pages/episode_data.hpp"
#include "experiments/pages/page_json.hpp"
#include "experiments/sources/run_source.hpp"

namespace experiments {

struct RunToShow {
  std::string name;
  RunAt at;
};
using RunsToShow = std::vector<const RunToShow*>;  // at least one

PageJson together_data(const RunsToShow& runs);
PageJson paired_data(const RunsToShow& runs, const EpisodeRequest& request);

}  // namespace experiments
