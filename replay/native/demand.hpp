// demand.hpp: of which branches anybody reads what an instruction writes to lanes.
// Why:      powers and logarithms take long, and most of them weight the votes of those that have finished:
//           those of the others need not be computed. How many votes a branch's answer has is read of a few
//           branches as often.
// Use:      if (const auto sets = demanded_sets(program, end, at)) ...   // the union of these is enough
// Promises: lanes outside of the sets, as they stand before the instruction, make no difference to anybody.
//           They may hold any bits, and be operands of other lanes that make none.
// Threads:  pure functions.
// Tests:    tests/replay/native/demand_test.cpp
#pragma once

#include <optional>
#include <vector>

#include "genome/program/program.hpp"

namespace replay {

// The slots of those sets; none where any lane may be read. The instruction is one of a section
// that ends before `end`, and writes numbers or truths of branches.
std::optional<std::vector<genome::Slot>> demanded_sets(const genome::Program& program, std::size_t end,
                                                       std::size_t at);

}  // namespace replay
