#include "evo/search/migration.hpp"

#include <algorithm>
#include <utility>
#include <vector>

#include "evo/objective/objective.hpp"
#include "evo/population/selection.hpp"

namespace evo {
namespace {

void arrive(Island& island, const Individual& traveller, const Experiment& experiment) {
  if (std::ranges::find(island.population, traveller.id, &Individual::id) != island.population.end()) return;
  std::vector<Individual> all = std::move(island.population);
  all.push_back(traveller);
  island.population = survivors(std::move(all), static_cast<std::size_t>(experiment.population),
                                budgets_of(experiment), experiment.niche, experiment.means);
}

}  // namespace

void migrate(State& state, Scorer& scorer) {
  const int every = scorer.experiment().migration;
  if (every == 0 || state.generation == 0 || state.generation % every != 0) return;
  std::vector<std::size_t> ring;
  for (std::size_t i = 0; i < state.islands.size(); ++i) {
    if (scorer.island(i).plan().migrates) ring.push_back(i);
  }
  if (ring.size() < 2) return;
  std::vector<Individual> travellers;
  for (const std::size_t i : ring) travellers.push_back(state.islands[i].population.front());
  for (std::size_t k = 0; k < ring.size(); ++k) {
    const std::size_t to = ring[(k + 1) % ring.size()];
    arrive(state.islands[to], travellers[k], scorer.island(to).experiment());
  }
}

}  // namespace evo
