// text_diff.hpp: the difference of two texts, line by line.
// Why:      canonical texts are made of meaningful lines, so their line difference is readable.
// Use:      std::string d = text_diff(print(a), print(b), {.from = "cmc", .to = "RUN:best"});
// Promises: empty for equal texts; otherwise the unified form that patch and editors know. The edit script
//           is a shortest one (longest common subsequence).
// Threads:  pure function.
#pragma once

#include <string>
#include <string_view>

namespace genome {

struct DiffOptions {
  std::string from = "a";
  std::string to = "b";
  std::size_t context = 3;  // unchanged lines shown around a change
};

std::string text_diff(std::string_view a, std::string_view b, const DiffOptions& options = {});

}  // namespace genome
