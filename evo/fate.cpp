#include "evo/fate.hpp"

#include <algorithm>

#include "genome/printer.hpp"

namespace evo {
namespace {

// Whom the child acts like, in every setting and environment, on all orderings.
std::string twin_of(const Individual& child, const State& before) {
  for (const Individual& each : before.population) {
    const bool comparable = !child.sums.empty() && child.orderings == each.orderings;
    if (comparable && child.sums == each.sums) return each.id;
  }
  return {};
}

}  // namespace

std::vector<Fate> fates_of(std::span<const std::optional<Proposal>> proposals, const State& before,
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
      fate.duplicate_of = twin_of(*child, before);
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
