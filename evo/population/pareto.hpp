// pareto.hpp: fronts, crowding and hypervolume of points of tokens and accuracy.
// Why:      cheap and right are two aims; which points are best is a question of dominance.
// Use:      std::vector<std::size_t> best = front(points);
// Promises: fewer tokens, or less of what is charged, and more accuracy are better. Dominance is decided on
//           exact means; distances and areas are over log tokens, in floating point. The algorithms are those
//           of pagmo2 (Biscani and Izzo, JOSS 2020), which only this file and evo/proposal/tuning.cpp
//           include.
// Threads:  pure functions.
// Tests:    tests/evo/population/pareto_test.cpp
#pragma once

#include <cstddef>
#include <span>
#include <vector>

#include "evo/population/budget_range.hpp"
#include "evo/population/exact_means.hpp"

namespace evo {

// Indices of the points that no other dominates, by rising tokens; of equal points, the first.
std::vector<std::size_t> front(std::span<const Measured> points, Means means = Means::kExact,
                               const Charge& charge = {});

// Rank (0 is the front, as in NSGA-II, Deb et al. 2002) and crowding distance within it, of each point.
struct Standing {
  std::size_t rank = 0;
  double crowding = 0;
};
std::vector<Standing> standings(std::span<const Measured> points, Means means = Means::kExact,
                                const Charge& charge = {});

struct ParetoPoint {
  double tokens = 0;    // or whatever is charged
  double accuracy = 0;  // percent
};

// The share of the rectangle from the lowest to the highest budget (log tokens) and 0 to 100 percent that
// the points dominate, in percent.
double hypervolume(const std::vector<ParetoPoint>& points, BudgetRange budgets);

}  // namespace evo
