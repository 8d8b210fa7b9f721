#include "evo/proposal/duplicates.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "genome/text/printer.hpp"

namespace evo {

void mark_duplicates(std::span<std::optional<Proposal>> proposals, const State& state, Scorer& scorer) {
  const auto asked = [](const std::optional<Proposal>& each) { return each && !each->exchange.empty(); };
  if (std::none_of(proposals.begin(), proposals.end(), asked)) return;
  std::map<std::string, std::string> living;  // id by behaviour; the fittest come first and stay
  for (const Individual& each : state.population) living.emplace(scorer.behaviour(each.controller), each.id);
  for (std::optional<Proposal>& proposal : proposals) {
    if (!asked(proposal)) continue;
    const auto [found, fresh] =
        living.emplace(scorer.behaviour(proposal->child), genome::identity(proposal->child.tree()));
    scorer.count_behaviour();
    if (!fresh) proposal->duplicate_of = found->second;
  }
}

}  // namespace evo
