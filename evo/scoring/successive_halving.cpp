#include "evo/scoring/successive_halving.hpp"

#include <algorithm>
#include <cmath>
#include <functional>
#include <optional>

#include "evo/population/selection.hpp"

namespace evo {
namespace {

constexpr int kGrowth = 3;  // times the orderings of the rung before
constexpr double kFewestToExtrapolate = 4;

// The fitness of the last of the share that is kept: a third, of founders a half.
double least_of_the_better(std::span<const Individual* const> children, std::size_t share) {
  std::vector<double> sorted;
  for (const Individual* each : children) sorted.push_back(each->fitness);
  std::sort(sorted.begin(), sorted.end(), std::greater<>());
  return sorted[(sorted.size() - 1) / share];
}

// What one may hope to gain from this rung to the final fitness, judging by those who did; nothing when too
// few did.
std::optional<double> hope(std::span<const Individual> living, std::size_t rung) {
  double sum = 0, squares = 0, count = 0;
  for (const Individual& each : living) {
    if (rung >= each.level.size()) continue;
    const double gain = each.fitness - each.level[rung];
    sum += gain;
    squares += gain * gain;
    ++count;
  }
  if (count < kFewestToExtrapolate) return std::nullopt;
  const double mean = sum / count;
  return mean + kHopeDeviations * std::sqrt(std::max(0.0, squares / count - mean * mean));
}

}  // namespace

std::vector<int> rungs(const Experiment& experiment) {
  std::vector<int> ends;
  if (experiment.first_rung > 0) {
    for (int end = experiment.first_rung; end < experiment.orderings; end *= kGrowth) ends.push_back(end);
  }
  ends.push_back(experiment.orderings);
  return ends;
}

std::vector<bool> promoted(std::span<const Individual* const> children, std::span<const Individual> living,
                           std::size_t rung, int niche) {
  const double of_batch = least_of_the_better(children, living.empty() ? 2 : 3);
  const std::optional<double> gain = hope(living, rung);
  std::optional<SurvivalFitness> survival;
  if (gain) survival.emplace(living, niche);
  std::vector<bool> on;
  for (const Individual* each : children) {
    const bool may_live = !survival || each->fitness + *gain >= survival->needed_by(*each);
    on.push_back(each->fitness >= of_batch && may_live);
  }
  return on;
}

}  // namespace evo
