// limits.hpp: what a recording may hold.
// Why:      beyond these it is a mistake rather than a measurement, and sums of costs stay far below the
//           limits of 64 bits. Whoever reads or makes recordings keeps to the same bounds.
// Use:      if (tokens > kMaxTokens) throw InputError(...);
// Promises: constants and a pure predicate.
// Threads:  pure functions.
// Tests:    tests/replay/environment/reader_test.cpp, tests/replay/environment/signal_reading_test.cpp
#pragma once

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <string_view>

namespace replay {

inline constexpr std::int64_t kMaxInterval = 1'000'000'000;
inline constexpr std::int64_t kMaxTokens = 1'000'000'000'000;
inline constexpr std::size_t kMaxProbes = 1'000'000;    // of one branch
inline constexpr std::size_t kMaxBranches = 1'000'000;  // of one question
// Of one branch that has signals: SignalTable::least_step counts its steps in 16 bits.
inline constexpr std::size_t kMaxProbesWithSignals = 65'534;
inline constexpr std::size_t kMaxSignals = 16;           // of an environment
inline constexpr std::size_t kMaxSignalName = 64;        // bytes of a name
inline constexpr std::size_t kMaxFileBytes = 1U << 30U;  // 1 GiB

// Whether the text is 1 to kMaxSignalName letters, digits and _.
constexpr bool is_signal_name(std::string_view text) {
  const auto fits = [](char c) {
    return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') || c == '_';
  };
  return !text.empty() && text.size() <= kMaxSignalName && std::ranges::all_of(text, fits);
}

}  // namespace replay
