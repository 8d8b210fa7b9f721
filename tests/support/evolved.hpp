// evolved.hpp: states of a search in a small world, and where their texts are found.
// Why:      what works on states is tested on those that a search comes to.
// Use:      const State state = evolved(3); load_checkpoint(save_checkpoint(state), text_in(state), "test");
// Promises: the same generations and seed give the same state.
// Threads:  pure functions; scoring uses TBB.
#pragma once

#include <cstdint>
#include <optional>
#include <string>

#include "evo/proposal/genetic_proposer.hpp"
#include "evo/record/checkpoint.hpp"
#include "evo/search/generation.hpp"
#include "tests/support/small_world.hpp"

namespace evo {

inline TextOf text_in(const State& state) {
  return [&state](const std::string& id) -> std::optional<std::string> {
    for (const Island& island : state.islands) {
      for (const Individual& each : island.population) {
        if (each.id == id) return each.text;
      }
    }
    const auto at = state.archive.texts().find(id);
    return at == state.archive.texts().end() ? std::nullopt : std::optional(at->second);
  };
}

inline State evolved(int generations, std::uint64_t seed = 1) {
  const Experiment e = small_experiment(seed);
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  GeneticProposer proposer({});
  State state = found(scorer).state;
  for (int i = 0; i < generations; ++i) state = advance(state, scorer, proposer).state;
  return state;
}

// With everything on that steers the search or saves work.
inline Experiment full_experiment() {
  Experiment e = small_experiment();
  e.orderings = 6;
  e.first_rung = 1;
  e.validation_orderings = 5;
  e.coverage_penalty = 2;
  e.baseline_regret = 0.5;
  e.lower_bound_errors = 0.5;
  e.champion_errors = 0.5;
  e.niche = 2;
  e.adaptive = true;
  e.tuned = 1;
  e.simplified = 1;
  e.founder_candidates = 26;
  e.tuning_steps = 3;
  e.folds = 2;
  return e;
}

}  // namespace evo
