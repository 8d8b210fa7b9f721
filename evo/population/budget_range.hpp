// budget_range.hpp: the budgets that matter to an experiment.
// Why:      a curve is judged, and a frontier kept, between two budgets; as two numbers side by side they
//           could be given the wrong way round.
// Use:      score_of(curve, {.low = 50e3, .high = 500e3})
//           if (range.holds(range.charge.of(point))) ...
// Promises: budgets are means of what an episode is charged, tokens unless something else is; both ends are
//           included.
// Threads:  a value.
#pragma once

#include "evo/base/charge.hpp"

namespace evo {

struct BudgetRange {
  double low = 0;
  double high = 0;
  Charge charge = {};  // what is counted
  bool holds(double charged) const { return low <= charged && charged <= high; }
};

}  // namespace evo
