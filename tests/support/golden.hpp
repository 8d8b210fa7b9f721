// golden.hpp: expected texts in files under tests/golden.
// Why:      a long expected text is read, reviewed and compared best as a file of its own.
// Use:      tests::expect_golden("diagnostics/empty.txt", rendered);
// Promises: with EVOTTS_UPDATE_GOLDEN=1 in the environment the file is written instead.
// Threads:  reads and writes files; one thread.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <iterator>
#include <string>
#include <string_view>

#include "tests/support/places.hpp"

namespace tests {

inline std::filesystem::path golden_path(std::string_view relative) {
  return std::filesystem::path(tests::kSourceDir) / "tests" / "golden" / relative;
}

inline std::string read_file(const std::filesystem::path& path) {
  std::ifstream file(path, std::ios::binary);
  EXPECT_TRUE(file.is_open()) << path;
  return {std::istreambuf_iterator<char>(file), std::istreambuf_iterator<char>()};
}

inline void expect_golden(std::string_view relative, std::string_view found) {
  const std::filesystem::path path = golden_path(relative);
  const char* const update = std::getenv("EVOTTS_UPDATE_GOLDEN");
  if (update != nullptr && std::string_view(update) == "1") {
    std::ofstream(path, std::ios::binary) << found;
    return;
  }
  EXPECT_EQ(found, read_file(path)) << relative << "; EVOTTS_UPDATE_GOLDEN=1 writes it anew";
}

}  // namespace tests
