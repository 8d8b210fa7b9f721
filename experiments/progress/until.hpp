// until.hpp: what ends the work on a run.
// Why:      `run` and `resume` end by the same things, and what is told on the way depends on them.
// Use:      const Until until{.generations = 50, .minutes = 10};
//           go_on(run, experiment, evaluator, until);
// Threads:  a value.
// Tests:    tests/experiments/commands/progress_test.cpp
#pragma once

#include <chrono>
#include <optional>

namespace experiments {

struct Until {
  int generations = 0;            // in all
  std::optional<double> minutes;  // from the start on, the founders' included
  std::optional<int> stale = {};  // generations without another champion
  std::chrono::steady_clock::time_point start = std::chrono::steady_clock::now();
};

// When what is under way is given up; never without a limit of time.
std::optional<std::chrono::steady_clock::time_point> deadline_of(const Until& until);

}  // namespace experiments
