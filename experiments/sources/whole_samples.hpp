// whole_samples.hpp: environments in which nothing is seen of a branch before its end: told, and searched on.
// Why:      samples of other tools have no probes. Scores on them say nothing of controllers that look into
//           branches, and whoever does not know takes them for bad ones.
// Use:      warn_of_whole_samples(evaluator.environments(), report);
//           settle_whole_samples(experiment, evaluator.environments());   // before a new run writes it down
// Promises: one line, where any environment has no probes at all; it names the first ones, and says whether
//           a search leaves such controllers out.
// Threads:  a pure function but for `warn`.
// Tests:    tests/experiments/commands/whole_samples_test.cpp
#pragma once

#include <functional>
#include <span>
#include <string>

#include "evo/experiment/experiment.hpp"
#include "replay/environment/environment.hpp"

namespace experiments {

// `searching`: where a search is what they are opened for, its experiment.
void warn_of_whole_samples(std::span<const replay::Environment> environments,
                           const std::function<void(const std::string&)>& warn,
                           const evo::Experiment* searching = nullptr);

// Of an experiment that leaves variation.whole_samples to the data: whether no environment has probes.
void settle_whole_samples(evo::Experiment& experiment, std::span<const replay::Environment> environments);

}  // namespace experiments
