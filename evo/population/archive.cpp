#include "evo/population/archive.hpp"

#include <algorithm>
#include <cmath>
#include <set>
#include <utility>

#include "evo/population/pareto.hpp"

namespace evo {
namespace {

std::vector<Measured> as_measured(const std::vector<ArchivePoint>& points) {
  std::vector<Measured> result;
  for (const ArchivePoint& p : points) result.emplace_back(p.sums);
  return result;
}

double charged_for(const ArchivePoint& p, const Charge& charge) {
  return charge.is_tokens() ? p.tokens : charge.of(curve_point_of(p));
}

std::int64_t cell_of(const ArchivePoint& p, const Charge& charge) {
  return static_cast<std::int64_t>(std::floor(log_charge(charged_for(p, charge), charge) / Archive::kCell));
}

// The best point of each cell, the earlier of equal ones.
std::vector<ArchivePoint> best_of_cells(const std::vector<ArchivePoint>& points, Means means,
                                        const Charge& charge) {
  const std::vector<Place> places = places_of(as_measured(points), means, charge);
  const auto better = [&](std::size_t a, std::size_t b) {
    if (means == Means::kRounded) return places[a].accuracy > places[b].accuracy;  // whatever it costs
    return std::pair(places[b].accuracy, places[a].tokens) < std::pair(places[a].accuracy, places[b].tokens);
  };
  std::map<std::int64_t, std::size_t> cells;
  for (std::size_t i = 0; i < points.size(); ++i) {
    const auto [at, fresh] = cells.emplace(cell_of(points[i], charge), i);
    if (!fresh && better(i, at->second)) at->second = i;
  }
  std::vector<ArchivePoint> best;
  for (const auto& [cell, i] : cells) best.push_back(points[i]);
  return best;
}

std::vector<ArchivePoint> front_of(const std::vector<ArchivePoint>& points, Means means,
                                   const Charge& charge) {
  std::vector<ArchivePoint> kept;
  for (const std::size_t index : front(as_measured(points), means, charge)) kept.push_back(points[index]);
  return kept;
}

int points_besides(const std::vector<ArchivePoint>& points, const std::vector<ArchivePoint>& known) {
  return static_cast<int>(std::ranges::count_if(
      points, [&](const ArchivePoint& p) { return std::ranges::find(known, p) == known.end(); }));
}

}  // namespace

CurvePoint curve_point_of(const ArchivePoint& point) {
  const double latency = point.sums.empty() ? 0 : point_of(point.beta, point.sums).latency_tokens;
  return {point.beta, point.accuracy, point.tokens, latency};
}

int Archive::offer(std::span<const Individual> individuals, BudgetRange range, Means means) {
  std::vector<ArchivePoint> all = points_;
  for (const Individual& each : individuals) {
    texts_.emplace(each.id, each.text);
    for (std::size_t setting = 0; setting < each.curve.size(); ++setting) {
      const CurvePoint& p = each.curve[setting];
      const Measured sums = measured_at(each, setting);
      if (range.holds(range.charge.of(p)))
        all.push_back({each.id, p.beta, p.accuracy, p.tokens, {sums.begin(), sums.end()}});
    }
  }
  // The best of each cell first; then what is dominated across cells goes.
  std::vector<ArchivePoint> kept = front_of(best_of_cells(all, means, range.charge), means, range.charge);

  std::set<std::string> owners;
  for (const ArchivePoint& p : kept) owners.insert(p.id);
  std::swap(points_, kept);
  std::erase_if(texts_, [&](const auto& entry) { return !owners.contains(entry.first); });
  return points_besides(points_, kept);
}

int Archive::new_since(const Archive& before) const { return points_besides(points_, before.points_); }

double Archive::hypervolume(BudgetRange range) const {
  std::vector<ParetoPoint> points;
  for (const ArchivePoint& p : points_) points.push_back({charged_for(p, range.charge), p.accuracy});
  return evo::hypervolume(points, range);
}

std::vector<ArchivePoint> Archive::dominated(const Charge& charge) const {
  std::vector<ArchivePoint> rest = points_;
  const std::vector<ArchivePoint> kept = front_of(points_, Means::kExact, charge);
  std::erase_if(rest, [&](const ArchivePoint& p) { return std::ranges::find(kept, p) != kept.end(); });
  return rest;
}

}  // namespace evo
