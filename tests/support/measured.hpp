// measured.hpp: individuals whose curve is what a test says, with the sums that give it.
// Why:      the frontier and selection go by sums of episodes, and tests think in curves.
// Use:      measure(individual, {{0, 30, 1000}, {1, 50, 5000}});
// Promises: one environment of a hundred episodes; accuracies and tokens are whole numbers.
// Threads:  pure functions.
#pragma once

#include <cmath>
#include <cstdint>
#include <vector>

#include "evo/population/exact_means.hpp"

namespace evo {

inline Sums sums_of(double accuracy, double tokens) {
  constexpr std::int64_t kEpisodes = 100;
  return {std::llround(accuracy), std::llround(tokens) * kEpisodes, 0, kEpisodes};
}

inline void measure(Individual& individual, const std::vector<CurvePoint>& curve) {
  individual.curve.clear();
  individual.sums.clear();
  for (const CurvePoint& p : curve) {
    individual.sums.push_back(sums_of(p.accuracy, p.tokens));
    individual.curve.push_back(point_of(p.beta, std::span(individual.sums).last(1)));
  }
}

}  // namespace evo
