#include "genome/text/text_diff.hpp"

#include <algorithm>
#include <cstdio>
#include <gtest/gtest.h>
#include <optional>
#include <rapidcheck.h>
#include <string>
#include <string_view>
#include <vector>

#include "genome/text/printer.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

TEST(TextDiff, ShowsWhatChangedWithItsSurroundings) {
  EXPECT_EQ(text_diff("a\nb\n", "a\nb\n"), "");
  EXPECT_EQ(text_diff("a\nb\nc\nd\ne\nf\ng\nh\n", "a\nb\nc\nd\nE\nf\ng\nh\n",
                      {.from = "x", .to = "y", .context = 1}),
            "--- x\n+++ y\n@@ -4,3 +4,3 @@\n d\n-e\n+E\n f\n");
  EXPECT_EQ(text_diff("", "a\n"), "--- a\n+++ b\n@@ -0,0 +1,1 @@\n+a\n");
  EXPECT_EQ(text_diff("a\n", ""), "--- a\n+++ b\n@@ -1,1 +0,0 @@\n-a\n");
  EXPECT_EQ(text_diff("a\nb", "a\nb\n"),
            "--- a\n+++ b\n@@ -1,2 +1,2 @@\n a\n-b\n\\ No newline at end of file\n+b\n");
}

std::vector<std::string> lines_of(std::string_view text) {
  std::vector<std::string> lines;
  while (!text.empty()) {
    const auto end = std::min(text.find('\n'), text.size() - 1) + 1;
    lines.emplace_back(text.substr(0, end));
    text.remove_prefix(end);
  }
  return lines;
}

// Applies hunks as patch does, strictly; nothing when they do not fit.
std::optional<std::string> patched(std::string_view a, std::string_view diff) {
  const std::vector<std::string> from = lines_of(a);
  std::vector<std::string> hunks = lines_of(diff);
  std::string out;
  std::size_t at = 0, line_out = 0;
  for (std::size_t i = 2; i < hunks.size(); ++i) {
    const std::string& line = hunks[i];
    if (line[0] == '@') {
      std::size_t start_a = 0, count_a = 0, start_b = 0, count_b = 0;
      if (std::sscanf(line.c_str(), "@@ -%zu,%zu +%zu,%zu @@", &start_a, &count_a, &start_b, &count_b) != 4)
        return std::nullopt;
      const std::size_t first = count_a == 0 ? start_a : start_a - 1;
      for (; at < first; ++at, ++line_out) out += from[at];
      if (line_out != (count_b == 0 ? start_b : start_b - 1)) return std::nullopt;
    } else if (line[0] == '\\') {
      continue;
    } else {
      std::string body = line.substr(1);
      if (i + 1 < hunks.size() && hunks[i + 1][0] == '\\') body.pop_back();
      if (line[0] != '+') {
        if (at >= from.size() || from[at] != body) return std::nullopt;
        ++at;
      }
      if (line[0] != '-') {
        out += body;
        ++line_out;
      }
    }
  }
  for (; at < from.size(); ++at) out += from[at];
  return out;
}

TEST(TextDiff, PatchingGivesTheOtherText) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    for (int i = 0; i < 20; ++i) {
      const auto text = [&] {
        std::string lines;
        for (auto left = base::uniform_int(rng, 0, 12); left > 0; --left)
          lines += std::string(1, static_cast<char>('a' + base::uniform_int(rng, 0, 3))) + "\n";
        if (!lines.empty() && base::chance(rng, 0.2)) lines.pop_back();
        return lines;
      };
      const std::string a = text(), b = text();
      const std::string diff = text_diff(a, b, {.context = base::uniform_index(rng, 4)});
      RC_ASSERT(diff.empty() == (a == b));
      if (a != b) RC_ASSERT(patched(a, diff) == b);
    }
    const Controller parent = tests::founder(rng);
    const auto child = mutate(rng, parent, Mutation::kSubtree);
    if (child) RC_ASSERT(patched(print(parent), text_diff(print(parent), print(*child))) == print(*child));
  }));
}

}  // namespace
}  // namespace genome
