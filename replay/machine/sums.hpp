// sums.hpp: the sum of a number over a set of branches, one branch after another.
// Why:      programs add by genome::add(), and so does what they ask the machine to add.
// Use:      const double sum = sum_of(0, weights, set);
// Threads:  pure functions.
#pragma once

#include <cmath>

#include "genome/base/arithmetic.hpp"
#include "replay/machine/lanes.hpp"

namespace replay {

// genome::add() over the set, one branch after another. There a sum that is no number becomes 0 and goes on.
// In plain additions it stays none, or infinite, so their result tells whether that ever came about.
inline double sum_of(double first, const double* value, Mask set) {
  double sum = first;
  for_each_lane(set, [&](std::size_t lane) { sum += value[lane]; });
  if (std::isfinite(sum)) [[likely]]
    return sum;
  sum = first;
  for_each_lane(set, [&](std::size_t lane) { sum = genome::add(sum, value[lane]); });
  return sum;
}

}  // namespace replay
