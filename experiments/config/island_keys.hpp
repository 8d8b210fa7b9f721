// island_keys.hpp: the tables [[islands]] of an experiment file.
// Why:      islands may search in different ways; what one does otherwise is given by the keys that all know,
//           so that there is no second list of them.
// Use:      const Binding<evo::Experiment> tables = island_tables(experiment_keys);
//           if (may_be_of_island("variation.crossover")) ...
// The form: [[islands]]                  # the first island, the next table is the second, and so on
//           seed = 7
//           variation.crossover = 0.8
//           prompts.mutate = "…"
// Promises: an island has the values of the experiment for all keys that its table does not give. What is
//           read is written again with the keys that were given and no others. REQUIRES: when tables are
//           read, all other keys of the experiment have been.
// Threads:  pure functions.
// Tests:    tests/experiments/config/island_keys_test.cpp
#pragma once

#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "evo/experiment/experiment.hpp"
#include "experiments/config/key.hpp"

namespace experiments {

inline constexpr std::string_view kIslandsKey = "islands";

// `keys` gives those of an experiment; it is called when a table is read or written.
Binding<evo::Experiment> island_tables(std::span<const Key> (*keys)());

// Whether islands may differ in the key of that name.
bool may_be_of_island(std::string_view key);

// What is wrong with the islands as a whole, in a line.
std::optional<std::string> fault_of_islands(const evo::Experiment& experiment);

}  // namespace experiments
