// shared_data.hpp: where tests find recorded environments and published numbers.
// Why:      recordings are public data but no part of the project, so tests that need them must run
//           without them too: they are skipped.
// Use:      const auto file = tests::shared_data("replay/Qwen3-4B/aime24.json");
//           if (!file) GTEST_SKIP() << tests::kNoSharedData;
// Promises: looks in $EVOTTS_SHARED, else in ../shared beside the checkout.
// Threads:  reads the environment; call from one thread.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <optional>
#include <string_view>
#include <system_error>

#include "tests/support/places.hpp"

namespace tests {

inline constexpr std::string_view kNoSharedData =
    "the shared data folder is not here; EVOTTS_SHARED can name it";

inline std::optional<std::filesystem::path> shared_data(std::string_view relative) {
  const char* const named = std::getenv("EVOTTS_SHARED");
  const std::filesystem::path folder = named != nullptr
                                           ? std::filesystem::path(named)
                                           : std::filesystem::path(tests::kSourceDir) / ".." / "shared";
  std::filesystem::path path = folder / relative;
  std::error_code unknown;
  if (!std::filesystem::exists(path, unknown)) return std::nullopt;
  return path;
}

}  // namespace tests
