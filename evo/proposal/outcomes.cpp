#include "evo/proposal/outcomes.hpp"

#include <algorithm>

#include "genome/text/printer.hpp"

namespace evo {

std::vector<ProposalOutcome> outcomes_of(std::span<const std::optional<Proposal>> proposals,
                                         std::span<const Individual> born, const State& after) {
  std::vector<ProposalOutcome> outcomes;
  for (const auto& proposal : proposals) {
    if (!proposal || proposal->exchange.empty()) continue;
    ProposalOutcome outcome{.exchange = proposal->exchange, .id = genome::identity(proposal->child.tree())};
    const auto child = std::find_if(born.begin(), born.end(), [&](const Individual& each) {
      return each.id == outcome.id && each.birth.exchange == proposal->exchange;
    });
    if (!proposal->duplicate_of.empty()) {
      outcome.duplicate_of = proposal->duplicate_of;
    } else if (child == born.end()) {
      outcome.duplicate_of = outcome.id;
    } else {
      outcome.score = child->score;
      outcome.fitness = child->fitness;
      outcome.lives = std::ranges::any_of(after.islands, [&](const Island& island) {
        return std::ranges::find(island.population, outcome.id, &Individual::id) != island.population.end();
      });
      outcome.leads = after.best().id == outcome.id;
    }
    outcomes.push_back(std::move(outcome));
  }
  return outcomes;
}

}  // namespace evo
