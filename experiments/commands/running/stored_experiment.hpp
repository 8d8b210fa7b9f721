// stored_experiment.hpp: the experiment that a run holds.
// Why:      a run goes on as it was begun, whatever the file that it was made of says now.
// Use:      auto [toml, experiment] = stored_in(repository, run);
// Throws:   evo::RunError where the run has none, or one that does not parse.
// Threads:  one thread; confirm_run may ask at the terminal.
// Tests:    tests/experiments/commands/run_resume_test.cpp, tests/experiments/commands/run_seeds_test.cpp
#pragma once

#include <optional>
#include <string>

#include "evo/experiment/experiment.hpp"
#include "evo/git/run_repository.hpp"
#include "experiments/session/trust.hpp"

namespace experiments {

struct StoredExperiment {
  std::string toml;
  evo::Experiment experiment;
};

StoredExperiment stored_in(const evo::RunRepository& repository, const std::string& run);

// Nothing where the folder is no run.
std::optional<evo::Experiment> experiment_of(const std::string& run);

// That of the first of the runs in a folder; nothing where there is none.
std::optional<evo::Experiment> begun_in(const std::string& folder);

// Before anything is written there. What cannot be read is told of when the run is opened for writing.
void confirm_run(Trust& trust, const std::string& run);

}  // namespace experiments
