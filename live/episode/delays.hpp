// delays.hpp: how long something took, counted in the classes of a histogram.
// Why:      a mean hides the one wait in a hundred; whoever looks at a busy server needs to see it.
// Use:      delays.add(0.0012);   delays.add(those_of_an_episode);
// Promises: counts[i] are those up to kBounds[i] and above the bound before; the last, those above all.
// Threads:  one at a time.
// Tests:    tests/live/serve/chat_reply_test.cpp
#pragma once

#include <algorithm>
#include <array>
#include <cstddef>
#include <cstdint>

namespace live {

struct Delays {
  // Seconds.
  static constexpr std::array kBounds = {0.0001, 0.0005, 0.001, 0.0025, 0.005, 0.01, 0.025, 0.05, 0.1, 1.0};

  std::array<std::int64_t, kBounds.size() + 1> counts{};
  double seconds = 0;  // their sum

  void add(double its_seconds) {
    const auto bound = std::ranges::lower_bound(kBounds, its_seconds);
    ++counts[static_cast<std::size_t>(bound - kBounds.begin())];
    seconds += its_seconds;
  }
  void add(const Delays& others) {
    for (std::size_t i = 0; i < counts.size(); ++i) counts[i] += others.counts[i];
    seconds += others.seconds;
  }
};

}  // namespace live
