// causes.hpp: what the checks that are off suggest to look at first.
// Why:      a difference alone does not say what to put right: other looks, other branches and another model
//           show in different checks.
// Use:      for (const std::string& each : likely_causes(results)) tell(each);
// Promises: nothing where no check is flagged. Each cause is a sentence, the likeliest first. These are
//           suggestions: the controller chooses branches by what it sees, so one difference brings others.
// Threads:  a pure function.
// Tests:    tests/live/audit/causes_test.cpp
#pragma once

#include <string>
#include <vector>

#include "live/audit/comparison.hpp"

namespace live {

std::vector<std::string> likely_causes(const std::vector<CheckResult>& results);

}  // namespace live
