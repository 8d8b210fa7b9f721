#include "evo/search/champion.hpp"

#include <algorithm>
#include <functional>
#include <map>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "evo/population/selection.hpp"

namespace evo {
namespace {

constexpr std::size_t kContenders = 3;  // who meets the champion, each generation

// Who follows the champion: the best on the validation orderings of those who are ahead of it there by more
// than champion_errors standard errors. What they were selected on does not count again, or the luckiest of
// many would win by their luck. Thirty questions cannot tell smaller differences from luck, and of many
// challengers one is always lucky (the k-standard-error rule; with k of 1: Breiman, Friedman, Olshen and
// Stone, Classification and Regression Trees, 1984).
const Individual* champion_of(const std::vector<Individual*>& living, const std::string& holder,
                              Scorer& scorer) {
  Validation& validation = scorer.validation();
  std::vector<const Individual*> measured;
  for (const Individual* each : living) {
    if (each->validated) measured.push_back(each);
  }
  const auto fitness = [&](const Individual* each) { return validation.fitness(*each); };
  std::ranges::stable_sort(measured, std::greater<>(), fitness);
  const auto known = std::ranges::find(measured, holder, &Individual::id);
  const double errors = scorer.experiment().champion_errors;
  if (known == measured.end() || errors == 0) return measured.empty() ? nullptr : measured.front();
  for (auto challenger = measured.begin(); challenger != known; ++challenger) {
    const double gain = fitness(*challenger) - fitness(*known);
    if (gain > errors * validation.error_between(**challenger, **known)) return *challenger;
  }
  return *known;
}

// Everybody of the islands that contribute, the fittest first; of twins the elder alone.
std::vector<Individual*> competing(State& state) {
  std::vector<Individual*> all;
  for (Island& island : state.islands) {
    if (!island.contributes) continue;
    for (Individual& each : island.population) all.push_back(&each);
  }
  std::ranges::stable_sort(all, [](const Individual* a, const Individual* b) { return fitter(*a, *b); });
  std::set<std::string> seen;
  std::erase_if(all, [&](const Individual* each) { return !seen.insert(each->id).second; });
  return all;
}

// Twins on several islands were measured when one of them was.
void tell_twins(State& state) {
  std::map<std::string, double> known;
  for (const Island& island : state.islands) {
    for (const Individual& each : island.population) {
      if (island.contributes && each.validated) known.emplace(each.id, *each.validated);
    }
  }
  for (Island& island : state.islands) {
    for (Individual& each : island.population) {
      const auto twin = known.find(each.id);
      if (island.contributes && twin != known.end()) each.validated = twin->second;
    }
  }
}

}  // namespace

void choose_champion(State& state, const State& before, Scorer& scorer, Work& work) {
  if (scorer.experiment().validation_orderings == 0) return;
  if (!state.champion.empty() && island_of(state, state.champion) == state.islands.size()) {
    const Individual& held = before.best();
    std::vector<Individual>& home = state.islands[island_of(before, held.id)].population;
    home.insert(std::ranges::lower_bound(home, held, fitter), held);
  }
  tell_twins(state);
  const std::vector<Individual*> living = competing(state);
  scorer.validation().measure(std::span(living).first(std::min(kContenders, living.size())), work);
  tell_twins(state);
  if (const Individual* const best = champion_of(living, state.champion, scorer)) state.champion = best->id;
}

}  // namespace evo
