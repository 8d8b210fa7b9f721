// status_lines.hpp: where a run stands, in lines: generation, spending, best, what is expected of it.
// Why:      `evotts status` and the page of a run say it in the same words.
// Use:      print(status_lines(at, state, experiment));
// Promises: each line begins with its matter in a column of 13, or with blanks where it goes on with the one
//           before; the last ones are sentences. All text of others is made visible.
// Threads:  reads the file system, otherwise pure.
// Tests:    tests/experiments/commands/run_resume_test.cpp, tests/experiments/commands/unseal_test.cpp
#pragma once

#include <cstddef>
#include <string>

#include "evo/experiment/experiment.hpp"
#include "evo/population/state.hpp"
#include "experiments/sources/run_source.hpp"

namespace experiments {

// The width of the column of matters, with the blank behind it.
inline constexpr std::size_t kStatusColumn = 14;

std::string status_lines(const RunAt& at, const evo::State& state, const evo::Experiment& experiment);

}  // namespace experiments
