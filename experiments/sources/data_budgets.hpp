// data_budgets.hpp: the budgets that fit some recordings.
// Why:      budgets that suit one task are useless for another, and newcomers cannot guess them.
// Use:      resolve_budgets(experiment);      // an experiment is run with numbers
//           const DataBudgets fitting = budgets_on(environments, {}, options);
// How:      self-consistency (sc) and its adaptive form (asc) are run at rising betas. The lower budget is
//           what four branches of sc cost, or as many as there are. The higher one is the least for which
//           either of them gains almost all that there is to gain.
// Promises: depends on recordings, charge and episode options alone; variants by reweightings are left out.
//           What was derived has two significant digits, unless the other end is given and leaves it no room.
//           The higher budget is never above the dearest setting of sc and asc. It is at least four times the
//           lower where the recordings reach so far, and twice otherwise.
// Throws:   as replay::open_environments(); UsageError where nothing fits a budget that is given.
// Threads:  one call at a time; they use the threads of the calling TBB arena.
// Tests:    tests/experiments/commands/data_budgets_test.cpp, tests/experiments/commands/new_test.cpp
#pragma once

#include <string>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "replay/environment/environment.hpp"
#include "replay/machine/episode.hpp"

namespace experiments {

struct DataBudgets {
  double low = 0, high = 0;                      // mean charge of an episode
  double dearest = 0;                            // that sc or asc come to
  double least_accuracy = 0, most_accuracy = 0;  // of self-consistency at its ends, percent
};

DataBudgets budgets_on(const std::vector<replay::Environment>& environments, const evo::Charge& charge,
                       const replay::EpisodeOptions& options);

// "600 to 8100 tokens"; weights of a mix stand in brackets.
std::string budgets_text(const evo::Experiment& experiment);

bool has_open_budgets(const evo::Experiment& experiment);

// Opens the searched environments where a budget is to follow from them, and fills in what they tell.
void resolve_budgets(evo::Experiment& experiment);

}  // namespace experiments
