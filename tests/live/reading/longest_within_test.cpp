#include "live/reading/longest_within.hpp"

#include <algorithm>
#include <chrono>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>
#include <thread>
#include <vector>

#include "replay/parallel/interruption.hpp"

namespace live {
namespace {

TEST(LongestWithin, OfSeveralTheLongest) {
  const LongestWithin texts(
      {"What is 1+1?", "What is 1+1? Think.", "What is 1+1? Guess!", "short", "1+1? Think."});
  EXPECT_EQ(texts.in("Q: What is 1+1? Think. A:"), "What is 1+1? Think.");
  EXPECT_EQ(texts.in("What is 1+1? Thin"), "What is 1+1?");
  EXPECT_EQ(texts.in("so 1+1? Think. What is 1+1"), "1+1? Think.");
  EXPECT_EQ(texts.in("short"), "");
  EXPECT_EQ(texts.in(""), "");
  EXPECT_EQ(LongestWithin().in("What is 1+1?"), "");
}

// Few letters make many texts begin alike and stand within each other.
RC_GTEST_PROP(LongestWithin, FindsWhatLookingForEachFinds, ()) {
  const auto letters = rc::gen::container<std::string>(rc::gen::element('a', 'b'));
  const auto texts = *rc::gen::container<std::vector<std::string>>(
      rc::gen::map(letters, [](std::string text) { return "aaaaaa" + std::move(text); }));
  std::string text = "aaaaaaab" + *letters;
  for (const std::string& each : texts)
    text += each.substr(0, each.size() - *rc::gen::inRange(0, 2)) + *letters;
  std::size_t longest = 0;
  for (const std::string& each : texts)
    if (each.size() >= LongestWithin::kLeast && text.contains(each)) longest = std::max(longest, each.size());
  const std::string_view found = LongestWithin({texts.begin(), texts.end()}).in(text);
  RC_ASSERT(found.size() == longest);
  RC_ASSERT(found.empty() || std::ranges::find(texts, found) != texts.end());
}

// Ten thousand texts and a prompt of megabytes: each by itself would be looked for through all of it.
TEST(LongestWithin, IsQuickOnLongPromptsAndEndsWhenItIsToldTo) {
  std::vector<std::string> texts;
  for (int i = 0; i < 10'000; ++i)
    texts.push_back("Consider the number " + std::to_string(i) + ". Is it prime?");
  const LongestWithin index({texts.begin(), texts.end()});
  std::string prompt;
  while (prompt.size() < 8'000'000) prompt += "Consider the number of words in this text. ";
  prompt += "Consider the number 9999. Is it prime?";
  EXPECT_EQ(index.in(prompt), texts.back());
  const replay::Interruptible ended([] { return false; });
  std::this_thread::sleep_for(std::chrono::milliseconds(40));  // it is asked every 20
  EXPECT_THROW((void)index.in(prompt), replay::Interrupted);
}

}  // namespace
}  // namespace live
