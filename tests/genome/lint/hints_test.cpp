#include "genome/lint/hints.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "genome/lint/foreign_choice.hpp"
#include "genome/lint/lint.hpp"

namespace genome {
namespace {

using testing::HasSubstr;

std::string text_with(const std::string& line) {
  return "controller mine\nmemory\n  leader = none\n  n = 2\nstart\n  open 4\nround\n  " + line +
         "\n  advance active by n when exists(leader)\nanswer\n  top(finished)\n";
}

// The hints of all errors of a text with this line in its round, one a line.
std::string hints_of(const std::string& line) {
  const CheckResult result = reviewed(text_with(line));
  EXPECT_FALSE(result.controller) << line;
  std::string all;
  for (const Diagnostic& d : result.diagnostics) {
    EXPECT_EQ(d.at.line, 8U) << line << ": " << d.message;
    all += d.hint + "\n";
  }
  return all;
}

TEST(Hints, ASetIsCountedBeforeItIsCompared) {
  EXPECT_THAT(hints_of("stop when finished > 3"), HasSubstr("as in count(finished) > 3"));
  EXPECT_THAT(hints_of("stop when 3 <= finished"), HasSubstr("as in 3 <= count(finished)"));
  EXPECT_THAT(hints_of("stop when finished == 3"), HasSubstr("as in count(finished) == 3"));
  EXPECT_THAT(hints_of("stop when round > 2 and any(active) < 2"), HasSubstr("as in count(active) < 2"));
  EXPECT_THAT(hints_of("stop when (active and depth > 2) >= 2"),
              HasSubstr("as in count(active and depth > 2) >= 2"));
  EXPECT_THAT(hints_of("open 8 - finished"), HasSubstr("as in 8 - count(finished)"));
  EXPECT_THAT(hints_of("open min(active, 3)"), HasSubstr("count(active)"));
  EXPECT_THAT(hints_of("open finished"), HasSubstr("as in count(finished)"));
  EXPECT_THAT(hints_of("prune active first depth keep active"), HasSubstr("as in count(active)"));
  EXPECT_THAT(hints_of("open (round > 2) + 1"), HasSubstr("if(round > 2, 1, 0)"));
  EXPECT_THAT(hints_of("advance active by finished"), HasSubstr("if(finished, 1, 0)"));
}

TEST(Hints, AnswersAreOpaque) {
  for (const char* line : {"stop when top(finished) == 42", "stop when 42 != leader", "n = top(active) + 1",
                           "stop when any(answer > 3)", "stop when leader == true", "n = top(finished)",
                           "open leader", "prune active first answer keep 1", "stop when leader == \"42\""})
    EXPECT_THAT(hints_of(line), HasSubstr("answers are opaque")) << line;
  for (const char* line :
       {"n = votes(3, finished)", "n = sum(answer, active)", "n = count(answer)", "stop when exists(3)",
        "stop when blank(count(active))", "n = mean(answer, finished)", "n = confidence(finished, answer)",
        "n = max(answer, active)", "n = mix(n, top(finished), 0.5)", "n = votes(answer, answer)"})
    EXPECT_THAT(hints_of(line), HasSubstr("answers are opaque")) << line;
  for (const char* line : {"leader = if(any(finished), top(finished), 0)", "leader = if(n > 2, 0, leader)",
                           "leader = if(n > 2, false, leader)"})
    EXPECT_THAT(hints_of(line), testing::AllOf(HasSubstr("answers are opaque"), HasSubstr("write none")))
        << line;
  EXPECT_THAT(hints_of("n = if(n, 3, 4)"), HasSubstr("compare the number, as in n > 0"));
  EXPECT_THAT(hints_of("n = if(leader, 3, 4)"), HasSubstr("exists(leader) tells whether there is an answer"));
  EXPECT_THAT(hints_of("n = if(n > 2, 3, true)"), testing::Not(HasSubstr("opaque")));
  EXPECT_THAT(hints_of("n = count(3)"), testing::Not(HasSubstr("opaque")));
  EXPECT_THAT(hints_of("leader = 3"), HasSubstr("answers come from branches and votes"));
  EXPECT_THAT(hints_of("stop when round > 2 and leader"), HasSubstr("exists(leader) tells whether"));
  EXPECT_THAT(hints_of("stop when leader"), HasSubstr("exists(leader) tells whether there is an answer"));
  EXPECT_THAT(hints_of("stop when not count(active)"), HasSubstr("count(active) > 0"));
}

TEST(Hints, TheAnswerOfAnErrorIsBlank) {
  for (const char* line : {"stop when any(answer == ERR)", "prune active and answer != ERR", "leader = ERR",
                           "stop when any(answer == \"ERR\")"})
    EXPECT_THAT(hints_of(line), HasSubstr("ERR is an answer; write blank(answer)")) << line;
  EXPECT_THAT(hints_of("stop when n > ERROR"), testing::Not(HasSubstr("is an answer")));
}

TEST(Hints, ChoicesAreWrittenAsCalls) {
  EXPECT_THAT(hints_of("open 3 if round > 2 else 5"), HasSubstr("a choice is written if(round > 2, 3, 5)"));
  EXPECT_THAT(hints_of("n = 3 if n > 2 else n + 5 when round > 2"), HasSubstr("if(n > 2, 3, n + 5)"));
  EXPECT_THAT(hints_of("open min(2, (3 if n > 2 else 5))"), HasSubstr("if(n > 2, 3, 5)"));
  EXPECT_THAT(hints_of("open min(2 if n > 2 else 4, 5)"), HasSubstr("if(n > 2, 2, 4)"));
  EXPECT_THAT(hints_of("advance active by 2 if n > 2 else 4 first depth"), HasSubstr("if(n > 2, 2, 4)"));
  EXPECT_THAT(hints_of("open n > 2 ? 3 : 5"), HasSubstr("a choice is written if(n > 2, 3, 5)"));
  // A statement with a condition behind it is no choice.
  EXPECT_THAT(hints_of("open 3 if round > 2"), HasSubstr("a condition is written after 'when'"));
}

TEST(Hints, OnlyHintsDifferFromThoseOfTheCheck) {
  for (const char* line : {"open 3 if round > 2 else 5", "stop when finished > 3 or nobody", "open ((("}) {
    const std::string text = text_with(line);
    const CheckResult checked = check_text(text), result = reviewed(text);
    ASSERT_EQ(checked.diagnostics.size(), result.diagnostics.size()) << line;
    for (std::size_t i = 0; i < result.diagnostics.size(); ++i) {
      EXPECT_EQ(result.diagnostics[i].code, checked.diagnostics[i].code);
      EXPECT_EQ(result.diagnostics[i].message, checked.diagnostics[i].message);
      EXPECT_EQ(result.diagnostics[i].at.column, checked.diagnostics[i].at.column);
    }
  }
}

TEST(ForeignChoice, IsEmptyWhereThereIsNone) {
  EXPECT_EQ(foreign_choice("open 3 if warm else 5", 7), "if(warm, 3, 5)");
  EXPECT_EQ(foreign_choice("open 3 if warm else 5  # why", 7), "if(warm, 3, 5)");
  EXPECT_EQ(foreign_choice("open 3 if warm", 7), "");
  EXPECT_EQ(foreign_choice("open 3 if else 5", 7), "");
  EXPECT_EQ(foreign_choice("if warm else 5", 0), "");
  EXPECT_EQ(foreign_choice("open 3 if warm else 5", 5), "");
  EXPECT_EQ(foreign_choice("", 0), "");
  std::string many = "open 0";
  for (int i = 0; i < 10'000; ++i) many += " if a else 1";
  EXPECT_TRUE(foreign_choice(many, 7).starts_with("if(a, 0, 1 if a else"));
}

}  // namespace
}  // namespace genome
