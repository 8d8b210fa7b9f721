// material_tables.hpp: texts of what is worth looking at, by what episodes show and what parts are for.
// Why:      a search draws the parts of controllers from lists that people wrote. What is of use where
//           nothing is seen of a branch before its end differs from what is of use on the way there.
// Use:      const MaterialTables& tables = whole_sample_tables();   // in Material (quantities.hpp)
// Promises: no text of whole_sample_tables() looks into branches (genome/tree/looks.hpp). Lengths are told
//           in tokens there, since the depth of such a branch is always 0. comparison_tables() set branches
//           beside the others, at the same depth and by length. Tasks differ in whether the long or the
//           short ones tend to be right, so both are offered.
// Threads:  constant data.
// Tests:    tests/genome/variation/whole_samples_test.cpp, tests/genome/variation/material_test.cpp
#pragma once

#include <span>
#include <string_view>

namespace genome {

struct QuantityRow {
  std::string_view text;
  double low, high;
  bool whole;
};

// Texts of what Material holds, member for member.
struct MaterialTables {
  std::span<const QuantityRow> question_quantities, branch_quantities;
  std::span<const std::string_view> sets, branch_conditions, leaders, weights;
};
const MaterialTables& whole_sample_tables();
const MaterialTables& comparison_tables();

}  // namespace genome
