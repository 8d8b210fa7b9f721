#include "replay/evaluation/intervals.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <initializer_list>
#include <string>
#include <vector>

namespace replay {
namespace {

// Of 100 orderings each, this many right.
Cell cell(std::initializer_list<std::int64_t> right) {
  Cell c{.orderings = 100};
  for (const std::int64_t r : right)
    c.questions.push_back({.right = r, .tokens = 1000 * r, .latency_tokens = 10 * r});
  return c;
}

TEST(Cell, MeansAreOfEpisodes) {
  const Cell c = cell({100, 0, 50, 50});
  EXPECT_EQ(c.accuracy(), 50);
  EXPECT_EQ(c.tokens(), 500);
  EXPECT_EQ(c.latency_tokens(), 5);
}

TEST(AccuracyInterval, HoldsTheMeanAndNarrowsWithAgreement) {
  const Cell mixed = cell({100, 0, 100, 0, 100, 0, 100, 0, 100, 0, 100, 0, 100, 0, 100, 0});
  const Interval wide = accuracy_interval(mixed);
  EXPECT_LT(wide.low, 50);
  EXPECT_GT(wide.high, 50);
  // 16 coins: a deviation of 12.5, so about 25 to either side
  EXPECT_NEAR(wide.low, 25, 7);
  EXPECT_NEAR(wide.high, 75, 7);
  const Interval narrow = accuracy_interval(mixed, {.coverage = 0.5});
  EXPECT_GT(narrow.low, wide.low);
  EXPECT_LT(narrow.high, wide.high);
  const Interval sure = accuracy_interval(cell({70, 70, 70}));
  EXPECT_DOUBLE_EQ(sure.low, 70);
  EXPECT_DOUBLE_EQ(sure.high, 70);
  const Interval one = accuracy_interval(cell({30}));
  EXPECT_DOUBLE_EQ(one.low, 30);
  EXPECT_DOUBLE_EQ(one.high, 30);
}

TEST(AccuracyInterval, DependsOnTheSeedAlone) {
  const Cell c = cell({3, 97, 20, 45, 88, 61, 7, 100, 0, 33});
  const auto same = [](Interval a, Interval b) { return a.low == b.low && a.high == b.high; };
  EXPECT_TRUE(same(accuracy_interval(c, {.seed = 1}), accuracy_interval(c, {.seed = 1})));
  EXPECT_FALSE(same(accuracy_interval(c, {.seed = 1}), accuracy_interval(c, {.seed = 2})));
}

// The same questions are drawn for every cell: a cell that is 5 better everywhere has an interval 5 higher.
TEST(AccuracyInterval, IsPairedBetweenCells) {
  const Interval a = accuracy_interval(cell({3, 90, 20, 45, 80}), {.seed = 4});
  const Interval b = accuracy_interval(cell({8, 95, 25, 50, 85}), {.seed = 4});
  EXPECT_NEAR(b.low - a.low, 5, 1e-9);
  EXPECT_NEAR(b.high - a.high, 5, 1e-9);
}

// Environments with so many questions, none like another.
DistinctQuestions without_texts(std::initializer_list<std::size_t> counts) {
  std::vector<Environment> environments;
  for (const std::size_t count : counts) environments.emplace_back().questions.resize(count);
  return DistinctQuestions(environments);
}

TEST(MeanInterval, OfOneGroupIsThatOfTheAccuracy) {
  const Cell c = cell({3, 97, 20, 45, 88, 61, 7, 100, 0, 33});
  std::vector<double> values;
  for (const QuestionSums& question : c.questions) values.push_back(static_cast<double>(question.right));
  const Interval accuracy = accuracy_interval(c, {.seed = 3}),
                 mean = mean_interval({values}, without_texts({10}), {.seed = 3});
  EXPECT_DOUBLE_EQ(mean.low, accuracy.low);
  EXPECT_DOUBLE_EQ(mean.high, accuracy.high);
}

// Two groups of independent coins: their mean varies by a factor of the square root of 2 less than either.
TEST(MeanInterval, DifferentQuestionsAreDrawnOnTheirOwn) {
  std::vector<double> coins;
  for (int i = 0; i < 40; ++i) coins.push_back(i % 2 == 0 ? 0 : 1);
  const Interval one = mean_interval({coins}, without_texts({40})),
                 two = mean_interval({coins, coins}, without_texts({40, 40}));
  EXPECT_NEAR((two.high - two.low) / (one.high - one.low), std::sqrt(0.5), 0.1);
}

// The same coins asked of two models say no more than asked of one.
TEST(MeanInterval, TheSameQuestionIsDrawnInAllEnvironments) {
  std::vector<double> coins;
  Environment asked;
  for (int i = 0; i < 40; ++i) {
    coins.push_back(i % 2 == 0 ? 0 : 1);
    asked.questions.push_back({.text = std::to_string(i)});
  }
  const std::vector<Environment> twice = {asked, asked};
  const Interval one = mean_interval({coins}, without_texts({40})),
                 two = mean_interval({coins, coins}, DistinctQuestions(twice));
  EXPECT_DOUBLE_EQ(one.low, two.low);
  EXPECT_DOUBLE_EQ(one.high, two.high);
}

}  // namespace
}  // namespace replay
