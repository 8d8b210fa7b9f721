// run_data.hpp: what the repository of a run holds, as the data of its page; no episode is run for it.
// Why:      a page must be there in seconds, also where the environments of the run are not.
// Use:      PageJson run = run_data(open_run("runs/first"), "runs/first");
// Promises: figures are those of `evotts status`, `log` and `lineage --no-intervals`. What cannot be read is
//           null, and told in run["problems"]; the rest is there all the same.
// Threads:  reads the file system; one thread.
// Tests:    tests/experiments/pages/report_test.cpp
#pragma once

#include <string>

#include "experiments/pages/page_json.hpp"
#include "experiments/sources/run_source.hpp"

namespace experiments {

// `name` is what the run is called where there are several.
PageJson run_data(const RunAt& at, const std::string& name);

}  // namespace experiments
