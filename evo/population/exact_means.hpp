// exact_means.hpp: means over environments, from whole sums, without an error of rounding.
// Why:      a mean taken in floating point depends on the order of its terms: equal means came out apart in
//           their last bit, and points that others dominate stayed on the frontier.
// Use:      CurvePoint point = point_of(0.5, sums);
//           std::vector<Place> places = places_of({a, b, c});
//           if (places[0].accuracy == places[1].accuracy) ...   // the same accuracy, exactly
// Promises: a place is decided by fractions of integers of any size, so neither the order of environments
//           nor their different numbers of episodes matter. A figure of a point is the double nearest to its
//           exact mean: equal means print equal digits. The integers are those of Boost.Multiprecision.
//           All this of exact means; rounded ones are those of an earlier program (see evo/base/means.hpp).
// Threads:  pure functions.
// Tests:    tests/evo/population/exact_means_test.cpp
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "evo/base/charge.hpp"
#include "evo/base/means.hpp"
#include "evo/population/individual.hpp"

namespace evo {

// One setting of the knob as it was measured: sums by environment, each of at least one episode.
using Measured = std::span<const Sums>;

CurvePoint point_of(double beta, Measured sums, Means means = Means::kExact);

// Where a point stands among others, from 0 for the smallest figure; equal figures share their place.
struct Place {
  std::size_t tokens = 0;  // or whatever is charged
  std::size_t accuracy = 0;
};
std::vector<Place> places_of(std::span<const Measured> points, Means means = Means::kExact,
                             const Charge& charge = {});

// That setting of a scored individual.
Measured measured_at(const Individual& individual, std::size_t setting);

}  // namespace evo
