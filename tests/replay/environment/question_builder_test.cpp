#include "replay/environment/question_builder.hpp"

#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <utility>
#include <vector>

namespace replay {
namespace {

using Column = std::vector<double>;
using Steps = std::vector<std::uint16_t>;

TEST(QuestionBuilder, GathersWhatIsSeenOfASignalAfterEachStep) {
  QuestionBuilder builder("q", "1", 100, 2);
  builder.add_probe("1");
  builder.add_probe("1");
  builder.add_signal(0, Column{4, 2, 8});
  builder.add_signal(1, Column{-1, -3, -2});
  EXPECT_FALSE(builder.end_branch(250, "1"));  // what follows the last probe has 50 tokens
  builder.add_signal(1, Column{7});
  builder.add_signal(0, Column{5});
  EXPECT_FALSE(builder.end_branch(30, "2"));
  const Question question = std::move(builder).finish();
  ASSERT_EQ(question.signals.size(), 2U);
  EXPECT_EQ(question.branches[0].first_signal, 0U);
  EXPECT_EQ(question.branches[1].first_signal, 4U);
  EXPECT_EQ(question.signals[0].latest, (Column{0, 4, 2, 8, 0, 5}));
  EXPECT_EQ(question.signals[0].mean, (Column{0, 4, 3, 4, 0, 5}));  // 4 = (400 + 200 + 400) / 250
  EXPECT_EQ(question.signals[0].least_step, (Steps{0, 1, 2, 2, 0, 1}));
  EXPECT_EQ(question.signals[0].least(question.branches[0].first_signal, 3), 2);
  EXPECT_EQ(question.signals[0].least(question.branches[0].first_signal, 0), 0);
  EXPECT_EQ(question.signals[1].latest, (Column{0, -1, -3, -2, 0, 7}));
  EXPECT_EQ(question.signals[1].mean, (Column{0, -1, -2, -2, 0, 7}));
  EXPECT_EQ(question.signals[1].least_step, (Steps{0, 1, 2, 2, 0, 1}));
  EXPECT_EQ(question.signals[1].least(question.branches[1].first_signal, 1), 7);
}

// Its last number is seen, lowest or not, and weighs nothing.
TEST(QuestionBuilder, WhatFollowsTheLastProbeWeighsNothingWhenItHasNoTokens) {
  for (const std::int64_t tokens : {100, 60}) {
    QuestionBuilder builder("q", "1", 100, 1);
    builder.add_probe("1");
    builder.add_signal(0, Column{6, 1});
    builder.end_branch(tokens, "1");
    const Question question = std::move(builder).finish();
    EXPECT_EQ(question.signals[0].mean, (Column{0, 6, 6}));
    EXPECT_EQ(question.signals[0].least_step, (Steps{0, 1, 2}));
  }
}

TEST(QuestionBuilder, AMeanOverNoTokensIsTheLatestNumber) {
  QuestionBuilder builder("q", "1", 100, 1);
  builder.add_signal(0, Column{-0.25});
  builder.end_branch(0, "1");
  EXPECT_EQ(std::move(builder).finish().signals[0].mean, (Column{0, -0.25}));
}

TEST(QuestionBuilder, ASumThatNoDoubleHoldsIsTold) {
  QuestionBuilder builder("q", "1", 100, 3);
  for (const std::size_t signal : {0U, 1U, 2U})
    builder.add_signal(signal, Column{signal == 0 ? 1 : std::numeric_limits<double>::max()});
  EXPECT_EQ(builder.end_branch(5, "1"), std::optional<std::size_t>(1));
}

TEST(QuestionBuilder, WithoutSignalsNothingIsKeptForThem) {
  QuestionBuilder builder("q", "1", 100);
  builder.add_probe("1");
  EXPECT_FALSE(builder.end_branch(150, "1"));
  EXPECT_FALSE(builder.end_branch(150, "1"));
  const Question question = std::move(builder).finish();
  EXPECT_TRUE(question.signals.empty());
  EXPECT_EQ(question.branches[1].first_signal, 0U);
}

}  // namespace
}  // namespace replay
