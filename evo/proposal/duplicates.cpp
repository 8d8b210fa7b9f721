#include "evo/proposal/duplicates.hpp"

#include <algorithm>
#include <map>
#include <string>

#include "genome/text/printer.hpp"

namespace evo {

void mark_duplicates(std::span<std::optional<Proposal>> proposals, std::span<const Individual> living,
                     BehaviourDigests& digests, Work& work) {
  const auto asked = [](const std::optional<Proposal>& each) { return each && !each->exchange.empty(); };
  if (std::none_of(proposals.begin(), proposals.end(), asked)) return;
  std::map<std::string, std::string> known;  // id by behaviour; the fittest come first and stay
  for (const Individual& each : living) known.emplace(digests.of(each.controller), each.id);
  for (std::optional<Proposal>& proposal : proposals) {
    if (!asked(proposal)) continue;
    const auto [found, fresh] =
        known.emplace(digests.of(proposal->child), genome::identity(proposal->child.tree()));
    work += digests.work_of_one();
    if (!fresh) proposal->duplicate_of = found->second;
  }
}

}  // namespace evo
