// breeding.hpp: the children of an island, made and not yet scored.
// Why:      generation.cpp reads like the pseudocode of a paper; how parents are drawn and what is done to a
//           proposal before it is judged is here.
// Use:      std::vector<ProposalRequest> requests = choose_parents(state, 0, experiment, generation, 0);
//           refine(proposals, island, scorer, generation, work);
//           std::vector<Individual> children = newborn(proposals, state, 0, generation, number);
// Promises: pure functions of their arguments, on any number of threads. What is drawn depends on the seed of
//           the island, the generation and the place of the request.
// Threads:  one call at a time; they use the threads of the calling TBB arena.
// Tests:    tests/evo/search/generation_test.cpp, tests/evo/search/islands_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <vector>

#include "evo/population/state.hpp"
#include "evo/proposal/proposer.hpp"
#include "evo/scoring/island_scorer.hpp"

namespace evo {

using Proposals = std::vector<std::optional<Proposal>>;

// Who of an island is to be changed, and with whom. `first` is the place of its first request among those of
// all islands.
std::vector<ProposalRequest> choose_parents(const State& state, std::size_t island,
                                            const Experiment& experiment, int generation, std::size_t first);

// Puts proposals into the form of the experiment, finds those that act as somebody living does, tunes what is
// raw, and adds what optimisers make of parents.
void refine(Proposals& proposals, const Island& island, IslandScorer& scorer, int generation, Work& work);

// Children that are new to the island: not living there, not made twice, and not on the frontier, where the
// island contributes to it. `number` is that of the last birth before, and is raised.
std::vector<Individual> newborn(const Proposals& proposals, const State& state, std::size_t island,
                                int generation, std::uint64_t& number);

}  // namespace evo
