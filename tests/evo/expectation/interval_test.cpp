#include "evo/expectation/interval.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <vector>

#include "evo/expectation/recommendation.hpp"
#include "genome/base/rng.hpp"

namespace evo {
namespace {

// Tables of Student's t.
TEST(ExpectedGainInterval, QuantilesAreThoseOfTables) {
  EXPECT_NEAR(student_95(4), 2.776, 0.03);
  EXPECT_NEAR(student_95(6), 2.447, 0.005);
  EXPECT_NEAR(student_95(10), 2.228, 0.001);
  EXPECT_NEAR(student_95(58), 2.0017, 0.0001);
  EXPECT_NEAR(student_95(1e9), 1.959964, 1e-6);
}

TEST(ExpectedGainInterval, IsTheMeanOverAllQuestionsAndSymmetric) {
  const ExpectedGain e = expected_gain({.halves = {{1, 3}, {2, 2, 4, 0}}, .own = {}});
  EXPECT_DOUBLE_EQ(e.gain, 2);
  EXPECT_EQ(e.questions, 6U);
  EXPECT_DOUBLE_EQ(e.high - e.gain, e.gain - e.low);
  // Both means are 2: the spread over questions is all there is, 10 squares over 4 degrees of freedom.
  EXPECT_NEAR(e.standard_error, std::sqrt(2.5 / 6), 1e-12);
  EXPECT_NEAR(e.high - e.gain, student_95(4) * e.standard_error, 1e-12);
  EXPECT_NEAR(e.detectable, 2.8016 * e.standard_error, 1e-4);
}

TEST(ExpectedGainInterval, DoesNotVanishWhereBothHalvesFoundNothing) {
  const std::vector<double> none(10, 0.0);
  const ExpectedGain alone = expected_gain({.halves = {none, none}, .own = {}});
  EXPECT_EQ(alone.low, 0);
  EXPECT_EQ(alone.high, 0);
  std::vector<double> own(20, 1.0);
  own[0] = 11;
  const ExpectedGain e = expected_gain({.halves = {none, none}, .own = own});
  EXPECT_EQ(e.gain, 0);
  EXPECT_NEAR(e.standard_error, std::sqrt(5.0 / 20), 1e-12);
  EXPECT_FALSE(beats_known(e));
}

TEST(ExpectedGainInterval, IsWiderWhereHalvesDisagree) {
  const ExpectedGain same = expected_gain({.halves = {{4, 6, 5, 5}, {5, 5, 6, 4}}, .own = {}});
  const ExpectedGain other = expected_gain({.halves = {{9, 11, 10, 10}, {0, 0, 1, -1}}, .own = {}});
  EXPECT_DOUBLE_EQ(same.gain, other.gain);
  EXPECT_GT(other.standard_error, 5 * same.standard_error);
  EXPECT_TRUE(beats_known(same));
  EXPECT_FALSE(beats_known(other));
}

TEST(ExpectedGainInterval, ALeadCountsWhereItIsSure) {
  const Differences plain{.halves = {{1, 3, 2, 2}, {2, 2, 4, 0}}, .own = {}, .lead = {}};
  const ExpectedGain without = expected_gain(plain);
  Differences ahead = plain;
  ahead.lead[0] = {4, 6, 5, 5};
  ahead.lead[1] = {1, 3, 1, 3};
  const ExpectedGain with = expected_gain(ahead);
  EXPECT_DOUBLE_EQ(with.gain, without.gain + 3.5);
  // Of either half the variance of the mean, 2 / 3 / 4 and 4 / 3 / 4, at half of the weight.
  EXPECT_NEAR(std::pow(with.standard_error, 2), std::pow(without.standard_error, 2) + 0.5 / 4, 1e-12);
  Differences unsure = plain;
  unsure.lead[0] = {14, -6, 5, 5};
  unsure.lead[1] = {11, -9, 3, 3};
  EXPECT_EQ(expected_gain(unsure).gain, without.gain);
  EXPECT_EQ(expected_gain(unsure).standard_error, without.standard_error);
  Differences behind = plain;  // luck is with the champions of the halves there
  behind.lead[0] = {-4, -6, -5, -5};
  behind.lead[1] = {-1, -3, -1, -3};
  EXPECT_EQ(expected_gain(behind).gain, without.gain);
}

// Searches that differ by chance, on questions drawn by chance: the interval holds the gain of a third search
// like the two, as often where searches differ as much as questions leave unsure.
TEST(ExpectedGainInterval, CoversTheGainOfASearchOfTheSameKind) {
  auto rng = genome::base::keyed_stream(3, genome::base::Purpose::kTest);
  constexpr int kTrials = 4000, kQuestions = 30;
  for (const double between : {0.0, 1.0, 2.0}) {
    int covered = 0;
    for (int trial = 0; trial < kTrials; ++trial) {
      const double truth = 2 + between * genome::base::normal(rng);
      Differences differences;
      for (std::vector<double>& half : differences.halves) {
        const double gain = 2 + between * genome::base::normal(rng);
        for (int q = 0; q < kQuestions; ++q) half.push_back(gain + 15 * genome::base::normal(rng));
      }
      const ExpectedGain e = expected_gain(differences);
      covered += e.low <= truth && truth <= e.high ? 1 : 0;
    }
    EXPECT_GT(covered, kTrials * 90 / 100) << between;
    EXPECT_LT(covered, kTrials * 99 / 100) << between;
  }
}

}  // namespace
}  // namespace evo
