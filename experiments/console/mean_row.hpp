// mean_row.hpp: how rows of means are told apart where one table has them below those of environments.
// Why:      csv has one table; programs must know its means by the same word in every command.
// Use:      table.add_row({kMeanOverEnvironments, ...});
// Promises: the word is in parentheses, as no name of a file is expected to be.
// Threads:  a constant.
// Tests:    tests/experiments/commands/eval_test.cpp, tests/experiments/commands/compare_test.cpp
#pragma once

namespace experiments {

// In place of the environment's name.
inline constexpr const char* kMeanOverEnvironments = "(mean)";

}  // namespace experiments
