// spending_report.hpp: what was asked of models and spent on them: a line, a table, and for programs.
// Why:      whoever leaves a run alone with a credit card behind it asks this first when looking at it again.
// Use:      print("models: " + spending_line(experiment, state.memory, lost_calls(repository)) + "\n");
// Promises: `memory` is that of a state (llm_mutators/journal/memory.hpp); an empty one means that nothing
//           was asked. `lost` are the calls that kills cut off (llm_mutators/journal/pending_calls.hpp). They
//           may have been billed, so they are taken from what is left of a budget, but not from what was
//           spent. What was not reported or has no price is missing, not 0. Names are fit to be shown.
// Threads:  pure functions.
// Tests:    tests/experiments/session/model_run_test.cpp
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "evo/experiment/experiment.hpp"
#include "experiments/console/table.hpp"
#include "llm_mutators/journal/pending_calls.hpp"

namespace experiments {

std::string spending_line(const evo::Experiment& experiment, const std::string& memory,
                          const llm_mutators::LostCalls& lost);

// A row a model.
Table spending_table(const evo::Experiment& experiment, const std::string& memory);

// Why exchanges brought no child, a row a model and reason.
Table reasons_table(const std::string& memory);

nlohmann::ordered_json spending_json(const evo::Experiment& experiment, const std::string& memory,
                                     const llm_mutators::LostCalls& lost);

}  // namespace experiments
