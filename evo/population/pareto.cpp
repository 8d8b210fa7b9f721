#include "evo/population/pareto.hpp"

#include <algorithm>
#include <cmath>
#include <pagmo/utils/hypervolume.hpp>
#include <pagmo/utils/multi_objective.hpp>

namespace evo {
namespace {

// pagmo minimises both objectives.
pagmo::vector_double as_objectives(const ParetoPoint& p, const Charge& charge) {
  return {log_charge(p.tokens, charge), -p.accuracy};
}

// Dominance depends on the order of figures alone, so places stand for the exact values.
std::vector<pagmo::vector_double> as_objectives(const std::vector<Place>& places) {
  std::vector<pagmo::vector_double> objectives;
  for (const Place& p : places)
    objectives.push_back({static_cast<double>(p.tokens), -static_cast<double>(p.accuracy)});
  return objectives;
}

// Distances between members of one front.
pagmo::vector_double crowding_of(const std::vector<std::size_t>& members, std::span<const Measured> points,
                                 Means means, const Charge& charge) {
  if (members.size() < 2) return pagmo::vector_double(members.size(), HUGE_VAL);
  std::vector<pagmo::vector_double> objectives;
  for (const std::size_t index : members) {
    const CurvePoint p = point_of(0, points[index], means);
    objectives.push_back(as_objectives({charge.of(p), p.accuracy}, charge));
  }
  return pagmo::crowding_distance(objectives);
}

}  // namespace

std::vector<std::size_t> front(std::span<const Measured> points, Means means, const Charge& charge) {
  if (points.empty()) return {};
  const std::vector<Place> places = places_of(points, means, charge);
  std::vector<std::size_t> indices;
  for (const auto index : pagmo::non_dominated_front_2d(as_objectives(places))) indices.push_back(index);
  // On a front fewer tokens mean less accuracy.
  std::ranges::sort(indices, {}, [&](std::size_t i) { return std::pair(places[i].tokens, i); });
  const auto same = [&](std::size_t a, std::size_t b) { return places[a].tokens == places[b].tokens; };
  indices.erase(std::unique(indices.begin(), indices.end(), same), indices.end());
  return indices;
}

std::vector<Standing> standings(std::span<const Measured> points, Means means, const Charge& charge) {
  std::vector<Standing> result(points.size());
  if (points.size() < 2) return result;
  const auto fronts =
      std::get<0>(pagmo::fast_non_dominated_sorting(as_objectives(places_of(points, means, charge))));
  for (std::size_t rank = 0; rank < fronts.size(); ++rank) {
    const std::vector<std::size_t> members(fronts[rank].begin(), fronts[rank].end());
    const auto crowding = crowding_of(members, points, means, charge);
    // Of points that are all the same, pagmo's distance is 0/0.
    for (std::size_t i = 0; i < members.size(); ++i)
      result[members[i]] = {rank, std::isnan(crowding[i]) ? 0 : crowding[i]};
  }
  return result;
}

double hypervolume(const std::vector<ParetoPoint>& points, BudgetRange budgets) {
  const pagmo::vector_double reference = {std::log(budgets.high), 0.0};
  std::vector<pagmo::vector_double> inside;
  for (const ParetoPoint& p : points) {
    pagmo::vector_double objectives =
        as_objectives({std::max(p.tokens, budgets.low), p.accuracy}, budgets.charge);
    if (objectives[0] < reference[0] && objectives[1] < reference[1]) inside.push_back(std::move(objectives));
  }
  if (inside.empty()) return 0;
  return pagmo::hypervolume(inside, true).compute(reference) / (reference[0] - std::log(budgets.low));
}

}  // namespace evo
