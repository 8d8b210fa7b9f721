// Signals of intervals out of log-probabilities of tokens.
#include "live/collect/interval_signals.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>

namespace live {
namespace {

constexpr float kNone = std::numeric_limits<float>::quiet_NaN();

TEST(IntervalSignals, AreMeansOverTheTokensOfEachInterval) {
  const auto signals = interval_signals({.logprobs = {-1, -3, -2, -2, -4}}, {2, 4});
  ASSERT_TRUE(signals.contains("logprob"));
  EXPECT_EQ(signals.at("logprob"), (std::vector<double>{-2, -2, -4}));
  EXPECT_FALSE(signals.contains("entropy"));
  EXPECT_FALSE(signals.contains("confidence"));
}

TEST(IntervalSignals, AnIntervalWithoutTokensIsZero) {
  EXPECT_EQ(interval_signals({.logprobs = {-1, -3}}, {2}).at("logprob"), (std::vector<double>{-2, 0}));
}

TEST(IntervalSignals, TokensThatAreNotToldDoNotCount) {
  EXPECT_EQ(interval_signals({.logprobs = {-1, kNone, -3}}, {2}).at("logprob"),
            (std::vector<double>{-1, -3}));
}

TEST(IntervalSignals, ASignalThatAnIntervalLacksIsLeftOut) {
  EXPECT_TRUE(interval_signals({.logprobs = {kNone, kNone, -3}}, {2}).empty());
  EXPECT_TRUE(interval_signals({}, {}).empty());
}

TEST(IntervalSignals, TheEntropyIsOfTheCandidatesAndOfTheRest) {
  const auto half = static_cast<float>(std::log(0.5)), quarter = static_cast<float>(std::log(0.25));
  const auto signals =
      interval_signals({.logprobs = {half, half}, .top = {{half, half}, {half, quarter}}}, {1});
  // ln 2 for two halves; a half and two quarters (one of them the rest) have 1.5 ln 2.
  EXPECT_NEAR(signals.at("entropy")[0], std::log(2.0), 1e-4);
  EXPECT_NEAR(signals.at("entropy")[1], 1.5 * std::log(2.0), 1e-4);
  EXPECT_NEAR(signals.at("confidence")[0], std::log(2.0), 1e-4);
  EXPECT_NEAR(signals.at("confidence")[1], 1.5 * std::log(2.0), 1e-4);
}

TEST(IntervalSignals, OneCandidateTellsNothing) {
  EXPECT_FALSE(interval_signals({.logprobs = {-1}, .top = {{-1}}}, {}).contains("entropy"));
}

TEST(IntervalSignals, ZeroHasNoSign) {
  EXPECT_FALSE(std::signbit(interval_signals({.logprobs = {-0.00001F}}, {}).at("logprob")[0]));
}

}  // namespace
}  // namespace live
