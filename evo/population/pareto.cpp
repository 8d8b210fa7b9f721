#include "evo/population/pareto.hpp"

#include <algorithm>
#include <cmath>
#include <pagmo/utils/hypervolume.hpp>
#include <pagmo/utils/multi_objective.hpp>

namespace evo {
namespace {

// pagmo minimises both objectives.
pagmo::vector_double as_objectives(const ParetoPoint& p) {
  return {std::log(std::max(p.tokens, 1.0)), -p.accuracy};
}

std::vector<pagmo::vector_double> as_objectives(const std::vector<ParetoPoint>& points) {
  std::vector<pagmo::vector_double> objectives;
  for (const ParetoPoint& p : points) objectives.push_back(as_objectives(p));
  return objectives;
}

}  // namespace

std::vector<std::size_t> front(const std::vector<ParetoPoint>& points) {
  if (points.empty()) return {};
  std::vector<std::size_t> indices;
  for (const auto index : pagmo::non_dominated_front_2d(as_objectives(points))) indices.push_back(index);
  std::sort(indices.begin(), indices.end(), [&](std::size_t a, std::size_t b) {
    const auto &p = points[a], &q = points[b];
    return std::tuple(p.tokens, -p.accuracy, a) < std::tuple(q.tokens, -q.accuracy, b);
  });
  const auto same = [&](std::size_t a, std::size_t b) {
    return points[a].tokens == points[b].tokens && points[a].accuracy == points[b].accuracy;
  };
  indices.erase(std::unique(indices.begin(), indices.end(), same), indices.end());
  return indices;
}

std::vector<Standing> standings(const std::vector<ParetoPoint>& points) {
  std::vector<Standing> result(points.size());
  if (points.size() < 2) return result;
  const auto objectives = as_objectives(points);
  const auto fronts = std::get<0>(pagmo::fast_non_dominated_sorting(objectives));
  for (std::size_t rank = 0; rank < fronts.size(); ++rank) {
    std::vector<pagmo::vector_double> members;
    for (const auto index : fronts[rank]) members.push_back(objectives[index]);
    const auto crowding = members.size() < 2 ? pagmo::vector_double(members.size(), HUGE_VAL)
                                             : pagmo::crowding_distance(members);
    // Of points that are all the same, pagmo's distance is 0/0.
    for (std::size_t i = 0; i < fronts[rank].size(); ++i)
      result[fronts[rank][i]] = {rank, std::isnan(crowding[i]) ? 0 : crowding[i]};
  }
  return result;
}

double hypervolume(const std::vector<ParetoPoint>& points, BudgetRange budgets) {
  const pagmo::vector_double reference = {std::log(budgets.high), 0.0};
  std::vector<pagmo::vector_double> inside;
  for (const ParetoPoint& p : points) {
    pagmo::vector_double objectives = as_objectives({std::max(p.tokens, budgets.low), p.accuracy});
    if (objectives[0] < reference[0] && objectives[1] < reference[1]) inside.push_back(std::move(objectives));
  }
  if (inside.empty()) return 0;
  return pagmo::hypervolume(inside, true).compute(reference) / (reference[0] - std::log(budgets.low));
}

}  // namespace evo
