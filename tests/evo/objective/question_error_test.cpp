#include "evo/objective/question_error.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "evo/objective/objective.hpp"
#include "evo/scoring/scorer.hpp"
#include "genome/text/known_controllers.hpp"
#include "tests/support/library.hpp"
#include "tests/support/small_world.hpp"

namespace evo {
namespace {

using testing::DoubleNear;
using testing::ElementsAre;

replay::Environment world(std::initializer_list<std::string> texts) {
  replay::Environment environment;
  for (const std::string& text : texts) environment.questions.push_back({.text = text});
  return environment;
}

TEST(QuestionShares, JoinsQuestionsWithTheSameText) {
  const QuestionShares spread({world({"x", "y"}), world({"y", "z"})});
  EXPECT_EQ(spread.recorded(), 4U);
  EXPECT_EQ(spread.distinct(), 3U);
}

TEST(QuestionShares, SharesAverageToTheArea) {
  const QuestionShares spread({world({"x", "y"}), world({"y", "z"})});
  // of two episodes each, at two betas: x 1 and 2 right, y 2 and 2, again y 0 and 1, z 0 and 2
  const std::vector<std::int32_t> right = {1, 2, 0, 0, 2, 2, 1, 2};
  const auto shares = spread.shares(std::vector<double>{0.25, 0.75}, right, 2);
  EXPECT_THAT(shares,
              ElementsAre(DoubleNear(65.625, 1e-9), DoubleNear(103.125, 1e-9), DoubleNear(56.25, 1e-9)));
  // accuracies at the two betas: 3 of 8 and 7 of 8
  EXPECT_NEAR((shares[0] + shares[1] + shares[2]) / 3, 0.25 * 37.5 + 0.75 * 87.5, 1e-9);
}

TEST(QuestionShares, StandardErrorOfDifferences) {
  const std::vector<double> a = {3, 5, 7, 9}, b = {1, 3, 5, 7}, c = {0, 0, 0, 8};
  EXPECT_EQ(standard_error(a, b), 0);                                // the same on every question
  EXPECT_NEAR(standard_error(c, std::vector<double>(4)), 2, 1e-12);  // deviation 4, of four
  EXPECT_EQ(standard_error(std::vector<double>{1}, std::vector<double>{0}), 0);
}

TEST(QuestionShares, WeightsGiveTheScore) {
  const std::vector<CurvePoint> curve = {{.beta = 0, .accuracy = 30, .tokens = 20e3},
                                         {.beta = 0.5, .accuracy = 50, .tokens = 90e3},
                                         {.beta = 1, .accuracy = 60, .tokens = 200e3}};
  const auto weights = area_weights(curve, {50e3, 300e3});
  EXPECT_NEAR(30 * weights[0] + 50 * weights[1] + 60 * weights[2], score_of(curve, {50e3, 300e3}), 1e-9);
  EXPECT_NEAR(weights[0] + weights[1] + weights[2], 1, 1e-9);
}

TEST(Scorer, CautionChargesGainsThatRestOnFewQuestions) {
  Experiment e = small_experiment(), careless = e;
  e.lower_bound_errors = 0.7;
  e.first_rung = 1;
  const auto evaluator = small_evaluator(e);
  Scorer careful(e, evaluator), plain(careless, evaluator);
  std::vector<Individual> some, same;
  for (const genome::KnownController& known : tests::library_without_signals()) {
    some.push_back(make_individual(*genome::check_text(known.text).controller, {}));
    same.push_back(some.back());
  }
  Work work;
  careful.score(some, {}, work);
  plain.score(same, {}, work);
  for (std::size_t i = 0; i < some.size(); ++i) {
    if (!careful.complete(some[i])) continue;
    EXPECT_EQ(some[i].score, same[i].score);
    EXPECT_NEAR(some[i].fitness, same[i].fitness - 0.7 * some[i].standard_error, 1e-9);
    EXPECT_EQ(same[i].standard_error, 0);
  }
  const auto asc = std::find_if(some.begin(), some.end(),
                                [](const Individual& i) { return i.controller.tree().name == "asc"; });
  const auto cmc = std::find_if(some.begin(), some.end(),
                                [](const Individual& i) { return i.controller.tree().name == "cmc"; });
  EXPECT_GT(cmc->standard_error,
            asc->standard_error);  // asc differs from itself by the settings of its curve alone
}

}  // namespace
}  // namespace evo
