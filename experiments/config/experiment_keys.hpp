// experiment_keys.hpp: the one table of the keys of an experiment file.
// Why:      a key's name, values, default and meaning belong in one row, from which files are read, checked
//           and written, and which `evotts keys` prints.
// Use:      for (const Key& key : experiment_keys()) text += key.value.write(experiment);
//           if (const Key* key = find_key("evaluation.playoff")) ...   // an old name of it
// Promises: in the order of the file, keys of a section together, those of none first; every key has a help
//           text. Old names are read for ever and never written. To add a key, add a member to
//           evo::Experiment and a row here.
// Threads:  constant data.
// Tests:    tests/experiments/config/experiment_file_test.cpp, tests/experiments/config/old_names_test.cpp
#pragma once

#include <span>
#include <string_view>

#include "experiments/config/key.hpp"

namespace experiments {

std::span<const Key> experiment_keys();

// The key of that name, now or before; nullptr when there is none.
const Key* find_key(std::string_view name);

// "evaluation" of "evaluation.betas", and "" of "seed".
std::string_view section_of(std::string_view key);
std::string_view last_part_of(std::string_view key);

// Of objective.charge, of objective.limits, and of either end of the budgets (objective_keys.cpp).
Binding<evo::Experiment> charge_binding();
Binding<evo::Experiment> limits_binding();
Form<double> budget_form();

}  // namespace experiments
