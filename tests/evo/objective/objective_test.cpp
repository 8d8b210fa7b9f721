#include "evo/objective/objective.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "tests/support/uniform.hpp"

namespace evo {
namespace {

TEST(Objective, AConstantCurveScoresItsAccuracy) {
  const std::vector<CurvePoint> curve = {{0, 40, 1000}, {1, 40, 100000}};
  EXPECT_NEAR(score_of(curve, {1000, 100000}), 40, 1e-9);
}

TEST(Objective, AStraightLineInLogTokensScoresItsMiddle) {
  const std::vector<CurvePoint> curve = {{0, 20, 1000}, {1, 60, 100000}};
  EXPECT_NEAR(score_of(curve, {1000, 100000}), 40, 1e-9);
}

TEST(Objective, NothingIsReachedBelowTheCheapestSetting) {
  const std::vector<CurvePoint> curve = {{0, 50, 10000}};
  EXPECT_NEAR(score_of(curve, {1000, 100000}), 25, 1e-9);  // half of the range in log tokens
  EXPECT_NEAR(score_of(curve, {100, 1000}), 0, 1e-9);
}

TEST(Objective, BeyondTheDearestSettingItsAccuracyHolds) {
  const std::vector<CurvePoint> curve = {{0, 10, 10}, {1, 50, 1000}};
  EXPECT_NEAR(score_of(curve, {2000, 9000}), 50, 1e-9);
}

TEST(Objective, AKnobThatDoesNotMoveTokensIsPunished) {
  const std::vector<CurvePoint> good = {{0, 50, 1000}};
  const std::vector<CurvePoint> stuck = {{0, 50, 1000}, {0.5, 70, 1000}, {1, 60, 900}};
  EXPECT_NEAR(score_of(stuck, {1000, 2000}), score_of(good, {1000, 2000}) - 2 * kKnobPenalty, 1e-9);
}

TEST(Objective, ASettingThatSpendsNothingIsPunished) {
  const std::vector<CurvePoint> good = {{0.5, 40, 1000}, {1, 50, 100000}};
  const std::vector<CurvePoint> idle = {{0, 0, 0}, {0.5, 40, 1000}, {1, 50, 100000}};
  EXPECT_NEAR(score_of(idle, {500, 100000}), score_of(good, {500, 100000}) - kKnobPenalty, 1e-9);
}

TEST(Objective, AnEmptyCurveScoresNothing) { EXPECT_EQ(score_of({}, {1000, 2000}), 0); }

TEST(Objective, MoreAccuracyNeverScoresLess) {
  EXPECT_TRUE(rc::check("raising one point of a curve of rising tokens does not lower its score", [] {
    std::vector<CurvePoint> curve(*tests::uniform<std::size_t>(1, 20));
    double tokens = 500;
    for (CurvePoint& p : curve) {
      p.tokens = tokens += *tests::uniform(1, 10'000);
      p.accuracy = *tests::uniform(0, 100);
    }
    const double before = score_of(curve, {1000, 50000});
    curve[*tests::uniform<std::size_t>(0, curve.size())].accuracy += 1;
    RC_ASSERT(score_of(curve, {1000, 50000}) >= before - 1e-9);
  }));
}

TEST(Objective, FitnessIsScoreLessParsimony) {
  const auto checked =
      genome::check_text("controller a\nstart\n  read 1\nanswer\n  top(finished)\n").controller;
  ASSERT_TRUE(checked);
  Individual individual = make_individual(*checked, {});
  individual.sums = {{40, 100000, 0, 100}, {40, 10000000, 0, 100}};  // 40% at 1000 and at 100000 tokens
  Experiment e;
  e.betas = {0, 1};
  e.budget_low = 1000;
  e.budget_high = 100000;
  e.parsimony = 0.5;
  judge(individual, e, {});
  EXPECT_NEAR(individual.score, 40, 1e-9);
  EXPECT_NEAR(individual.fitness, 40 - 0.5 * static_cast<double>(individual.size), 1e-9);
}

}  // namespace
}  // namespace evo
