#include "live/reading/answer_task.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>

#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using testing::HasSubstr;

std::string failure(const TaskWords& words) {
  try {
    const ReadingTask task(words);
  } catch (const replay::InputError& error) {
    return error.what();
  }
  return "";
}

TEST(ReadingTask, HasDefaultsForEachTask) {
  const ReadingTask boxed({});
  EXPECT_EQ(boxed.task(), "boxed");
  EXPECT_EQ(boxed.look_task(), "boxed");
  EXPECT_EQ(boxed.suffix(), "\n</think>\n\n**Final Answer**\n\n\\[ \\boxed{");
  EXPECT_EQ(boxed.prompt(),
            "{question}\n\nPlease reason step by step, and put your final answer within \\boxed{}.");
  EXPECT_EQ(ReadingTask({.task = "number"}).suffix(), "\n</think>\n\nThe final answer is ");
  EXPECT_EQ(ReadingTask({.task = "regex:(\\d+)"}).suffix(), "\n</think>\n\nThe final answer is ");
  EXPECT_EQ(ReadingTask({.task = "after:Answer:"}).suffix(), "\n</think>\n\nAnswer:");
  EXPECT_EQ(ReadingTask({.task = "after:Answer:"}).prompt(), "{question}");
  EXPECT_THAT(ReadingTask({.task = "letter"}).prompt(),
              HasSubstr("{question}\n\nPlease reason step by step"));
  const ReadingTask mixed({.task = "boxed", .look_task = "number"});
  EXPECT_EQ(mixed.suffix(), "\n</think>\n\nThe final answer is ");
  EXPECT_EQ(mixed.prompt(), boxed.prompt());
}

TEST(ReadingTask, RefusesWhatIsNoTaskAndWhatAsksNothing) {
  EXPECT_THAT(failure({.task = "box"}), HasSubstr("extractor \"box\": must be boxed, number"));
  EXPECT_THAT(failure({.look_task = "regex:("}), HasSubstr("no regular expression of RE2"));
  EXPECT_THAT(failure({.task = "after:"}), HasSubstr("no mark follows"));
  EXPECT_EQ(failure({.prompt = "Solve\n{Question}"}),
            "prompt \"Solve\\n{Question}\": has no {question}, where the question is to stand");
}

TEST(ReadingTask, PutsTheQuestionIntoThePrompt) {
  const ReadingTask task({.prompt = "A {question} B {question}{"});
  EXPECT_EQ(task.prompt_of("{question}$1"), "A {question}$1 B {question}$1{");
}

TEST(ReadingTask, ReadsFinals) {
  EXPECT_EQ(ReadingTask({}).final_answer("</think> So \\boxed{026}."), "26");
  EXPECT_EQ(ReadingTask({}).final_answer("no box, 26"), "ERR");
  EXPECT_EQ(ReadingTask({.task = "number"}).final_answer("2 + 2 = 1,004"), "1004");
  EXPECT_EQ(ReadingTask({.task = "letter"}).final_answer("The answer is (b)."), "B");
  EXPECT_EQ(ReadingTask({.task = "after:#"}).final_answer("12+5\n#890\n"), "890");
  EXPECT_EQ(ReadingTask({.task = "after:#"}).final_answer(""), "ERR");
}

TEST(ReadingTask, ReadsALookToTheBraceThatClosesTheSuffix) {
  const ReadingTask task({});
  EXPECT_EQ(task.looked_answer("42}"), "42");
  EXPECT_EQ(task.looked_answer(" 42 } \\]\n\nWait, \\boxed{43}"), "42");
  EXPECT_EQ(task.looked_answer("\\frac{1}{2}}.\\]"), "\\frac{1}{2}");
  EXPECT_EQ(task.looked_answer("\\{1, 2\\}}"), "\\{1, 2\\}");
  EXPECT_EQ(task.looked_answer("1,000} or {2}"), "1000");
  for (const char* nothing : {"", "  \n", "}", "  } 42", "42", "42 and then {", "\\frac{1}{2", "{42}"})
    EXPECT_EQ(task.looked_answer(nothing), "ERR") << nothing;
}

