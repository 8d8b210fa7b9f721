// worker.hpp: a rank beside rank 0: it evaluates what it is given until the work is over.
// Why:      it needs nothing of the run: no experiment, no repository, no key of a model.
// Use:      serve(transport, hello, {.prepare = evaluator_of, .ended = sigterm_came});
// Promises: units are run in the order in which they came, on all of the rank's threads, each answered by its
//           sums. While there is nothing to do it takes next to no processor time.
// Throws:   TransportError for what no rank of this program sends; Ended once `ended` has said so for 1.5 s,
//           in which rank 0 may end the work in order.
// Threads:  that of the transport.
// Tests:    tests/cluster/coordinator_test.cpp, tests/cluster/mpirun_test.cpp
#pragma once

#include <functional>

#include "cluster/coordinator.hpp"
#include "cluster/messages.hpp"
#include "cluster/transport.hpp"
#include "genome/base/error.hpp"

namespace cluster {

struct Ended : genome::base::Error {
  Ended() : Error(genome::base::Fault::kSystem, "was told to end (SIGTERM)") {}
};

struct WorkerParts {
  // Makes ready what runs jobs under a setting; InputError is told to rank 0.
  std::function<RunJobs(const Setting&, Transport&)> prepare;
  std::function<bool()> ended;
};

// On the environments of the setting, opened here or sent by rank 0.
RunJobs evaluator_of(const Setting& setting, Transport& transport);

void serve(Transport& transport, const Hello& hello, const WorkerParts& parts);

}  // namespace cluster
