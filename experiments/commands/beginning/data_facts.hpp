// data_facts.hpp: what an experiment should know of its recordings before it is written.
// Why:      budgets, orderings and variants that fit one task are useless for another, and newcomers cannot
//           guess them.
// Use:      const DataFacts facts = facts_of(environments);
//           draft.budget_low = facts.budget_low;
// Promises: depends on the recordings alone. Budgets are those that a run on them would take
//           (experiments/sources/data_budgets.hpp).
// Threads:  one call at a time; it uses the threads of the calling TBB arena.
// Tests:    tests/experiments/commands/new_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <vector>

#include "replay/environment/environment.hpp"

namespace experiments {

struct DataFacts {
  std::size_t environments = 0;
  std::size_t questions = 0;                     // distinct ones
  std::vector<std::string> signals;              // that all environments record
  double budget_low = 0, budget_high = 0;        // mean tokens of an episode
  double least_accuracy = 0, most_accuracy = 0;  // of self-consistency at its ends, percent
  bool looks = false;                            // whether any branch was looked into before its end
};

DataFacts facts_of(const std::vector<replay::Environment>& environments);

}  // namespace experiments
