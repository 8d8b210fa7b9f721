// duplicates.hpp: which proposals of language models act exactly as somebody who lives, or as one another.
// Why:      a model that writes what is there already in other words has brought nothing: it should be told
//           so, and nothing should be spent on scoring it again.
// Use:      mark_duplicates(proposals, island.population, scorer.behaviours(), work);
//           if (!proposals[i]->duplicate_of.empty()) ...   // the id of the living or new one
// Promises: only proposals that come from an exchange are looked at. Equal is who does the same in every
//           episode of the first rung (behaviour_digests.hpp). Of several living ones that act so the
//           fittest is named, and of several new ones the first. The living are run only when there is such
//           a proposal. Depends on the arguments alone.
// Threads:  one call at a time; evaluation uses the threads of the calling TBB arena.
// Tests:    tests/evo/search/generation_test.cpp
#pragma once

#include <optional>
#include <span>

#include "evo/population/individual.hpp"
#include "evo/proposal/proposer.hpp"
#include "evo/scoring/behaviour_digests.hpp"

namespace evo {

void mark_duplicates(std::span<std::optional<Proposal>> proposals, std::span<const Individual> living,
                     BehaviourDigests& digests, Work& work);

}  // namespace evo
