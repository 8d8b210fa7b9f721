// exit_codes.hpp: how `evotts` ends.
// Why:      scripts tell a mistake of theirs from work that failed.
// Use:      return kGood;
// Threads:  constants.
// Tests:    tests/experiments/commands/command_line_test.cpp
#pragma once

namespace experiments {

inline constexpr int kGood = 0;
inline constexpr int kWorkFailed = 1;
inline constexpr int kBadInput = 2;

}  // namespace experiments
