// operator_table.hpp: what each operator of variation brought in a run: births, gains, steps that lasted.
// Why:      which operators a search lives on shows only when all births are counted.
// Use:      print(operator_table(births, lasting).text(Format::kTable));
// Promises: an operation that joins several operators counts for each of them. A birth is compared where its
//           first parent was scored in this run, and better when its score is above that one's. `best_gain`
//           is below 0 where all of an operator's births lost. `lasted` counts the steps among `lasting`,
//           which are those that the caller holds to have lasted. Operators with the most of these come
//           first.
// Threads:  pure function.
// Tests:    tests/experiments/tables/operator_table_test.cpp
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
