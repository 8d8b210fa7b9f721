// collected_lines.hpp: what an environment tells of its recording, in a few lines for people.
// Why:      whoever compares two environments wants to see which model made them, and how, without reading
//           JSON.
// Use:      block += collected_lines(environment.collected);
//           if (collected_model(one.collected) == collected_model(other.collected)) ...
// Promises: entries that are missing, or of a type that is not expected, are passed over. All text of others
//           is made visible and cut; what is no object, or has none of the entries, gives no line at all.
// Threads:  pure functions.
// Tests:    tests/experiments/commands/env_test.cpp
#pragma once

#include <string>

namespace experiments {

std::string collected_lines(const std::string& collected);

// As it stands there; empty where no model is told.
std::string collected_model(const std::string& collected);

}  // namespace experiments
