// service_level.hpp: how far the figures of a controller are from the limits of a service level.
// Why:      whoever promises a service asks one thing of a controller: that it keeps all limits at once. The
//           search has to see who is nearer while nobody does.
// Use:      const double missed = excess(limits, figures);            // 0: kept, all of them
//           individual.fitness -= nearest_miss(curve, limits);
//           const double p95 = percentile_95(episodes);
// Promises: an excess is the sum of the points of accuracy that are missing, and of the percent of tokens and
//           of latency that are above their limits. None of them is more than 100. Who spends nothing keeps
//           no limits, and misses them by more than anybody else. The 95th percentile is the least latency
//           that at least 95% of the episodes do not exceed, by weight (nearest rank).
// Threads:  pure functions.
// Tests:    tests/evo/objective/service_level_test.cpp
#pragma once

#include <compare>
#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "evo/experiment/limits.hpp"
#include "evo/population/budget_range.hpp"
#include "evo/population/individual.hpp"
#include "evo/population/limits_choice.hpp"

namespace evo {

double excess(const Limits& limits, const ServiceFigures& figures);

// The least excess of the settings of a knob. A curve knows means alone: the percentile is taken for the mean
// latency, which is seldom more.
double nearest_miss(std::span<const CurvePoint> curve, const Limits& limits);

// The latency of an episode, and what it weighs.
struct WeighedLatency {
  std::int64_t latency_tokens = 0;
  double weight = 1;
  friend auto operator<=>(const WeighedLatency&, const WeighedLatency&) = default;
};

// Of one episode at least.
double percentile_95(std::vector<WeighedLatency> episodes);

// Whether a result is better than another: it misses less, is then more accurate, or, where accuracy alone is
// limited, is charged less; is then charged less; keeps the limits in more orderings.
bool better_within(const Limits& limits, const Charge& charge, const ServiceResult& a,
                   const ServiceResult& b);

// "tokens at most 200000, accuracy at least 60%"; empty without limits.
std::string shown_limits(const Limits& limits);

}  // namespace evo
