// run_log.hpp: run.log, which tells of each generation of a run how long it took.
// Why:      what took time must never enter the tree, and is wanted all the same: for a rate, and for a limit
//           of time that holds over an interruption.
// Use:      add_to_log(run, {.generation = 12, .seconds = 1.5, .scored = 40, .episodes = 96'000});
//           for (const LoggedGeneration& each : latest_in_log(run, 10)) ...
//           seconds_in_log(run)
// Promises: lines that are none of these are passed over, and no more than the end of a huge file is read.
// Throws:   RunError where another kind of file lies in its place.
// Threads:  as evo/base/run_file.hpp.
// Tests:    tests/experiments/commands/run_seeds_test.cpp, tests/experiments/commands/foreign_files_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <vector>

namespace experiments {

struct LoggedGeneration {
  int generation = 0;
  double seconds = 0;
  std::uint64_t scored = 0, episodes = 0;
};

// With the time of the day.
void add_to_log(const std::filesystem::path& run, const LoggedGeneration& made);

// The last ones, oldest first. Generation 0, which does other work, is not among them.
std::vector<LoggedGeneration> latest_in_log(const std::filesystem::path& run, std::size_t most);

// That the run has been worked on in all, as far as generations came to their end.
double seconds_in_log(const std::filesystem::path& run);

}  // namespace experiments
