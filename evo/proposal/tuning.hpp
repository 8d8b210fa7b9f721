// tuning.hpp: a controller with its numbers tuned by CMA-ES.
// Why:      mutation finds structures; where the best coefficients of a structure lie, an optimiser that
//           learns how they go together finds with far fewer evaluations.
// Use:      if (auto better = tuned(controller, scorer, seed, {.steps = 10}, work)) ...
// Promises: the result checks and differs from the given one only in numbers (see
//           genome/variation/tunables.hpp). It is the centre of the last sample's better half rather than
//           its luckiest point. The candidates of one step are scored on the same slice of orderings, those
//           of the next on the next slice, so that luck with orderings averages out. Depends on the
//           arguments alone, so one that is tuned beside others becomes what it would by itself. CMA-ES
//           (Hansen and Ostermeier 2001) is that of pagmo2.
// Threads:  one call at a time; evaluation uses the threads of the calling TBB arena.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <vector>

#include "evo/scoring/question_scorer.hpp"
#include "genome/text/checker.hpp"

namespace evo {

struct TuningOptions {
  int steps = 8;        // generations of CMA-ES
  int orderings = 4;    // of a slice
  double sigma = 0.15;  // of the first sample, as a share of twice the range
  double range = 1;     // how far a number may go, in moves (see genome/variation/tunables.hpp)
  int most = 24;        // numbers tuned at once
};

struct TuningTask {
  const genome::CheckedController* controller = nullptr;
  QuestionScorer* scorer = nullptr;
  std::uint64_t seed = 0;
};

// By task; none where there is nothing to turn, or turning changed nothing. The samples of all are scored
// together, as few large calls of the scorer are quicker than many small ones. `work` grows by what was
// scored.
std::vector<std::optional<genome::CheckedController>> tuned(std::span<const TuningTask> tasks,
                                                            const TuningOptions& options, Work& work);
// The same of one.
std::optional<genome::CheckedController> tuned(const genome::CheckedController& controller,
                                               QuestionScorer& scorer, std::uint64_t seed,
                                               const TuningOptions& options, Work& work);

}  // namespace evo
