// run_experiment.hpp: the experiment that `evotts run` was given, as it is run.
// Why:      what a file leaves open is settled once, before anything is scored, and then stands in the run.
// Use:      evo::Experiment experiment = experiment_to_run(arguments);
//           take_budgets_from_data(experiment, until);
//           const std::string toml = to_toml(experiment);
// Promises: what was not confirmed yet is asked for before it is used. An estimate sends nothing, and in a
//           replay no model is asked, so that neither asks for models.
// Throws:   UsageError, StorageError when the time is up.
// Threads:  one thread; budgets use the threads of the calling TBB arena.
// Tests:    tests/experiments/commands/data_budgets_test.cpp, tests/experiments/commands/run_resume_test.cpp
#pragma once

#include <string>

#include "evo/experiment/experiment.hpp"
#include "evo/population/state.hpp"
#include "experiments/commands/running/run_arguments.hpp"
#include "experiments/config/experiment_file.hpp"

namespace experiments {

// Its budgets may be open still.
evo::Experiment experiment_to_run(const RunArguments& arguments,
                                  EnvironmentFiles environments = EnvironmentFiles::kAsNamed);

// With what the run wrote down, where it was begun, of what the file leaves open.
evo::Experiment as_begun(const RunArguments& arguments);

// Budgets that the experiment leaves out follow from its recordings.
void take_budgets_from_data(evo::Experiment& experiment, const Until& until);

// Puts them into the arguments of many runs, which then need not ask the recordings again.
void settle_for_many(RunArguments& arguments);

// What models would cost at most, whatever budgets the recordings tell: they are not opened.
std::string estimate_of(evo::Experiment experiment);

// How founders are come by, in a line.
std::string founders_line(const evo::Experiment& experiment);

// What to say where no founder's curve meets the range of budgets, so that nothing can be gained there;
// empty otherwise.
std::string unmet_budgets(const evo::Experiment& experiment, const evo::State& founders);

// A run that is repeated is that of its program, and its budgets are known.
void take_from_replayed(evo::Experiment& experiment, const evo::Experiment& stored);

}  // namespace experiments
