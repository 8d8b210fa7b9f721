// run_arguments.hpp: what `run` and `resume` are asked for, read and checked.
// Why:      one run and many runs take the same options.
// Use:      const Until until = until_of(arguments, experiment);   expect_free(arguments.run);
// Promises: every mistake is a UsageError that names the option.
// Threads:  one thread.
// Tests:    tests/experiments/commands/run_resume_test.cpp
#pragma once

#include <optional>
#include <string>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "experiments/session/preregister.hpp"
#include "experiments/session/run_session.hpp"

namespace experiments {

struct KnownBudgets {
  double low = 0, high = 0;
};

struct RunArguments {
  std::string experiment, run;
  std::string replayed;   // the run whose journal is replayed
  bool estimate = false;  // only say what models would cost
  bool trust = false;     // what was not confirmed yet is
  RegistrationWish registered;
  std::vector<std::string> settings;
  std::optional<std::string> generations, minutes, stale, threads, seeds;
  bool one_of_many = false;             // whoever makes many looks for signals itself
  double seconds_used = 0;              // of --minutes, before
  std::optional<KnownBudgets> budgets;  // of many runs, taken from their recordings once
  std::optional<int> edition;           // of many runs, of which some were begun
};

Until until_of(const RunArguments& arguments, const evo::Experiment& experiment);

// Before the long work of scoring founders: whether a run could be made there.
void expect_free(const std::string& out);

void expect_registered_alone(const RunArguments& arguments);

}  // namespace experiments
