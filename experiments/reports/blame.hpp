// blame.hpp: for each line of a controller, the individual in whose making it appeared.
// Why:      a winner is dozens of lines from dozens of steps; what each is there for shows in the step that
//           brought it.
// Use:      for (const BlamedLine& line : blame(lineage, lineage.find("3ebd6d"))) ...
// Promises: one entry a line of the canonical text. A line that stands in a parent, in the longest common
//           subsequence of both texts, is that parent's; of two parents the first goes first. Where a text is
//           no longer known, lines end at the youngest known.
// Threads:  one at a time, as the lineage.
// Tests:    tests/experiments/commands/lineage_blame_test.cpp
#pragma once

#include <string>
#include <vector>

#include "evo/record/lineage.hpp"

namespace experiments {

struct BlamedLine {
  std::string text;
  const evo::Born* by = nullptr;
};

std::vector<BlamedLine> blame(const evo::Lineage& lineage, const evo::Born& of);

}  // namespace experiments
