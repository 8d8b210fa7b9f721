#include "replay/evaluation/budget_curve.hpp"

#include <cmath>
#include <gtest/gtest.h>

#include "replay/environment/distinct_questions.hpp"

namespace replay {
namespace {

Environment world(std::initializer_list<std::string> texts) {
  Environment environment;
  for (const std::string& text : texts) environment.questions.push_back({.text = text});
  return environment;
}

// Ten orderings: right episodes and tokens of an episode, by question.
Cell cell(std::initializer_list<std::pair<int, int>> questions) {
  Cell cell{.orderings = 10, .questions = {}};
  for (const auto& [right, tokens] : questions)
    cell.questions.push_back({.right = right, .tokens = 10 * tokens, .latency_tokens = 0});
  return cell;
}

TEST(BudgetCurves, AreReadOffBetweenPointsInLogTokens) {
  const std::vector<Cell> cells = {cell({{2, 100}, {4, 300}}), cell({{6, 700}, {8, 900}})};
  const BudgetCurves curves({world({"x", "y"})}, cells, 2);
  EXPECT_EQ(curves.range(0), std::pair(200.0, 800.0));
  EXPECT_NEAR(*curves.accuracy(0, 200), 30, 1e-9);
  EXPECT_NEAR(*curves.accuracy(0, 400), 50, 1e-9);  // half way in log tokens
  EXPECT_NEAR(*curves.accuracy(0, 800), 70, 1e-9);
  EXPECT_FALSE(curves.accuracy(0, 199).has_value());
  EXPECT_FALSE(curves.accuracy(0, 801).has_value());
}

TEST(BudgetCurves, EnvironmentsCountTheSameWhateverTheirSize) {
  const std::vector<Cell> cells = {cell({{10, 100}}), cell({{0, 500}, {0, 500}, {0, 500}})};
  const BudgetCurves curves({world({"x"}), world({"x", "y", "z"})}, cells, 1);
  EXPECT_EQ(curves.range(0).first, 300);
  EXPECT_NEAR(*curves.accuracy(0, 300), 50, 1e-9);
}

TEST(BudgetCurves, APointThatCostsNoMoreThanAnEarlierOneIsLeftOut) {
  const std::vector<Cell> cells = {cell({{2, 400}}), cell({{9, 300}}), cell({{4, 800}})};
  const BudgetCurves curves({world({"x"})}, cells, 3);
  EXPECT_NEAR(*curves.accuracy(0, 400), 20, 1e-9);
  EXPECT_FALSE(curves.accuracy(0, 300).has_value());
}

TEST(BudgetCurves, PointsLeftOutAreCounted) {
  const std::vector<Cell> cells = {cell({{2, 400}}), cell({{9, 300}}), cell({{4, 800}}), cell({{4, 800}})};
  EXPECT_EQ(BudgetCurves({world({"x"})}, cells, 4).left_out(0), 2U);
  EXPECT_EQ(BudgetCurves({world({"x"})}, cells, 1).left_out(2), 0U);
}

// Every question costs the same, so the mean is known exactly; a sum of sevenths or elevenths is not.
TEST(BudgetCurves, AnEndIsReachedWhateverTheRounding) {
  for (std::size_t questions = 1; questions <= 40; ++questions) {
    Environment environment;
    Cell low{.orderings = 3, .questions = {}}, high = low;
    for (std::size_t q = 0; q < questions; ++q) {
      environment.questions.push_back({.text = std::to_string(q)});
      low.questions.push_back({.right = 1, .tokens = 3 * 2000, .latency_tokens = 0});
      high.questions.push_back({.right = 2, .tokens = 3 * 64000, .latency_tokens = 0});
    }
    const BudgetCurves curves({environment}, std::vector{low, high, high}, 3);
    ASSERT_TRUE(curves.accuracy(0, 2000).has_value()) << questions;
    ASSERT_TRUE(curves.accuracy(0, 64000).has_value()) << questions;
    EXPECT_NEAR(*curves.accuracy(0, 2000), 100 / 3.0, 1e-6);
    EXPECT_NEAR(*curves.accuracy(0, 64000), 200 / 3.0, 1e-6);
    EXPECT_EQ(curves.left_out(0), 1U);
  }
}

TEST(BudgetCurves, DifferencesArePairedByQuestion) {
  // One is better by the same on every question, though questions differ much.
  std::vector<Cell> cells = {cell({{1, 500}, {9, 500}, {3, 500}, {7, 500}}),
                             cell({{0, 500}, {8, 500}, {2, 500}, {6, 500}})};
  const BudgetCurves curves({world({"a", "b", "c", "d"})}, cells, 1);
  const Interval same = curves.difference_interval(0, 1, 500, {});
  EXPECT_NEAR(same.low, 10, 1e-9);
  EXPECT_NEAR(same.high, 10, 1e-9);
  const Interval own = curves.interval(0, 500, {});
  EXPECT_LT(own.low, 30);
  EXPECT_GT(own.high, 70);
}

TEST(DistinctQuestions, ByTextAreToldByTheirWordsAlone) {
  const std::vector<Environment> worlds = {world({"a b", "a b", " a  b\n", "ab", "", ""}),
                                           world({"a b", "a b", " a  b\n", "ab", "", ""})};
  const DistinctQuestions distinct(worlds, SameQuestion::kByText);
  EXPECT_EQ(distinct.count(), 6U);  // two texts, and each that has none
  EXPECT_EQ(distinct.of(0, 0), distinct.of(0, 1));
  EXPECT_EQ(distinct.of(0, 0), distinct.of(1, 2));
  EXPECT_NE(distinct.of(0, 0), distinct.of(0, 3));
  EXPECT_NE(distinct.of(0, 4), distinct.of(1, 4));
}

TEST(DistinctQuestions, AreToldByTextAndPlaceAmongThoseWithTheSame) {
  const std::vector<Environment> worlds = {world({"x", "x", "", "y"}), world({"y", "", "x", "x"})};
  const DistinctQuestions distinct(worlds);
  EXPECT_EQ(distinct.count(), 5U);
  EXPECT_EQ(distinct.of(0, 0), distinct.of(1, 2));
  EXPECT_EQ(distinct.of(0, 1), distinct.of(1, 3));
  EXPECT_NE(distinct.of(0, 0), distinct.of(0, 1));
  EXPECT_NE(distinct.of(0, 2), distinct.of(1, 1));
  EXPECT_EQ(distinct.of(0, 3), distinct.of(1, 0));
}

TEST(BudgetCurves, AQuestionIsDrawnWithAllItsEnvironments) {
  // Right in one environment where it is wrong in the other: the mean of both never varies.
  const std::vector<Cell> cells = {cell({{10, 500}, {0, 500}}), cell({{0, 500}, {10, 500}})};
  const BudgetCurves curves({world({"x", "y"}), world({"x", "y"})}, cells, 1);
  const Interval interval = curves.interval(0, 500, {});
  EXPECT_NEAR(interval.low, 50, 1e-9);
  EXPECT_NEAR(interval.high, 50, 1e-9);
}

}  // namespace
}  // namespace replay
