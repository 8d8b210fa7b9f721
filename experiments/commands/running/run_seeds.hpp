// run_seeds.hpp: one experiment under several seeds, one run after the other.
// Why:      a search is partly luck, and one seed does not tell by how much.
// Use:      return run_seeds(arguments, {.settle = settle_for_many, .experiment = experiment_text,
//                                          .start = run_run, .resume = run_resume});
// How:      RUN/seed-N is a run of its own. RUN/seed-N.ended tells by which limits it came to its end;
//           without that, the same command goes on with it, and what its generations took before counts as
//           part of --minutes.
// Promises: UsageError when what lies in RUN is of another experiment. A signal ends all at a whole
//           generation, saying that the same command goes on.
// Threads:  one thread.
// Tests:    tests/experiments/commands/run_seeds_test.cpp
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/commands/running/run_arguments.hpp"

namespace experiments {

// "1-5", "3", "1,4-6": rising in the order given, each once.
std::vector<std::int64_t> seeds_of(std::string_view text);

struct SeedRunner {
  std::function<void(RunArguments&)> settle;                   // what all of them have from the recordings
  std::function<std::string(const RunArguments&)> experiment;  // as the run would keep it
  std::function<int(const RunArguments&)> start, resume;       // the exit code
};

int run_seeds(RunArguments arguments, const SeedRunner& runner);

}  // namespace experiments
