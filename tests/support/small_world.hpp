// small_world.hpp: an experiment small enough to evolve many times in a test.
#pragma once

#include "evo/experiment/experiment.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "replay/sources/source.hpp"

namespace evo {

inline Experiment small_experiment(std::uint64_t seed = 1) {
  Experiment e;
  e.name = "small";
  e.seed = seed;
  e.generations = 5;
  e.search = {"synthetic:seed=5,questions=6,branches=24"};
  e.betas = {0, 0.5, 1};
  e.orderings = 3;
  e.budget_low = 20e3;
  e.budget_high = 300e3;
  e.population = 14;
  e.children = 12;
  return e;
}

inline replay::Evaluator small_evaluator(const Experiment& e) {
  return replay::Evaluator(replay::open_environments(e.search),
                           {.orderings = static_cast<std::size_t>(e.orderings + e.validation_orderings)});
}

}  // namespace evo
