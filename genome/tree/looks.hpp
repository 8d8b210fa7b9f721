// looks.hpp: what means something only where branches are looked into before their ends.
// Why:      samples of other tools are whole: a branch is finished as soon as it is opened. Lines that
//           advance, prune or watch unfinished branches do nothing there, and cost a search its episodes.
// Use:      if (looks_into_branches(controller)) ...
// Threads:  pure functions.
// Tests:    tests/genome/variation/whole_samples_test.cpp
#pragma once

#include "genome/tree/ast.hpp"
#include "genome/tree/observed.hpp"

namespace genome {

// Whether an observed value means nothing of a branch that was read in one piece.
bool is_of_looks(Observable observable);

// Whether it has lines or values that need branches to be looked into before their ends.
bool looks_into_branches(const Controller& controller);

}  // namespace genome
