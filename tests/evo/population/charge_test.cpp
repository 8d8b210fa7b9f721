// What an episode is charged, and that places, frontiers and scores go by it.
#include "evo/base/charge.hpp"

#include <cmath>
#include <gtest/gtest.h>
#include <limits>
#include <rapidcheck.h>
#include <string>
#include <utility>
#include <vector>

#include "evo/objective/objective.hpp"
#include "evo/population/archive.hpp"
#include "evo/population/pareto.hpp"
#include "evo/population/selection.hpp"
#include "genome/text/checker.hpp"

namespace evo {
namespace {

constexpr Charge kLatency{.tokens = 0, .latency_tokens = 1};
constexpr Charge kMixed{.tokens = 0.7, .latency_tokens = 0.3};

using Numbers = std::vector<std::pair<std::uint16_t, std::uint16_t>>;  // accuracy and cost

Individual individual_of(const std::string& id, const std::vector<Sums>& sums) {
  const auto checked =
      genome::check_text("controller a\nstart\n  read 1\nanswer\n  top(finished)\n").controller;
  Individual individual = make_individual(*checked, {});
  individual.id = id;
  individual.sums = sums;
  for (std::size_t i = 0; i < sums.size(); ++i)
    individual.curve.push_back(
        point_of(static_cast<double>(i) / static_cast<double>(sums.size()), std::span(sums).subspan(i, 1)));
  return individual;
}

// Costs as tokens, or as latency beside other tokens.
std::vector<Sums> sums_of(const Numbers& numbers, bool as_latency) {
  std::vector<Sums> sums;
  for (const auto& [accuracy, cost] : numbers) {
    const std::int64_t all = 100 * (1 + std::int64_t{cost});
    sums.push_back({accuracy % 101, as_latency ? 7 * all : all, as_latency ? all : all / 2, 100});
  }
  return sums;
}

TEST(Charge, SaysWhatItCounts) {
  EXPECT_EQ(unit_of({}), "tokens");
  EXPECT_EQ(unit_of(kLatency), "latency_tokens");
  EXPECT_EQ(unit_of(kMixed), "0.7 tokens + 0.3 latency_tokens");
  EXPECT_EQ(unit_of({.tokens = 2}), "2 tokens");
  EXPECT_EQ(unit_of({.tokens = 0, .latency_tokens = 0.5}), "0.5 latency_tokens");
}

TEST(Charge, WeightsAreInRangeAndNotBothNothing) {
  for (const Charge& good : {Charge{}, kLatency, kMixed, Charge{1e-9, 1000}}) EXPECT_TRUE(is_charge(good));
  constexpr double kNone = std::numeric_limits<double>::quiet_NaN();
  for (const Charge& bad : {Charge{0, 0}, Charge{-1, 2}, Charge{1e-10, 1}, Charge{1, 1001}, Charge{kNone, 1}})
    EXPECT_FALSE(is_charge(bad)) << bad.tokens << ' ' << bad.latency_tokens;
}

TEST(Charge, OneOfTheTwoIsItselfToTheLastBit) {
  const CurvePoint p{.beta = 0, .accuracy = 50, .tokens = 0.1 + 0.2, .latency_tokens = 1.0 / 3};
  EXPECT_EQ(Charge().of(p), p.tokens);
  EXPECT_EQ(kLatency.of(p), p.latency_tokens);
  EXPECT_DOUBLE_EQ(kMixed.of(p), 0.7 * p.tokens + 0.3 * p.latency_tokens);
}

// 3 * 1 + 1 * 4 = 3 * 2 + 1 * 1, though neither tokens nor latency are the same.
TEST(Charge, PlacesInAMixAreExact) {
  const std::vector<Sums> a = {{1, 1, 4, 1}}, b = {{1, 2, 1, 1}}, c = {{1, 2, 2, 1}};
  const std::vector<Measured> points = {c, a, b};
  const auto places = places_of(points, Means::kExact, {.tokens = 3, .latency_tokens = 1});
  EXPECT_EQ(places[1].tokens, 0U);
  EXPECT_EQ(places[2].tokens, 0U);
  EXPECT_EQ(places[0].tokens, 1U);
}

TEST(Charge, PlacesInAMixAreThoseOfTheSums) {
  EXPECT_TRUE(rc::check("an eighth and three quarters, which doubles hold", [](const Numbers& numbers) {
    RC_PRE(!numbers.empty());
    std::vector<std::vector<Sums>> sums;
    std::vector<Measured> points;
    for (const auto& [tokens, latency] : numbers) sums.push_back({{0, tokens, latency, 1}});
    for (const auto& each : sums) points.emplace_back(each);
    const auto places = places_of(points, Means::kExact, {.tokens = 0.125, .latency_tokens = 0.75});
    for (std::size_t i = 0; i < numbers.size(); ++i) {
      const auto cost = [&](std::size_t k) { return numbers[k].first + 6 * numbers[k].second; };
      RC_ASSERT((places[i].tokens < places[0].tokens) == (cost(i) < cost(0)));
      RC_ASSERT((places[i].tokens == places[0].tokens) == (cost(i) == cost(0)));
    }
  }));
}

TEST(Charge, AFrontierOfLatencyIsThatOfTokensWithTheCostsElsewhere) {
  EXPECT_TRUE(rc::check("same points, same hypervolume", [](const Numbers& numbers) {
    RC_PRE(!numbers.empty());
    const BudgetRange by_tokens{1000, 50'000}, by_latency{1000, 50'000, kLatency};
    Archive tokens, latency;
    tokens.offer(std::vector{individual_of("a", sums_of(numbers, false))}, by_tokens);
    latency.offer(std::vector{individual_of("a", sums_of(numbers, true))}, by_latency);
    RC_ASSERT(tokens.points().size() == latency.points().size());
    for (std::size_t i = 0; i < tokens.points().size(); ++i) {
      RC_ASSERT(tokens.points()[i].beta == latency.points()[i].beta);
      RC_ASSERT(tokens.points()[i].tokens == curve_point_of(latency.points()[i]).latency_tokens);
    }
    RC_ASSERT(tokens.hypervolume(by_tokens) == latency.hypervolume(by_latency));
    RC_ASSERT(latency.dominated(kLatency).empty());
  }));
}

TEST(Charge, AScoreOfLatencyIsThatOfTokensWithTheCostsElsewhere) {
  EXPECT_TRUE(rc::check("same score and reach", [](const Numbers& numbers) {
    RC_PRE(!numbers.empty());
    const Individual a = individual_of("a", sums_of(numbers, false)),
                     b = individual_of("b", sums_of(numbers, true));
    const BudgetRange by_tokens{1000, 50'000}, by_latency{1000, 50'000, kLatency};
    RC_ASSERT(score_of(a.curve, by_tokens) == score_of(b.curve, by_latency));
    RC_ASSERT(unreached(a.curve, by_tokens) == unreached(b.curve, by_latency));
    RC_ASSERT(on_grid(a.curve, by_tokens) == on_grid(b.curve, by_latency));
  }));
}

// In seconds, say, of which a token takes a thousandth: all charges and budgets are below 1.
TEST(Charge, AnotherUnitChangesNothing) {
  EXPECT_TRUE(rc::check("same score, reach, grid and hypervolume", [](const Numbers& numbers) {
    RC_PRE(!numbers.empty());
    constexpr double kUnit = 1.0 / 65'536;
    const Individual a = individual_of("a", sums_of(numbers, false));
    const BudgetRange tokens{2, 50'000}, seconds{2 * kUnit, 50'000 * kUnit, {.tokens = kUnit}};
    const auto near = [](double x, double y) { return std::abs(x - y) < 1e-9; };
    RC_ASSERT(near(score_of(a.curve, tokens), score_of(a.curve, seconds)));
    RC_ASSERT(near(unreached(a.curve, tokens), unreached(a.curve, seconds)));
    const auto by_tokens = on_grid(a.curve, tokens), by_seconds = on_grid(a.curve, seconds);
    for (std::size_t i = 0; i < by_tokens.size(); ++i) RC_ASSERT(near(by_tokens[i], by_seconds[i]));
    std::vector<ParetoPoint> in_tokens, in_seconds;
    for (const CurvePoint& p : a.curve) {
      in_tokens.push_back({p.tokens, p.accuracy});
      in_seconds.push_back({seconds.charge.of(p), p.accuracy});
    }
    RC_ASSERT(near(hypervolume(in_tokens, tokens), hypervolume(in_seconds, seconds)));
  }));
}

TEST(Charge, ACellOfTheArchiveIsAsWideInAnyUnit) {
  const Charge seconds{.tokens = 0, .latency_tokens = 1e-6};
  const auto rising = individual_of("a", sums_of({{10, 10}, {20, 11}, {30, 12}, {40, 13}}, true));
  Archive archive;
  EXPECT_EQ(archive.offer(std::vector{rising}, {1e-6, 1, seconds}), 4);
  EXPECT_EQ(archive.points().size(), 4U);
  const auto near = individual_of("b", sums_of({{50, 10'000}, {51, 10'001}}, true));
  EXPECT_EQ(archive.offer(std::vector{near}, {1e-6, 1, seconds}), 1) << "apart by less than 2%";
}

// Alike in accuracy and tokens, not in latency: whoever is charged for latency keeps both.
TEST(Charge, SelectionTellsApartByWhatIsCharged) {
  const std::vector<Individual> both = {individual_of("a", {{50, 100'000, 60'000, 100}}),
                                        individual_of("b", {{50, 100'000, 20'000, 100}})};
  EXPECT_EQ(survivors(both, 5, {1, 1e6}).size(), 1U);
  EXPECT_EQ(survivors(both, 5, {1, 1e6, kLatency}).size(), 2U);
  EXPECT_EQ(survivors(both, 5, {1, 1e6, kMixed}, 1).size(), 2U);
}

}  // namespace
}  // namespace evo
