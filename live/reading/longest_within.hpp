// longest_within.hpp: which of many texts stands within a longer one; of several, the longest.
// Why:      a prompt holds its question among other words, and a table has thousands of questions.
// Use:      const LongestWithin questions({"What is 1+1?", "What is 2+2?"});
//           questions.in("Q: What is 2+2? A:")   // "What is 2+2?"
// Promises: texts of fewer than kLeast bytes are left out, since ids and numbers are in any text. Time is
//           that of one look-up a byte, and of comparing where eight bytes agree.
// Threads:  const members may be called from several threads; long work can be interrupted.
// Tests:    tests/live/reading/longest_within_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>
#include <unordered_map>
#include <vector>

namespace live {

class LongestWithin {
 public:
  static constexpr std::size_t kLeast = 8;

  LongestWithin() = default;
  explicit LongestWithin(std::vector<std::string_view> texts);  // views, which have to stay

  // Empty: none does.
  std::string_view in(std::string_view text) const;

 private:
  static constexpr std::size_t kNone = SIZE_MAX;

  // Those that begin with the same bytes.
  struct Group {
    std::size_t begin = 0, end = 0;
    std::size_t longest = 0;
  };

  std::string_view longest_before(std::string_view rest, const Group& group) const;

  std::vector<std::string_view> texts_;  // sorted, each once
  std::vector<std::size_t> within_;      // for each, the longest other that it begins with
  std::unordered_map<std::uint64_t, Group> groups_;
  std::vector<bool> pairs_;  // by two bytes: whether any text begins with them
};

}  // namespace live
