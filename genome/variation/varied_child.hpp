// varied_child.hpp: a few tries at a child that checks and differs from its parent.
// Why:      mutation and crossover ask the same of what their operators make.
// Use:      return varied_child(parent, [&](Controller& child) { return insert_statement(rng, child); });
// Promises: see mutation.hpp and crossover.hpp.
// Threads:  pure, if the change is.
// Tests:    tests/genome/variation/variation_test.cpp
#pragma once

#include <optional>

#include "genome/text/checker.hpp"
#include "genome/tree/ast.hpp"
#include "genome/tree/sites.hpp"

namespace genome {

// `change(child)` varies a copy of the parent and says whether it did.
template <typename Change>
std::optional<Controller> varied_child(const Controller& parent, Change change) {
  constexpr int kTries = 8;  // draws before an operator gives up
  for (int i = 0; i < kTries; ++i) {
    Controller child = parent;
    child.name = "evolved";
    if (!change(child)) continue;
    drop_unused(child);
    Controller same_name = child;
    same_name.name = parent.name;
    if (same_name != parent && checks(child)) return child;
  }
  return std::nullopt;
}

}  // namespace genome
