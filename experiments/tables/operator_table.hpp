// operator_table.hpp: what each operator of variation brought in a run: births, gains, steps that lasted.
// Why:      which operators a search lives on shows only when all births are counted.
// Use:      print(operator_table(births, lasting).text(Format::kTable));
// Promises: an operation that joins several operators counts for each of them. A birth is better when its
//           score is above its first parent's. `lasted` counts the steps among `lasting`, which are those
//           that the caller holds to have lasted. Operators with the most of these come first.
// Threads:  pure function.
// Tests:    tests/experiments/pages/report_test.cpp
#pragma once

#include <set>
#include <string>
#include <vector>

#include "evo/record/lineage.hpp"
#include "experiments/console/table.hpp"

namespace experiments {

// `births` are all of the run, in the order of its records.
Table operator_table(const std::vector<evo::Born>& births, const std::set<std::string>& lasting);

}  // namespace experiments