TEST(ReadingTask, ASuffixOfTheUserMayEndInsideABoxToo) {
  EXPECT_EQ(ReadingTask({.look_suffix = "So \\fbox{ "}).looked_answer("7} x"), "7");
  EXPECT_EQ(ReadingTask({.look_suffix = "So \\boxed {\\text{"}).looked_answer("yes}} no}"), "yes");
  const auto inside = [](const char* task, const char* look) {
    return ReadingTask({.task = task, .look_suffix = "Answer: 1) \\boxed{"}).looked_answer(look);
  };
  EXPECT_EQ(inside("number", "x = 42} 17"), "42");
  EXPECT_EQ(inside("number", "x} 17"), "ERR");
  EXPECT_EQ(inside("number", "42"), "ERR");
  EXPECT_EQ(inside("letter", "\\text{(c)}} D"), "C");
  EXPECT_EQ(inside("after:Answer:", "5} 6"), "5");
  EXPECT_EQ(inside("regex:boxed\\{(\\d+)\\}", "55} 6"), "55");
  EXPECT_EQ(inside("regex:boxed\\{(\\d+)\\}", "x} \\boxed{6}"), "ERR");
}

TEST(ReadingTask, WithoutABoxItReadsWhatWasSaidFirst) {
  const ReadingTask number({.task = "number"});
  EXPECT_EQ(number.looked_answer("42.\n\nLet me check 17"), "42");
  EXPECT_EQ(number.looked_answer("\n\n-3,000"), "-3000");
  EXPECT_EQ(number.looked_answer("the following:\n**5**\n6"), "5");
  EXPECT_EQ(number.looked_answer("not known"), "ERR");
  EXPECT_EQ(number.looked_answer(""), "ERR");
  const ReadingTask letter({.task = "letter"});
  EXPECT_EQ(letter.looked_answer("B"), "B");
  EXPECT_EQ(letter.looked_answer("(d), since A is wrong\nA"), "D");
  EXPECT_EQ(letter.looked_answer("unclear"), "ERR");
  const ReadingTask after({.task = "after:Answer:"});
  EXPECT_EQ(after.looked_answer(" 12\nAnswer: 13"), "12");
  EXPECT_EQ(after.looked_answer("\n\n12"), "12");
  EXPECT_EQ(after.looked_answer(" \n"), "ERR");
  EXPECT_EQ(ReadingTask({.task = "after:Answer:", .look_suffix = "So:"}).looked_answer("Answer:\n5"), "5");
  EXPECT_EQ(ReadingTask({.look_suffix = "\n</think>\n\n"}).looked_answer("It is \\boxed{3}"), "3");
  EXPECT_EQ(ReadingTask({.look_suffix = "\\boxed"}).looked_answer("{3}"), "3");
  EXPECT_EQ(ReadingTask({.task = "regex:is (\\w+)"}).looked_answer("x9 or so"), "x9");
}

TEST(ReadingTask, TheSuffixAloneIsNoAnswer) {
  const ReadingTask number({.task = "number", .look_suffix = "Question 1, answer: "});
  EXPECT_EQ(number.looked_answer("none"), "ERR");
  EXPECT_EQ(number.looked_answer("42"), "42");
  const ReadingTask boxed({.look_suffix = "as \\boxed{1} was, now: "});
  EXPECT_EQ(boxed.looked_answer("none"), "ERR");
  EXPECT_EQ(boxed.looked_answer("\\boxed{2}"), "2");
  EXPECT_EQ(ReadingTask({.task = "letter", .look_suffix = "Of A and B, it is "}).looked_answer("?"), "ERR");
  EXPECT_EQ(ReadingTask({.task = "regex:(\\d)", .look_suffix = "1: "}).looked_answer("none"), "ERR");
}

TEST(ReadingTask, BringsGoldIntoTheSameForm) {
  EXPECT_EQ(ReadingTask({}).gold_answer("026"), "26");
  EXPECT_EQ(ReadingTask({.task = "letter"}).gold_answer("(b)"), "B");
  EXPECT_EQ(ReadingTask({}).gold_answer("(b)"), "(b)");
  for (const char* nothing : {"", "  ", "ERR", "$$"})
    EXPECT_THROW(ReadingTask({}).gold_answer(nothing), replay::InputError) << nothing;
}

TEST(ReadingTask, TakesAnyBytes) {
  for (const char* task : {"boxed", "number", "letter", "after:x", "regex:."}) {
    const ReadingTask reading({.task = task});
    std::string bytes = "\xff\x80{\\";
    bytes += '\0';
    EXPECT_NE(reading.looked_answer(bytes), "");
    EXPECT_NE(reading.final_answer(bytes), "");
  }
  EXPECT_EQ(ReadingTask({}).looked_answer(std::string(1'000'000, '{')), "ERR");
}

}  // namespace
}  // namespace live
