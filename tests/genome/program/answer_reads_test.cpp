#include "genome/program/answer_reads.hpp"

#include <gtest/gtest.h>
#include <string>

#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"

namespace genome {
namespace {

// How many instructions, votes aside, need answers of unfinished branches; -1 for a text that is wrong.
std::ptrdiff_t readers(const std::string& round, const std::string& registers = "") {
  const CheckResult result = check_text("controller x\n" + registers + "round\n  " + round +
                                        "\n  advance active by 1\nanswer\n  top(finished)\n");
  if (!result.controller) return -1;
  const Program program = compile(*result.controller);
  const std::vector<AnswerReads> reads = answer_reads(program);
  std::ptrdiff_t count = 0;
  for (std::size_t i = 0; i < reads.size(); ++i)
    if (program.code[i].code != Code::kTally) count += reads[i] == AnswerReads::kAll ? 1 : 0;
  return count;
}

TEST(AnswerReads, AComparisonWithinFinishedBranchesIsNone) {
  EXPECT_EQ(readers("stop when count(finished and answer == top(finished)) >= 2"), 0);
  EXPECT_EQ(readers("stop when any(not blank(answer) and finished)"), 0);
  EXPECT_EQ(readers("stop when any(finished and (blank(answer) or answer != top(finished)))"), 0);
  EXPECT_EQ(readers("stop when any(finished and depth > 2 and blank(answer))"), 0);
  EXPECT_EQ(readers("stop when any(depth > 2 and finished and blank(answer)) and round > 2"), 0);
}

TEST(AnswerReads, WhateverElseUsesItIsOne) {
  EXPECT_EQ(readers("stop when count(answer == top(finished)) >= 2"), 1);
  EXPECT_EQ(readers("stop when any(active and blank(answer))"), 1);
  EXPECT_EQ(readers("stop when any(finished or blank(answer))"), 1);
  EXPECT_EQ(readers("stop when any(not (finished and blank(answer)) and not blank(answer))"), 1);
  EXPECT_EQ(readers("prune active and answer != top(finished)"), 1);
  EXPECT_EQ(readers("b = finished and blank(answer)", "branch\n  b = false\n"), 0);
  EXPECT_EQ(readers("b = blank(answer)\n  stop when any(finished and b)", "branch\n  b = false\n"), 1);
  EXPECT_EQ(readers("w = answer\n  stop when any(w == top(finished))", "branch\n  w = none\n"), 1);
  EXPECT_EQ(readers("advance active by if(blank(answer), 1, 2)"), 1);
}

TEST(AnswerReads, ThatABranchHasAnAnswerNeedsNoLook) {
  EXPECT_EQ(readers("stop when all(exists(answer), active)"), 0);
  EXPECT_EQ(readers("stop when any(streak > 2)"), 0);
}

}  // namespace
}  // namespace genome
