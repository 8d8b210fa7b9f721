// branch_bound.hpp: how many branches a controller can ask for at one setting of beta.
// Why:      an episode opens at most kMostBranches; whoever asks for more gets fewer, and a knob that goes on
//           rising there no longer changes anything.
// Use:      const BranchBound bound = most_branches(controller, constant_names(controller, 0.5));
//           if (bound.most > kMostBranches) warn(bound.at);
// Promises: `most` counts what is known to be asked for: a statement of the round once, and more often only
//           where neither its guard nor its count nor a stop depends on what the branches show. Guards, stops
//           and counts that compare or subtract `opened` bound it; of other guards the worst is assumed.
//           REQUIRES: the controller checks.
// Threads:  pure functions.
// Tests:    tests/genome/lint/lint_test.cpp
#pragma once

#include "genome/tree/ast.hpp"
#include "genome/tree/constants.hpp"

namespace genome {

struct BranchBound {
  double most = 0;  // infinite where nothing bounds it
  Position at;      // the statement that asks for most of them
};

BranchBound most_branches(const Controller& controller, const ConstantNames& constants);

}  // namespace genome
