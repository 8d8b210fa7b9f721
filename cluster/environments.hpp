// environments.hpp: every rank gets the recordings of the run, by digest.
// Why:      a host may lack a file, or have another one under its name; scores on that would be of something
//           else.
// Use:      const Setting setting = setting_of(evaluator, experiment.reweightings);       // rank 0
//           send_file(transport, 3, setting, place);
//           std::vector<replay::Environment> here = opened(setting, transport);           // another rank
// Promises: what opened() gives has the digests of the setting. A file that is here under the same path, with
//           that digest, is not sent; another is asked for, and never written to the disk.
// Throws:   replay::InputError when an environment cannot be had, TransportError.
// Threads:  that of the transport.
// Tests:    tests/cluster/environments_test.cpp
#pragma once

#include <span>
#include <vector>

#include "cluster/messages.hpp"
#include "cluster/transport.hpp"
#include "replay/evaluation/evaluator.hpp"

namespace cluster {

// Of an evaluator that has each recorded environment with its reweighted variants behind it.
Setting setting_of(const replay::Evaluator& evaluator, std::span<const double> reweightings);

// In pieces, and no faster than they are taken. InputError when the file is no longer what it was.
void send_file(Transport& transport, int to, const Setting& setting, std::uint32_t recorded);

// Rank 0 is told what is missing, and sends it.
std::vector<replay::Environment> opened(const Setting& setting, Transport& transport);

}  // namespace cluster
