// message_trailers.hpp: the `Key: value` lines at the end of a commit message, as git reads them.
// Why:      libgit2's reading ends at a line that begins with "---" and lets an empty trailer swallow the
//           next; people amend messages, paste diffs and sign off, and git must not contradict the program.
// Use:      for (const auto& [key, value] : trailers_of(message)) ...
// Promises: what `git log --format='%(trailers:only,unfold)'` gives under git's default settings: the last
//           paragraph, unless it is the first; all of it trailers, or a quarter of it and a line that git
//           itself writes (Signed-off-by). Values that go on in indented lines are joined by a blank.
// Threads:  pure function.
// Tests:    tests/evo/base/message_trailers_test.cpp
#pragma once

#include <map>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

namespace evo {

// In the order of their lines.
std::vector<std::pair<std::string, std::string>> trailers_of(std::string_view message);

// git compares keys without regard to case.
struct KeyOrder {
  bool operator()(std::string_view a, std::string_view b) const;
};
using TrailerMap = std::map<std::string, std::string, KeyOrder>;

}  // namespace evo
