// operator_table.hpp: what each operator of variation brought in a run: births, gains, steps that lasted.
// Why:      which operators a search lives on shows only when all births are counted.
// Use:      print(operator_table(births_of(at), lasting).text(Format::kTable));
// Promises: an operation that joins several operators counts for each of them. A birth is better when its
//           score is above its first parent's. `lasted` counts the steps among `lasting`, which are those
//           that the caller holds to have lasted. Operators with the most of these come first.
// Threads:  reads the file system, otherwise pure.
// Tests:    tests/experiments/pages/report_test.cpp
#pragma once

#include <set>
#include <string>
#include <vector>

#include "evo/record/lineage.hpp"
#include "experiments/console/table.hpp"
#include "experiments/sources/run_source.hpp"

namespace experiments {

// Everyone ever born in the run, in the order of birth. RunError where a record is damaged.
std::vector<evo::Born> births_of(const RunAt& at);

Table operator_table(const std::vector<evo::Born>& births, const std::set<std::string>& lasting);

}  // namespace experiments
