// status_tables.hpp: what a run holds at a generation, as tables: a curve, the frontier, the islands.
// Why:      `evotts status` and the page of a run show the same figures.
// Use:      print(frontier_table(state, genome::base::kShortIdDigits).text(Format::kTable));
// Promises: a row for each point or island, in the order of the state.
// Threads:  pure functions.
// Tests:    tests/experiments/commands/run_resume_test.cpp, tests/experiments/commands/islands_test.cpp
#pragma once

#include <cstddef>

#include "evo/population/state.hpp"
#include "experiments/console/table.hpp"

namespace experiments {

// With what else is charged, where that is not tokens.
Table curve_table(const evo::Individual& individual, const evo::Charge& charge);

// The setting that was chosen for limits, with its figures.
Table limits_table(const evo::LimitsChoice& choice);

// `digits` of identities are shown.
Table frontier_table(const evo::State& state, std::size_t digits);

// The fittest of each island.
Table island_table(const evo::State& state);

}  // namespace experiments
