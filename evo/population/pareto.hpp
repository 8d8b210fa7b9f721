// pareto.hpp: fronts, crowding and hypervolume of points of tokens and accuracy.
// Why:      cheap and right are two aims; which points are best is a question of dominance.
// Use:      std::vector<std::size_t> best = front(points);
// Promises: fewer tokens and more accuracy are better; distances and areas are over log tokens. The
//           algorithms are those of pagmo2 (Biscani and Izzo, JOSS 2020), which only this file includes.
// Threads:  pure functions.
#pragma once

#include <cstddef>
#include <vector>

#include "evo/population/budget_range.hpp"

namespace evo {

struct ParetoPoint {
  double tokens = 0;
  double accuracy = 0;  // percent
};

// Indices of the points that no other dominates, by rising tokens; of equal points, the first.
std::vector<std::size_t> front(const std::vector<ParetoPoint>& points);

// Rank (0 is the front, as in NSGA-II, Deb et al. 2002) and crowding distance within it, of each point.
struct Standing {
  std::size_t rank = 0;
  double crowding = 0;
};
std::vector<Standing> standings(const std::vector<ParetoPoint>& points);

// The share of the rectangle from the lowest to the highest budget (log tokens) and 0 to 100 percent that
// the points dominate, in percent.
double hypervolume(const std::vector<ParetoPoint>& points, BudgetRange budgets);

}  // namespace evo
