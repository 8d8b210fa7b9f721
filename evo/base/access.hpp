// access.hpp: whether a run may be read or written here, and what to do about one that cannot be used.
// Why:      "cannot open evotts.lock" helps nobody whose run is on a read-only disk or is somebody else's.
// Use:      expect_writable("runs/a");       // before anything long is begun
//           throw StorageError(error.what() + advice_to_verify("runs/a"));
// Promises: RunError that says whose the run is or what is read-only, and which command still works.
// Threads:  any.
// Tests:    tests/experiments/commands/read_only_test.cpp
#pragma once

#include <filesystem>
#include <string>

namespace evo {

void expect_readable(const std::filesystem::path& run);
void expect_writable(const std::filesystem::path& run);

// "; 'evotts verify RUN' lists what is damaged ..."
std::string advice_to_verify(const std::filesystem::path& run);

}  // namespace evo
