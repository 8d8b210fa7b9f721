#include "evo/population/archive.hpp"

#include <algorithm>
#include <cmath>
#include <set>

namespace evo {
namespace {

std::vector<ParetoPoint> as_pareto(const std::vector<ArchivePoint>& points) {
  std::vector<ParetoPoint> result;
  for (const ArchivePoint& p : points) result.push_back({p.tokens, p.accuracy});
  return result;
}

std::int64_t cell_of(const ArchivePoint& p) {
  return static_cast<std::int64_t>(std::floor(std::log(std::max(p.tokens, 1.0)) / Archive::kCell));
}

}  // namespace

int Archive::offer(std::span<const Individual> individuals, BudgetRange range) {
  std::vector<ArchivePoint> all = points_;
  for (const Individual& each : individuals) {
    texts_.emplace(each.id, each.text);
    for (const CurvePoint& p : each.curve) {
      if (range.holds(p.tokens)) all.push_back({each.id, p.beta, p.accuracy, p.tokens});
    }
  }
  // The best of each cell first; then what is dominated across cells goes.
  std::map<std::int64_t, ArchivePoint> cells;
  for (const ArchivePoint& p : all) {
    const auto [at, fresh] = cells.emplace(cell_of(p), p);
    if (!fresh && p.accuracy > at->second.accuracy) at->second = p;
  }
  std::vector<ArchivePoint> best;
  for (const auto& [cell, p] : cells) best.push_back(p);
  std::vector<ArchivePoint> kept;
  for (const std::size_t index : front(as_pareto(best))) kept.push_back(best[index]);

  int fresh = 0;
  std::set<std::string> owners;
  for (const ArchivePoint& p : kept) {
    owners.insert(p.id);
    fresh += std::find(points_.begin(), points_.end(), p) == points_.end();
  }
  points_ = std::move(kept);
  std::erase_if(texts_, [&](const auto& entry) { return !owners.contains(entry.first); });
  return fresh;
}

double Archive::hypervolume(BudgetRange range) const { return evo::hypervolume(as_pareto(points_), range); }

}  // namespace evo
