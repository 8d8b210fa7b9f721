// cancel_check.hpp: whether a server ends the work on a request whose client is gone.
// Why:      a pruned branch that goes on upstream is paid for; servers' own counters show whether it does.
// Use:      find_cancel(asker, can);
// Promises: one long request is begun and dropped after its first event. Where the server has no counters
//           that show it (GET /metrics), or ended the reply by itself before, nothing is claimed.
// Threads:  one at a time.
// Tests:    tests/live/discovery/discovery_test.cpp
#pragma once

#include <map>
#include <string>

#include "live/discovery/asker.hpp"
#include "live/upstream/capabilities.hpp"

namespace live {

// The numbers of a page of metrics, as Prometheus reads them, by all that stands before them.
std::map<std::string, double> counters_in(const std::string& page);

void find_cancel(Asker& asker, Capabilities& can);

}  // namespace live
