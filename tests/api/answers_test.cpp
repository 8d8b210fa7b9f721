#include <evotts/answers.hpp>
#include <gtest/gtest.h>
#include <string>

namespace evotts {
namespace {

TEST(ApiAnswers, SpellingsOfTheSameAreOne) {
  EXPECT_EQ(normal_form("026"), "26");
  EXPECT_EQ(normal_form("10{,}000"), normal_form("10000"));
  EXPECT_EQ(normal_form("\\dfrac12"), normal_form("\\frac{1}{2}"));
  EXPECT_EQ(normal_form("(b)", AnswerTask::kLetter), "B");
  EXPECT_EQ(normal_form("ERR"), "ERR");
  EXPECT_EQ(normal_form(""), "");
  EXPECT_EQ(normal_form(normal_form("\xFF 007 \x01")), normal_form("\xFF 007 \x01"));
}

TEST(ApiAnswers, EachRuleReadsWhereItSays) {
  EXPECT_EQ(Extractor("boxed").answer("so \\boxed{1} or \\boxed{026}."), "26");
  EXPECT_EQ(Extractor("number").answer("first 3, then 1,234"), "1234");
  EXPECT_EQ(Extractor("letter").answer("the answer is (c)"), "C");
  EXPECT_EQ(Extractor("after:####").answer("x\n#### 7\n"), "7");
  EXPECT_EQ(Extractor("regex:A=([0-9]+)").answer("A=08"), "8");
}

TEST(ApiAnswers, WhatIsWrittenIsNotWhatItIs) {
  const Extractor boxed("boxed");
  EXPECT_EQ(boxed.extract("\\boxed{026}"), "026");
  EXPECT_EQ(boxed.extract("nothing"), std::nullopt);
  EXPECT_EQ(boxed.answer("nothing"), "ERR");
  EXPECT_EQ(boxed.rule(), "boxed");
  EXPECT_EQ(boxed.task(), AnswerTask::kAny);
  EXPECT_EQ(Extractor("letter").task(), AnswerTask::kLetter);
}

TEST(ApiAnswers, ARuleThatIsNoneIsRefused) {
  for (const char* rule : {"", "box", "after:", "regex:", "regex:("}) {
    try {
      const Extractor extractor(rule);
      ADD_FAILURE() << rule;
    } catch (const Error& error) {
      EXPECT_EQ(error.fault(), Fault::kInput);
      EXPECT_NE(std::string(error.what()).find("extractor"), std::string::npos) << error.what();
    }
  }
}

}  // namespace
}  // namespace evotts
