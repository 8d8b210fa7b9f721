// c_libraries.hpp: which C libraries computed the digits of a run, by the trailers of its commits.
// Why:      exp, log and pow differ between C libraries in the last bit; whoever goes on with a run under
//           another one, or makes its scores again there, is to know.
// Use:      if (const auto other = other_c_library(repository.log(1).front())) ...
//           for (const std::string& each : other_c_libraries(repository, revision)) ...
// Promises: a commit without the trailer, as earlier programs made them, says nothing. Texts out of commits
//           are shown harmless.
// Threads:  one thread at a time.
// Tests:    tests/evo/record/c_libraries_test.cpp
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "evo/git/run_repository.hpp"

namespace evo {

// The C library that a commit was made with, when it is not the one at work here.
std::optional<std::string> other_c_library(const CommitInfo& commit);

// All of those in the history of a revision (empty: the newest), the newest first.
std::vector<std::string> other_c_libraries(const RunRepository& repository, std::string_view revision);

// "it was made with glibc 2.36 fma, here is glibc 2.36 no-fma: ..."
std::string shown_c_library(const std::string& other);

}  // namespace evo
