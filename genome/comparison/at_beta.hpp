// at_beta.hpp: a controller with its knob fixed: the schedule evaluated away.
// Why:      two controllers that differ only in what a schedule entry would be at another beta act alike at
//           this one; the evaluation cache scores them once. It is also the shortest way to read what a
//           controller does at one setting.
// Use:      std::string key = print(at_beta(controller, 0.5));
// Promises: the result has no schedule; every number that depends on beta alone stands as a literal, to the
//           last digit the machine would compute. Equal results act alike in every episode. Nothing when
//           such a number is infinite, which no literal can say.
// Threads:  pure function.
#pragma once

#include <optional>

#include "genome/tree/ast.hpp"

namespace genome {

// `controller` must check.
std::optional<Controller> at_beta(const Controller& controller, double beta);

}  // namespace genome
