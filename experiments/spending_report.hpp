// spending_report.hpp: what was asked of models and spent on them: a line, a table, and for programs.
// Why:      whoever leaves a run alone with a credit card behind it asks this first when looking at it again.
// Use:      print("models: " + spending_line(experiment, state.memory) + "\n");
// Promises: `memory` is that of a state (see llm_mutators/memory.hpp); one that is none tells of nothing
// asked.
//           What was not reported or has no price is missing, not 0. Names are fit to be shown.
// Threads:  pure functions.
// Tests:    tests/experiments/spending_test.cpp
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "evo/experiment.hpp"

namespace experiments {

std::string spending_line(const evo::Experiment& experiment, const std::string& memory);

// A row a model.
std::string spending_table(const evo::Experiment& experiment, const std::string& memory);

nlohmann::ordered_json spending_json(const evo::Experiment& experiment, const std::string& memory);

}  // namespace experiments
