// patterns.hpp: regular expressions whose time is bounded, whatever the text is.
// Why:      texts come from models. Engines that backtrack take exponential time on some of them, and
//           std::regex overflows the stack; RE2 does neither.
// Use:      const Pattern pattern(R"(Answer: (\d+))");
//           if (const auto found = pattern.first(text)) ...
// Promises: what is found is the first group that took part in the match; the whole match if the expression
//           has no group. The constructor throws std::invalid_argument with RE2's reason. first() is linear
//           in the text. A copy is cheap.
// Threads:  const members may be called from several threads.
// Tests:    tests/replay/answers/extract_test.cpp
#pragma once

#include <memory>
#include <optional>
#include <string_view>

namespace re2 {
class RE2;
}

namespace replay {

class Pattern {
 public:
  explicit Pattern(std::string_view expression);

  std::optional<std::string_view> first(std::string_view text) const;

  // Of the last match, where matches may share what is not found. It is linear in the text only if no match,
  // and no attempt at one, goes far beyond what is found: for expressions of our own.
  std::optional<std::string_view> last(std::string_view text) const;

 private:
  std::shared_ptr<const re2::RE2> expression_;
};

}  // namespace replay
