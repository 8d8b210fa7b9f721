#include "evo/expectation/seen_gain.hpp"

#include <gtest/gtest.h>
#include <string>

#include "evo/expectation/interval.hpp"
#include "evo/objective/objective.hpp"
#include "genome/text/known_controllers.hpp"
#include "tests/support/evolved.hpp"

namespace evo {
namespace {

genome::CheckedController known(const char* name) {
  return *genome::check_text(*genome::known_controller(name)).controller;
}

double area_of(const genome::CheckedController& controller, const Experiment& experiment,
               const replay::Evaluator& evaluator) {
  Scorer scorer(experiment, evaluator);
  std::vector<Individual> one = {make_individual(controller, {})};
  Work work;
  scorer.score(one, {}, work);
  return one.front().score;
}

TEST(SeenGain, IsTheDifferenceOfTheScores) {
  Experiment e = small_experiment();
  e.search = {"synthetic:seed=9,questions=12,branches=32"};
  const auto evaluator = small_evaluator(e);
  const auto asc = known("asc"), staged = known("staged");
  const ExpectedGain seen = seen_gain(staged, asc, e, evaluator);
  EXPECT_NEAR(seen.gain, area_of(staged, e, evaluator) - area_of(asc, e, evaluator), 1e-9);
  EXPECT_EQ(seen.questions, 12U);
  EXPECT_LT(seen.low, seen.gain);
  EXPECT_NEAR(seen.high - seen.gain, student_95(11) * seen.standard_error, 1e-12);
  const ExpectedGain none = seen_gain(asc, asc, e, evaluator);
  EXPECT_EQ(none.gain, 0);
  EXPECT_EQ(none.high, 0);
}

TEST(SeenGain, OfOneQuestionSaysNothing) {
  Experiment e = small_experiment();
  e.search = {"synthetic:seed=9,questions=1,branches=16"};
  const ExpectedGain seen = seen_gain(known("staged"), known("asc"), e, small_evaluator(e));
  EXPECT_EQ(seen.low, -100);
  EXPECT_EQ(seen.high, 100);
}

}  // namespace
}  // namespace evo
