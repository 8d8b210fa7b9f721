// observations.hpp: what a language model is told of how a controller does: where, why it fails, and how that
// looks.
// Why:      a figure says that a controller is behind; only its failures say what to change.
// Use:      std::string text = observations(individual, {.evaluator = evaluator, .betas = betas});
// Promises: its curve in each recorded environment; a table of causes by beta (replay/analysis/diagnosis.hpp)
//           over kObservedOrderings orderings of each; and short traces of at most kObservedTraces failed
//           episodes, one of each of the most frequent causes that a controller can do something about.
//           Reweighted variants (replay/environment/reweighting.hpp) are left out: they were never asked.
//           At most about 8 KiB. Nothing of a question's text is in it. Depends on the arguments alone.
// Threads:  one call at a time; it uses the threads of the calling TBB arena.
// Tests:    tests/experiments/session/observations_test.cpp
#pragma once

#include <cstddef>
#include <span>
#include <string>
#include <vector>

#include "evo/population/individual.hpp"
#include "replay/evaluation/evaluator.hpp"

namespace experiments {

inline constexpr std::size_t kObservedOrderings = 2;
inline constexpr std::size_t kObservedTraces = 3;

struct Observed {
  const replay::Evaluator& evaluator;
  std::span<const double> betas;
  std::size_t variants = 0;  // that follow each recorded environment (see make_evaluator)
  int prompt_version = 2;    // of the words (see llm_mutators/prompts/wording.hpp)
};

// Those that are no variants, in their order.
std::vector<const replay::Environment*> recorded(const Observed& in);

std::string observations(const evo::Individual& individual, const Observed& in);

}  // namespace experiments
