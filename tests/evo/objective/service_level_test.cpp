// How far figures are from the limits of a service level, and which of two is better.
#include "evo/objective/service_level.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <vector>

#include "evo/objective/objective.hpp"
#include "genome/text/checker.hpp"

namespace evo {
namespace {

constexpr Limits kAll{.tokens = 1000, .latency_p95 = 200, .accuracy = 60};

ServiceResult result_of(const ServiceFigures& figures, const Limits& limits, int kept = 0) {
  return {.beta = 0, .figures = figures, .excess = excess(limits, figures), .orderings = 10, .kept = kept};
}

TEST(ServiceLevel, AnExcessIsWhatIsMissed) {
  EXPECT_EQ(excess(kAll, {.accuracy = 60, .tokens = 1000, .latency_p95 = 200}), 0);
  EXPECT_DOUBLE_EQ(excess(kAll, {.accuracy = 57, .tokens = 1250, .latency_p95 = 400}), 3 + 20 + 50);
  EXPECT_EQ(excess({}, {.accuracy = 0, .tokens = 1e9, .latency_p95 = 1e9}), 0);
  EXPECT_EQ(excess({}, {}), 0);
  EXPECT_FALSE(Limits().any());
  EXPECT_TRUE(Limits{.accuracy = 0}.any());
}

// It would keep every limit but that of accuracy, and nobody is served by it.
TEST(ServiceLevel, WhoSpendsNothingKeepsNothing) {
  const ServiceFigures nothing{},
      far{.accuracy = 0, .tokens = 1e12, .latency_tokens = 1e12, .latency_p95 = 1e12};
  for (const Limits& limits : {kAll, Limits{.tokens = 5}, Limits{.latency_p95 = 5}, Limits{.accuracy = 0}}) {
    EXPECT_GT(excess(limits, nothing), excess(limits, far));
    EXPECT_TRUE(better_within(limits, {}, result_of(far, limits), result_of(nothing, limits)));
  }
  EXPECT_LT(excess(kAll, {.accuracy = 57, .tokens = 2000, .latency_p95 = 200}),
            excess(kAll, {.accuracy = 0, .tokens = 1, .latency_p95 = 1}));
}

TEST(ServiceLevel, OfAKnobTheNearestSettingCounts) {
  const std::vector<CurvePoint> curve = {{0, 40, 500, 100}, {0.5, 58, 900, 150}, {1, 70, 1500, 250}};
  EXPECT_DOUBLE_EQ(nearest_miss(curve, kAll), 2);
  EXPECT_DOUBLE_EQ(nearest_miss(curve, {.accuracy = 65}), 0);
  EXPECT_EQ(nearest_miss({}, kAll), 0);
}

TEST(ServiceLevel, FitnessIsLessByIt) {
  Experiment e;
  e.betas = {0, 1};
  e.budget_low = 100;
  e.budget_high = 10'000;
  Individual one = make_individual(
      *genome::check_text("controller a\nstart\n  read 1\nanswer\n  top(finished)\n").controller, {});
  e.parsimony = 0;
  one.sums = {{30, 500 * 100, 100 * 100, 100}, {55, 1500 * 100, 150 * 100, 100}};
  judge(one, e, {});
  const double free = one.fitness;
  e.limits = {.tokens = 1000, .accuracy = 50};
  judge(one, e, {});
  EXPECT_DOUBLE_EQ(one.fitness, free - 20);  // 20 points at 0, a third at 1
}

TEST(ServiceLevel, ThePercentileIsOfEpisodesByWeight) {
  std::vector<WeighedLatency> hundred;
  for (int i = 100; i >= 1; --i) hundred.push_back({i, 1});
  EXPECT_EQ(percentile_95(hundred), 95);
  EXPECT_EQ(percentile_95({{7, 1}}), 7);
  EXPECT_EQ(percentile_95({{10, 0.95}, {20, 0.05}}), 10);
  EXPECT_EQ(percentile_95({{10, 0.94}, {20, 0.06}}), 20);
}

TEST(ServiceLevel, ThePercentileIsTheLeastThatEnoughDoNotExceed) {
  EXPECT_TRUE(rc::check("nearest rank, by counting", [](const std::vector<std::uint16_t>& latencies) {
    RC_PRE(!latencies.empty());
    std::vector<WeighedLatency> episodes;
    for (const auto each : latencies) episodes.push_back({each, 0.25});
    const double found = percentile_95(episodes);
    const auto within = [&](double most) {
      return 20 * std::ranges::count_if(latencies, [&](auto each) { return each <= most; });
    };
    const auto enough = static_cast<std::ptrdiff_t>(19 * latencies.size());
    RC_ASSERT(within(found) >= enough);
    RC_ASSERT(std::ranges::count(latencies, static_cast<std::uint16_t>(found)) > 0);
    RC_ASSERT(found == 0 || within(found - 1) < enough);
  }));
}

TEST(ServiceLevel, TheBetterKeepsThemThenIsRightMoreOften) {
  const auto better = [](const ServiceFigures& a, const ServiceFigures& b, const Limits& limits) {
    const ServiceResult first = result_of(a, limits), second = result_of(b, limits);
    EXPECT_FALSE(better_within(limits, {}, first, second) && better_within(limits, {}, second, first));
    return better_within(limits, {}, first, second);
  };
  const Limits tokens{.tokens = 1000}, accuracy{.accuracy = 50};
  EXPECT_TRUE(better({.accuracy = 40, .tokens = 900}, {.accuracy = 80, .tokens = 1001}, tokens));
  EXPECT_TRUE(better({.accuracy = 41, .tokens = 900}, {.accuracy = 40, .tokens = 500}, tokens));
  EXPECT_TRUE(better({.accuracy = 40, .tokens = 500}, {.accuracy = 40, .tokens = 900}, tokens));
  // Where accuracy alone is limited, more of it is no aim.
  EXPECT_TRUE(better({.accuracy = 51, .tokens = 500}, {.accuracy = 70, .tokens = 900}, accuracy));
  EXPECT_TRUE(better({.accuracy = 49, .tokens = 900}, {.accuracy = 48, .tokens = 500}, accuracy));
  EXPECT_TRUE(better_within(tokens, {}, result_of({.accuracy = 40, .tokens = 500}, tokens, 9),
                            result_of({.accuracy = 40, .tokens = 500}, tokens, 8)));
}

TEST(ServiceLevel, LimitsAreToldInWords) {
  EXPECT_EQ(shown_limits({}), "");
  EXPECT_EQ(shown_limits({.tokens = 200'000, .accuracy = 60}),
            "tokens at most 200000, accuracy at least 60%");
  EXPECT_EQ(shown_limits({.latency_p95 = 1234567.5}), "latency of 95% at most 1234567.5");
}

}  // namespace
}  // namespace evo
