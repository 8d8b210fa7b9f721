// whole_samples.hpp: a warning of environments in which nothing is seen of a branch before its end.
// Why:      samples of other tools have no probes. Scores on them say nothing of controllers that look into
//           branches, and whoever does not know takes them for bad ones.
// Use:      warn_of_whole_samples(evaluator.environments(), report);
// Promises: one line, where any environment has no probes at all; it names the first ones.
// Threads:  a pure function but for `warn`.
// Tests:    tests/experiments/commands/whole_samples_test.cpp
#pragma once

#include <functional>
#include <span>
#include <string>

#include "replay/environment/environment.hpp"

namespace experiments {

void warn_of_whole_samples(std::span<const replay::Environment> environments,
                           const std::function<void(const std::string&)>& warn);

}  // namespace experiments
