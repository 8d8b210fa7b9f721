#include "evo/population/selection.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <set>
#include <tuple>
#include <utility>

#include "evo/population/pareto.hpp"

namespace evo {

bool fitter(const Individual& a, const Individual& b) {
  return std::tuple(-a.fitness, a.size, a.birth.number) < std::tuple(-b.fitness, b.size, b.birth.number);
}

namespace {

// Places that go to the fittest.
std::size_t better_half(std::size_t places) { return (places + 1) / 2; }

constexpr double kAlikeAccuracy = 0.02;  // points
constexpr double kAlikeTokens = 0.002;   // of log tokens, or of what is charged

// Whether two curves differ by less than what any decision should rest on.
bool alike(const Individual& a, const Individual& b, const Charge& charge) {
  if (a.curve.size() != b.curve.size()) return false;
  for (std::size_t i = 0; i < a.curve.size(); ++i) {
    if (std::abs(a.curve[i].accuracy - b.curve[i].accuracy) > kAlikeAccuracy) return false;
    const double of_a = charge.of(a.curve[i]), of_b = charge.of(b.curve[i]);
    const double one = charge.of_one_token();
    if (std::abs(std::log((of_a + one) / (of_b + one))) > kAlikeTokens) return false;
  }
  return true;
}

// The first half by fitness, then the best of each niche that have no place yet, then by fitness again.
std::vector<Individual> with_niches(std::vector<Individual> all, std::size_t size, int niche,
                                    const Charge& charge) {
  std::vector<Individual> kinds;
  for (Individual& each : all) {
    if (std::none_of(kinds.begin(), kinds.end(), [&](const Individual& k) { return alike(k, each, charge); }))
      kinds.push_back(std::move(each));
  }
  std::vector<bool> lives(kinds.size(), false);
  std::map<Niche, int> held;
  std::size_t places = size;
  const auto take = [&](std::size_t i) {
    lives[i] = true;
    ++held[niche_of(kinds[i])];
    --places;
  };
  for (std::size_t i = 0; i < kinds.size() && i < better_half(size); ++i) take(i);
  for (std::size_t i = 0; i < kinds.size() && places > 0; ++i) {
    if (!lives[i] && held[niche_of(kinds[i])] < niche) take(i);
  }
  for (std::size_t i = 0; i < kinds.size() && places > 0; ++i) {
    if (!lives[i]) take(i);
  }
  std::vector<Individual> living;
  for (std::size_t i = 0; i < kinds.size(); ++i) {
    if (lives[i]) living.push_back(std::move(kinds[i]));
  }
  return living;
}

// Sorted by fitness; one individual for each way to act.
std::vector<Individual> one_of_a_kind(std::vector<Individual> all, Means means, const Charge& charge) {
  std::sort(all.begin(), all.end(), fitter);
  std::vector<Measured> points;
  for (const Individual& each : all) {
    for (std::size_t i = 0; i < each.curve.size(); ++i) points.push_back(measured_at(each, i));
  }
  const std::vector<Place> places = places_of(points, means, charge);
  std::set<std::vector<std::pair<std::size_t, std::size_t>>> seen;
  std::vector<Individual> kinds;
  std::size_t next = 0;
  for (Individual& each : all) {
    std::vector<std::pair<std::size_t, std::size_t>> curve;
    for (std::size_t i = 0; i < each.curve.size(); ++i, ++next)
      curve.emplace_back(places[next].accuracy, places[next].tokens);
    if (seen.insert(std::move(curve)).second) kinds.push_back(std::move(each));
  }
  return kinds;
}

// How each individual stands by its best point: the lower rank first, then the lonelier.
std::vector<Standing> best_standings(const std::vector<Individual>& all, BudgetRange range, Means means) {
  std::vector<Measured> points;
  std::vector<std::size_t> owner;
  for (std::size_t i = 0; i < all.size(); ++i) {
    for (std::size_t setting = 0; setting < all[i].curve.size(); ++setting) {
      if (!range.holds(range.charge.of(all[i].curve[setting]))) continue;
      points.push_back(measured_at(all[i], setting));
      owner.push_back(i);
    }
  }
  std::vector<Standing> best(all.size(), {points.size() + 1, 0});
  const std::vector<Standing> of_points = standings(points, means, range.charge);
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

std::vector<Individual> survivors(std::vector<Individual> all, std::size_t size, BudgetRange range, int niche,
                                  Means means) {
  all = one_of_a_kind(std::move(all), means, range.charge);
  if (niche > 0) return with_niches(std::move(all), size, niche, range.charge);
  if (all.size() <= size) return all;
  const std::size_t by_fitness = better_half(size);
  const std::vector<Standing> standing = best_standings(all, range, means);
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

SurvivalFitness::SurvivalFitness(std::span<const Individual> living, int niche)
    : alone_(niche > 0 ? living[better_half(living.size()) - 1].fitness : living.back().fitness),
      places_(living, niche) {}

double SurvivalFitness::needed_by(const Individual& newcomer) const {
  return std::min(alone_, places_.least(niche_of(newcomer)));
}

}  // namespace evo
