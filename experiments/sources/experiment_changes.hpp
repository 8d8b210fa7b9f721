// experiment_changes.hpp: what differs between two experiments, key by key.
// Why:      forks are compared by what was changed in them, and some changes make scores incomparable.
// Use:      for (const evo::ChangedKey& each : changed_keys(a, b)) fmt::print("{}: {} -> {}\n", ...);
// Promises: in the order of the file; values as the file writes them.
// Threads:  pure functions.
#pragma once

#include <vector>

#include "evo/experiment/experiment.hpp"
#include "evo/record/fork.hpp"

namespace experiments {

std::vector<evo::ChangedKey> changed_keys(const evo::Experiment& from, const evo::Experiment& to);

// Whether scores made before the change say something else than scores made after it.
bool changes_scores(const evo::ChangedKey& change);

}  // namespace experiments
