// episode_data.hpp: what is known of a run when its controllers are run again: curves with intervals, what
// each line brought, why episodes are lost, and questions one by one.
// Why:      a run records means alone; how sure they are and how they came about only episodes tell.
// Use:      run["episodes"] = episode_data(open_run("runs/first"), {.orderings = 20});
// Promises: figures are those of `evotts eval`, `curve`, `diagnose` and `blame` on the environments of the
//           search with the same orderings. Known controllers are those that were not found on these
//           questions. The same on any number of threads.
// Throws:   replay::InputError when an environment cannot be opened; evo::RunError when it has changed.
// Threads:  uses the threads of the calling TBB arena.
// Tests:    tests/experiments/pages/report_test.cpp
#pragma once

#include <cstddef>
#include <optional>

#include "experiments/pages/page_json.hpp"
#include "experiments/sources/run_source.hpp"

namespace experiments {

struct EpisodeRequest {
  std::optional<std::size_t> orderings;  // the experiment's, if not given
};

PageJson episode_data(const RunAt& at, const EpisodeRequest& request);

}  // namespace experiments
