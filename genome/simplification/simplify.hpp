// simplify.hpp: every way to say less: a controller with one part taken out.
// Why:      evolution leaves lines that do nothing any more; without them a controller is easier to read, to
//           vary and to trust. Whether a shorter one acts the same, or well enough, is for an evaluator.
// Use:      for (const Controller& shorter : simplifications(controller)) ...
// Promises: each result checks, is smaller (size_of), and has nothing unused; no two are equal. A statement,
//           a guard, an order, a keep or an answer line is left out, an operation gives way to one of its
//           operands of its type, a knob that hardly moves becomes a number.
// Threads:  pure function.
#pragma once

#include <vector>

#include "genome/tree/ast.hpp"

namespace genome {

std::vector<Controller> simplifications(const Controller& controller);

}  // namespace genome
