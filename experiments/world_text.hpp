// world_text.hpp: how long branches and intervals are where controllers are scored, for a model's eyes.
// Why:      a controller's numbers (intervals to wait, branches to open) mean nothing to who does not know
//           what an interval costs and how many a branch has.
// Use:      std::string text = world_text({.evaluator = evaluator, .betas = betas, .variants = 2});
// Promises: one row for each recorded environment, the first kWorldRows of them; nothing of questions,
//           answers or of how often branches are right.
// Threads:  pure function.
// Tests:    tests/experiments/observations_test.cpp
#pragma once

#include <cstddef>
#include <string>

#include "experiments/observations.hpp"

namespace experiments {

inline constexpr std::size_t kWorldRows = 12;

std::string world_text(const Observed& in);

}  // namespace experiments
