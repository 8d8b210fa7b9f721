// budget_range.hpp: the budgets that matter to an experiment.
// Why:      a curve is judged, and a frontier kept, between two budgets; as two numbers side by side they
//           could be given the wrong way round.
// Use:      score_of(curve, {.low = 50e3, .high = 500e3})
// Promises: budgets are mean tokens of an episode; both ends are included.
// Threads:  a value.
#pragma once

namespace evo {

struct BudgetRange {
  double low = 0;
  double high = 0;
  bool holds(double tokens) const { return low <= tokens && tokens <= high; }
};

}  // namespace evo
