// program_version.hpp: which program this is: its version, and the commit that it was built from.
// Why:      a run outlives the program that made it; whoever compares runs asks which program that was.
// Use:      print(program_version() + "\n");       // evotts 0.1.0 (commit 1234abcd..., modified)
//           {Trailer::kProgramVersion, program_trailer()}   // evotts 0.1.0 1234abcd... modified
// How:      program_commit.cmake asks git at every build and writes one small file where the answer is a new
//           one. Without git, or without the history, the commit is "unknown".
// Promises: "modified" when a file that git tracks differed from the commit. No part of the tree of a run.
// Threads:  pure functions.
// Tests:    tests/evo/base/program_version_test.cpp
#pragma once

#include <string>
#include <string_view>

namespace evo {

// "1234abcd..." in full, the same with " modified", or "unknown".
std::string_view program_commit();

std::string program_version();
std::string program_trailer();

}  // namespace evo
