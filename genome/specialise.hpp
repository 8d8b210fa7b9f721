// specialise.hpp: a controller with its knob fixed: the schedule evaluated away.
// Why:      two controllers that differ only in what a schedule entry would be at another beta act alike at
//           this one; the evaluation cache scores them once. It is also the shortest way to read what a
//           controller does at one setting.
// Use:      std::string key = print(specialise(controller, 0.5));
// Promises: the result has no schedule; every number that depends on beta alone stands as a literal, to the
//           last digit the machine would compute. Equal results act alike in every episode. Nothing when
//           such a number is infinite, which no literal can say.
// Threads:  pure function.
#pragma once

#include <optional>

#include "genome/ast.hpp"

namespace genome {

// `controller` must check.
std::optional<Controller> specialise(const Controller& controller, double beta);

}  // namespace genome
