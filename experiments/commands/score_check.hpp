// score_check.hpp: what a run says of its controllers, made again from its recordings.
// Why:      a record may be whole and still not be what a search would have found.
// Use:      const ScoreCheck check = check_scores(open_run("runs/a"), 10);
//           for (const std::string& each : check.problems) ...
// Promises: scores of a sample of the living, the expected gain, and the figures of the choice for limits.
//           What another version of the program may have computed otherwise is told and is no problem.
// Throws:   evo::RunError where the run cannot be read.
// Threads:  uses the threads of the calling TBB arena.
// Tests:    tests/experiments/commands/verify_test.cpp, tests/experiments/commands/service_level_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "experiments/sources/run_source.hpp"

namespace experiments {

struct ScoreCheck {
  std::size_t compared = 0, population = 0;
  std::size_t rounded = 0;  // that differ in their last digits alone
  std::vector<std::string> problems;
  std::string left_out;   // why nothing was compared
  std::string elsewhere;  // made with another C library: how that is said; empty: with this one
  std::string expected;   // what is to be said of the expected gain; empty: nothing
  std::string limits;     // and of the choice for limits
};

// `wanted`: how many of the living, at most.
ScoreCheck check_scores(const RunAt& at, std::size_t wanted);

}  // namespace experiments
