#include "replay/analysis/comparison.hpp"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "genome/text/known_controllers.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/support/small_questions.hpp"

namespace replay {
namespace {

using tests::controller;

genome::Program program(std::string_view name) {
  return genome::compile(*genome::check_text(*genome::known_controller(name)).controller);
}

std::vector<Environment> environments() {
  return {make_synthetic({.seed = 1, .questions = 6, .branches = 64}),
          make_synthetic({.seed = 2, .questions = 4, .branches = 20})};
}

constexpr double kBetas[] = {0, 0.6};

TEST(Parting, IsTheFirstActionThatDiffers) {
  const Action open{.kind = ActionKind::kBranch, .lane = 0, .round = -1, .cost = 100};
  const Action ahead{.kind = ActionKind::kContinue, .lane = 0, .round = 0, .cost = 100};
  const Action drop{.kind = ActionKind::kPrune, .lane = 0, .round = 0};
  EXPECT_EQ(parting({open, ahead}, {open, ahead}), std::nullopt);
  EXPECT_EQ(parting({}, {}), std::nullopt);
  EXPECT_EQ(parting({open, ahead}, {open, drop}), 1U);
  EXPECT_EQ(parting({open}, {open, drop}), 1U);
  EXPECT_EQ(parting({open, drop}, {open}), 1U);
  EXPECT_EQ(parting({}, {open}), 0U);
}

TEST(Comparison, OfEqualControllersIsAlikeEverywhere) {
  const std::vector<Environment> all = environments();
  const genome::Program cmc = program("cmc");
  const auto compared = compare(all, {cmc, cmc}, kBetas, {.orderings = 5});
  ASSERT_EQ(compared.size(), 4U);
  for (const Comparison& c : compared) {
    EXPECT_EQ(c.alike(), c.episodes());
    for (const PairedSums& question : c.questions) EXPECT_EQ(question.first_parting, std::nullopt);
    EXPECT_EQ(c.cell_a(), c.cell_b());
  }
  const Interval none =
      accuracy_difference_interval(std::span(compared).first(1), DistinctQuestions(std::span(all).first(1)));
  EXPECT_EQ(none.low, 0);
  EXPECT_EQ(none.high, 0);
}

// The same actions may lead to different answers.
TEST(Comparison, AnswersCountToo) {
  Environment environment{.name = "small", .source = "", .digest = "", .questions = {}};
  environment.questions.push_back(tests::small_question("A", {{"", "A"}, {"B", "B"}}));
  const genome::Program a =
      genome::compile(controller("start\n  read 2\nanswer\n  top(finished and tokens < 100)\n"));
  const genome::Program b =
      genome::compile(controller("start\n  read 2\nanswer\n  top(finished and tokens > 100)\n"));
  constexpr double kOne[] = {0.5};
  const auto compared = compare(std::span(&environment, 1), {a, b}, kOne, {.orderings = 3});
  const PairedSums& question = compared.at(0).questions.at(0);
  EXPECT_EQ(question.alike, 0);
  EXPECT_EQ(question.first_parting, 0U);
  EXPECT_EQ(question.right_difference(), -3);
  EXPECT_EQ(question.tokens_difference(), 0);
}

TEST(Comparison, CellsAreThoseOfTheEvaluator) {
  const EvaluatorOptions options{.first_ordering = 4, .orderings = 7};
  const Evaluator evaluator(environments(), options);
  const std::vector<genome::Program> both{program("cmc"), program("asc")};
  const std::vector<Cell> cells = evaluator.evaluate(both, kBetas);
  const auto compared = compare(evaluator.environments(), {both[0], both[1]}, kBetas, options);
  for (std::size_t e = 0; e < 2; ++e) {
    for (std::size_t b = 0; b < 2; ++b) {
      EXPECT_EQ(compared[e * 2 + b].cell_a(), cells[evaluator.cell_index(0, e, b, 2)]);
      EXPECT_EQ(compared[e * 2 + b].cell_b(), cells[evaluator.cell_index(1, e, b, 2)]);
    }
  }
}

TEST(Comparison, IsTheSameOnAnyNumberOfThreads) {
  const std::vector<Environment> all = environments();
  const genome::Program a = program("cmc"), b = program("parallel_probe");
  std::vector<std::vector<Comparison>> results;
  for (const std::size_t threads : {1U, 2U, 5U}) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    results.push_back(compare(all, {a, b}, kBetas, {.orderings = 4}));
  }
  EXPECT_EQ(results[0], results[1]);
  EXPECT_EQ(results[0], results[2]);
}

// Questions that differ widely, and a second controller that is 10 better on each of them: the difference
// is sure although neither accuracy is.
TEST(DifferenceInterval, IsPaired) {
  Comparison c{.orderings = 100, .questions = {}};
  for (const std::int64_t right : {3, 90, 20, 45, 80, 60}) {
    c.questions.push_back(
        {.a = {.right = right, .tokens = 1000 * right}, .b = {.right = right + 10, .tokens = 1500 * right}});
  }
  const std::span one(&c, 1);
  const std::vector<Environment> world = {{.questions = std::vector<Question>(6)}};
  const DistinctQuestions none_alike(world);
  const Interval accuracy = accuracy_difference_interval(one, none_alike);
  EXPECT_NEAR(accuracy.low, 10, 1e-9);
  EXPECT_NEAR(accuracy.high, 10, 1e-9);
  const Interval tokens = tokens_difference_interval(one, none_alike);
  const double mean = 5 * (3 + 90 + 20 + 45 + 80 + 60) / 6.0;
  EXPECT_LT(tokens.low, mean);
  EXPECT_GT(tokens.high, mean);
  EXPECT_GT(tokens.low, 0);
  const Interval other = tokens_difference_interval(one, none_alike, {.seed = 1});
  EXPECT_TRUE(other.low != tokens.low || other.high != tokens.high);
}

TEST(DifferenceInterval, EveryEnvironmentCountsTheSame) {
  std::vector<Comparison> two(2);
  two[0] = {.orderings = 10,
            .questions = std::vector<PairedSums>(30, {.a = {.right = 5}, .b = {.right = 6}})};
  two[1] = {.orderings = 10, .questions = std::vector<PairedSums>(2, {.a = {.right = 5}, .b = {.right = 9}})};
  const std::vector<Environment> worlds = {{.questions = std::vector<Question>(30)},
                                           {.questions = std::vector<Question>(2)}};
  const Interval interval = accuracy_difference_interval(two, DistinctQuestions(worlds));
  EXPECT_NEAR(interval.low, 25, 1e-9);
  EXPECT_NEAR(interval.high, 25, 1e-9);
}

}  // namespace
}  // namespace replay
