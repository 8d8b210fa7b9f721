// common_signals.hpp: the signals that several environments all record.
// Why:      a search may use those alone, or its controllers would be refused on some of them.
// Use:      const genome::Material material(common_signals(evaluator.environments()));
// Promises: sorted by name. The range of each leaves out a twentieth of all branches at either end, by the
//           means over whole branches. Depends on the environments alone.
// Threads:  pure functions.
// Tests:    tests/replay/evaluation/common_signals_test.cpp
#pragma once

#include <span>
#include <string>
#include <vector>

#include "genome/material/quantities.hpp"
#include "replay/environment/environment.hpp"

namespace replay {

std::vector<genome::RecordedSignal> common_signals(std::span<const Environment> environments);

// Their names.
std::vector<std::string> names_of(std::span<const genome::RecordedSignal> signals);

}  // namespace replay
