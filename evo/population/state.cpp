#include "evo/population/state.hpp"

#include <algorithm>
#include <set>
#include <utility>

#include "evo/population/selection.hpp"
#include "genome/base/check.hpp"

namespace evo {

const Individual& State::best() const {
  const Individual* fittest = nullptr;
  for (const Island& island : islands) {
    if (!island.contributes) continue;
    const auto at = std::ranges::find(island.population, champion, &Individual::id);
    if (at != island.population.end()) return *at;
    const Individual& first = island.population.front();
    if (fittest == nullptr || fitter(first, *fittest)) fittest = &first;
  }
  EVOTTS_CHECK(fittest != nullptr);
  return *fittest;
}

std::size_t State::living() const {
  std::size_t count = 0;
  for (const Island& each : islands) count += each.population.size();
  return count;
}

std::size_t island_of(const State& state, std::string_view id) {
  const auto lives_in = [&](const Island& island) {
    return island.contributes &&
           std::ranges::find(island.population, id, &Individual::id) != island.population.end();
  };
  return static_cast<std::size_t>(std::ranges::find_if(state.islands, lives_in) - state.islands.begin());
}

void forget_expectation(State& state) {
  state.halves.clear();
  state.expected.reset();
  state.recommended.reset();
}

int island_number(const State& state, std::size_t place) {
  return state.islands.size() == 1 ? 0 : static_cast<int>(place) + 1;
}

State with_islands(const State& state, std::size_t islands) {
  std::vector<Individual> all;
  std::set<std::string> ids;
  for (const Island& island : state.islands) {
    for (const Individual& each : island.population) {
      if (ids.insert(each.id).second) all.push_back(each);
    }
  }
  std::ranges::stable_sort(all, fitter);
  State next = state;
  next.islands.assign(std::min(islands, all.size()),
                      Island{.population = {}, .rates = state.islands.front().rates});
  for (std::size_t i = 0; i < all.size(); ++i) {
    if (islands == 1) all[i].birth.island = 0;
    next.islands[i % next.islands.size()].population.push_back(std::move(all[i]));
  }
  return next;
}

}  // namespace evo
