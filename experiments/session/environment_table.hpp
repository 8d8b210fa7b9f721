// environment_table.hpp: how long branches and intervals of the environments are, as a table for prompts.
// Why:      a controller's numbers (intervals to wait, branches to open) mean nothing to a model that does
//           not know what an interval costs and how many a branch has.
// Use:      std::string text = environment_table({.evaluator = evaluator, .betas = betas, .variants = 2});
// Promises: one row for each recorded environment, the first kEnvironmentRows of them; nothing of questions,
//           answers or of how often branches are right.
// Threads:  pure function.
// Tests:    tests/experiments/session/observations_test.cpp
#pragma once

#include <cstddef>
#include <string>

#include "experiments/session/observations.hpp"

namespace experiments {

inline constexpr std::size_t kEnvironmentRows = 12;

std::string environment_table(const Observed& in);

}  // namespace experiments
