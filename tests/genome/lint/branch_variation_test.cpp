#include "genome/lint/branch_variation.hpp"

#include <gtest/gtest.h>
#include <string>

#include "genome/text/checker.hpp"

namespace genome {
namespace {

// Whether the key of the last statement of the round tells branches apart.
bool tells_apart(const std::string& round, const std::string& start = "  open 4\n") {
  const std::string text = "controller c\nmemory\n  go = 0\nbranch\n  bad = 0\n  mark = 0\nstart\n" + start +
                           "round\n" + round + "answer\n  top(finished, bad + mark + go)\n";
  const CheckResult checked = check_text(text);
  EXPECT_TRUE(checked.controller) << render_all(checked.diagnostics, "text", text);
  if (!checked.controller) return false;
  const Controller& c = checked.controller->tree();
  const Scopes scopes(c);
  return BranchVariation(c, scopes, Section::kRound).tells_apart(c.round.size() - 1);
}

const std::string kByBad = "  prune active first bad keep 2\n",
                  kByDepth = "  prune active first depth keep 2\n",
                  kByAge = "  prune active first age keep 2\n", kOpen = "  open 1 when round == 3\n",
                  kMove = "  advance active by 1\n";

TEST(BranchVariation, ARegisterThatAllAreGivenIsTheSame) {
  for (const std::string given : {"round", "bad + 1", "2 * count(active)", "mark", "if(round > 3, age, 1)"})
    EXPECT_FALSE(tells_apart("  bad = " + given + "\n" + kMove + kByBad)) << given;
  EXPECT_FALSE(tells_apart("  bad = round when round > 3\n" + kMove + kByBad));
  EXPECT_FALSE(tells_apart(kOpen + "  bad = round\n" + kMove + kByBad));
  EXPECT_FALSE(tells_apart(kOpen + "  bad = round\n  let key = 2 * bad\n  prune active first key keep 2\n"));
}

TEST(BranchVariation, ARegisterThatSomeAreGivenIsNot) {
  for (const std::string given : {"round for depth > 3", "streak", "mark + streak", "bad + changes"})
    EXPECT_TRUE(tells_apart("  bad = " + given + "\n" + kMove + kByBad)) << given;
  EXPECT_TRUE(tells_apart("  mark = streak\n  bad = mark\n" + kMove + kByBad));
  // Branches that were opened since have been given nothing.
  EXPECT_TRUE(tells_apart("  bad = round\n" + kOpen + kMove + kByBad));
  EXPECT_TRUE(tells_apart(kOpen + "  bad = round when round > 3\n" + kMove + kByBad));
  EXPECT_TRUE(tells_apart(kOpen + "  bad = bad + 1\n" + kMove + kByBad));
  EXPECT_TRUE(tells_apart("  let key = age - age + bad\n  bad = bad + 1\n" + kOpen +
                          "  prune active first key keep 2\n"));
  EXPECT_TRUE(tells_apart(kMove + kByBad, "  open 2\n  bad = 1\n  open 2\n"));
  EXPECT_FALSE(tells_apart(kMove + kByBad, "  open 2\n  open 2\n  bad = 1\n"));
}

TEST(BranchVariation, BranchesOpenedTogetherHaveOneAge) {
  EXPECT_FALSE(tells_apart(kMove + kByAge));
  EXPECT_FALSE(tells_apart("  advance active and streak > 2 by 1\n" + kByAge));
  EXPECT_TRUE(tells_apart(kOpen + kMove + kByAge));
}

TEST(BranchVariation, BranchesAdvancedTogetherHaveOneDepth) {
  EXPECT_FALSE(tells_apart(kMove + kByDepth));
  EXPECT_FALSE(tells_apart("  advance active by if(depth > 3, 2, go)\n" + kByDepth));
  EXPECT_FALSE(tells_apart(kMove + "  prune active first age - depth keep 2\n"));
  EXPECT_TRUE(tells_apart(kOpen + kMove + kByDepth));
  for (const char* moves : {"advance active and streak > 2 by 1", "advance active by streak",
                            "continue active by 1", "advance active by 1 + bad\n  bad = streak"})
    EXPECT_TRUE(tells_apart("  " + std::string(moves) + "\n" + kByDepth)) << moves;
  EXPECT_TRUE(tells_apart(kMove + kByDepth, "  open 2\n  advance active by 1\n  open 2\n"));
  EXPECT_TRUE(tells_apart(kMove + kByDepth, "  open 2\n  read 1\n"));
}

TEST(BranchVariation, ASetCanFixItsKey) {
  const auto pruned = [](const std::string& rest) {
    return tells_apart(kOpen + "  advance active by streak\n  prune active and " + rest + " keep 2\n");
  };
  EXPECT_FALSE(pruned("depth == 5 first depth"));
  EXPECT_FALSE(pruned("5 == depth first -depth"));
  EXPECT_FALSE(pruned("depth == round and changes == depth first changes"));
  EXPECT_FALSE(pruned("answer == top(active) first votes(answer, active)"));
  EXPECT_FALSE(pruned("not blank(answer) first if(blank(answer), 1, 2)"));
  EXPECT_FALSE(pruned("depth > 3 first if(depth > 3, 1, 2)"));
  EXPECT_TRUE(pruned("depth >= 5 first depth"));
  EXPECT_TRUE(pruned("(depth == 5 or depth == 6) first depth"));
  EXPECT_TRUE(pruned("depth != 5 first depth"));
  EXPECT_TRUE(pruned("not (depth == 5) first depth"));
  EXPECT_TRUE(pruned("depth == 5 first streak"));
  EXPECT_TRUE(pruned("depth == changes first depth"));
}

}  // namespace
}  // namespace genome
