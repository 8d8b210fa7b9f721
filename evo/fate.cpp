#include "evo/fate.hpp"

#include <algorithm>

#include "genome/printer.hpp"

namespace evo {

std::vector<Fate> fates_of(std::span<const std::optional<Proposal>> proposals,
                           std::span<const Individual> born, const State& after) {
  std::vector<Fate> fates;
  for (const auto& proposal : proposals) {
    if (!proposal || proposal->exchange.empty()) continue;
    Fate fate{.exchange = proposal->exchange, .id = genome::identity(proposal->child.tree())};
    const auto child = std::find_if(born.begin(), born.end(), [&](const Individual& each) {
      return each.id == fate.id && each.birth.exchange == proposal->exchange;
    });
    if (child == born.end()) {
      fate.duplicate_of = fate.id;
    } else {
      fate.duplicate_of = child->twin;
      fate.score = child->score;
      fate.fitness = child->fitness;
      fate.lives = std::any_of(after.population.begin(), after.population.end(),
                               [&](const Individual& each) { return each.id == fate.id; });
      fate.leads = after.best().id == fate.id;
    }
    fates.push_back(std::move(fate));
  }
  return fates;
}

}  // namespace evo
