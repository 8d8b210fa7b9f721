// founder_search.hpp: many random controllers tried, beside or before the first generations.
// Why:      beside controllers whose numbers people or machines worked out, a random one looks bad whatever
//           its structure is worth. Many are tried, and the best have their numbers tuned before they
//           compete: then other families than those of the library have a chance.
// Use:      for (Proposal& founder : search_founders(scorer, founders(experiment), {}, work)) ...
//           search_founders(scorer, founders(experiment), {.number = 2, .of = 20}, work)   // a part
// Promises: experiment.founder_candidates controllers are sampled and scored on one slice of orderings; the
//           best kTunedPercent percent of them and, unless all founders are to be random, the known
//           controllers are tuned (evo/proposal/tuning.hpp), the best kTunedAgainPercent percent of those
//           again and more finely, and proposed. Whoever gained nothing is taken as it was. A known
//           controller's tuned child names it as its parent where it is a founder. In stages,
//           candidates, known controllers and what is tuned are dealt to them, so that all together cost
//           what one costs, and each stage chooses among its own: it depends on nothing that another found.
//           What a stage tuned once is proposed, too. Depends on its arguments alone.
// Threads:  one call at a time; evaluation uses the threads of the calling TBB arena.
#pragma once

#include <span>
#include <vector>

#include "evo/proposal/proposer.hpp"
#include "evo/scoring/island_scorer.hpp"

namespace evo {

inline constexpr int kTunedPercent = 4;
inline constexpr int kTunedAgainPercent = 25;

// Which part of the search; by itself, all of it.
struct FounderStage {
  int number = 0;
  int of = 1;
};

std::vector<Proposal> search_founders(IslandScorer& scorer, std::span<const Proposal> founders,
                                      FounderStage stage, Work& work);

}  // namespace evo
