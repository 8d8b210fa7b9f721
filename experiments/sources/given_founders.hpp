// given_founders.hpp: the controllers that an experiment names as founders, as texts.
// Why:      a search begins where its user is; and a run must not change when a file or another run does.
// Use:      freeze_given_founders(experiment);   // population.founders = ["library", "mine.ctl"]
// Promises: names, files and RUN:ID become canonical texts; what is a text stays. UsageError or evo::RunError
//           names what is no controller.
// Threads:  reads the file system, otherwise pure.
// Tests:    tests/experiments/commands/given_founders_test.cpp
#pragma once

#include "evo/experiment/experiment.hpp"

namespace experiments {

void freeze_given_founders(evo::Experiment& experiment);

}  // namespace experiments
