#include "evo/selection.hpp"

#include <algorithm>
#include <map>
#include <tuple>

#include "evo/pareto.hpp"

namespace evo {
namespace {

bool fitter(const Individual& a, const Individual& b) {
  return std::tuple(-a.fitness, a.size, a.birth.number) < std::tuple(-b.fitness, b.size, b.birth.number);
}

// Sorted by fitness; one individual for each way to act.
std::vector<Individual> one_of_a_kind(std::vector<Individual> all) {
  std::sort(all.begin(), all.end(), fitter);
  std::map<std::vector<std::pair<double, double>>, bool> seen;
  std::erase_if(all, [&](const Individual& each) {
    std::vector<std::pair<double, double>> curve;
    for (const CurvePoint& p : each.curve) curve.emplace_back(p.accuracy, p.tokens);
    return !seen.emplace(std::move(curve), true).second;
  });
  return all;
}

// How each individual stands by its best point: the lower rank first, then the lonelier.
std::vector<Standing> best_standings(const std::vector<Individual>& all, BudgetRange range) {
  std::vector<ParetoPoint> points;
  std::vector<std::size_t> owner;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (const CurvePoint& p : all[i].curve) {
      if (!range.holds(p.tokens)) continue;
      points.push_back({p.tokens, p.accuracy});
      owner.push_back(i);
    }
  }
  std::vector<Standing> best(all.size(), {points.size() + 1, 0});
  const std::vector<Standing> of_points = standings(points);
  for (std::size_t k = 0; k < points.size(); ++k) {
    Standing& mine = best[owner[k]];
    const Standing& s = of_points[k];
    if (std::tuple(s.rank, -s.crowding) < std::tuple(mine.rank, -mine.crowding)) mine = s;
  }
  return best;
}

}  // namespace

std::size_t tournament(genome::base::Rng& rng, std::size_t population, int rounds) {
  std::size_t best = population;
  for (int i = 0; i < rounds; ++i) best = std::min(best, genome::base::uniform_index(rng, population));
  return best;
}

std::vector<Individual> survivors(std::vector<Individual> all, std::size_t size, BudgetRange range) {
  all = one_of_a_kind(std::move(all));
  if (all.size() <= size) return all;
  const std::size_t by_fitness = (size + 1) / 2;
  const std::vector<Standing> standing = best_standings(all, range);
  std::vector<std::size_t> rest;
  for (std::size_t i = by_fitness; i < all.size(); ++i) rest.push_back(i);
  std::stable_sort(rest.begin(), rest.end(), [&](std::size_t a, std::size_t b) {
    return std::tuple(standing[a].rank, -standing[a].crowding) <
           std::tuple(standing[b].rank, -standing[b].crowding);
  });
  rest.resize(size - by_fitness);
  std::sort(rest.begin(), rest.end());  // back into the order of fitness
  std::vector<Individual> living(
      std::make_move_iterator(all.begin()),
      std::make_move_iterator(all.begin() + static_cast<std::ptrdiff_t>(by_fitness)));
  for (const std::size_t i : rest) living.push_back(std::move(all[i]));
  return living;
}

}  // namespace evo
