// whole_samples.hpp: what is worth looking at where nothing is seen of a branch before its end.
// Why:      samples of other tools are whole: a branch is finished as soon as it is opened. Lines that
//           advance, prune or watch unfinished branches do nothing there, and cost a search its episodes.
// Use:      const Material material(signals, Material::Of::kWholeSamples);   // draws from these tables
//           if (looks_into_branches(controller)) ...
// Promises: no text of the tables looks into branches. Lengths are told in tokens, since the depth of such a
//           branch is always 0.
// Threads:  constant data; a pure function.
// Tests:    tests/genome/variation/whole_samples_test.cpp
#pragma once

#include <span>
#include <string_view>

#include "genome/tree/ast.hpp"
#include "genome/tree/observed.hpp"

namespace genome {

struct QuantityRow {
  std::string_view text;
  double low, high;
  bool whole;
};

// Texts of what Material holds, member for member.
struct WholeSampleTables {
  std::span<const QuantityRow> question_quantities, branch_quantities;
  std::span<const std::string_view> sets, branch_conditions, leaders, weights;
};
const WholeSampleTables& whole_sample_tables();

// Whether an observed value means nothing of a branch that was read in one piece.
bool is_of_looks(Observable observable);

// Whether it has lines or values that need branches to be looked into before their ends.
bool looks_into_branches(const Controller& controller);

}  // namespace genome
