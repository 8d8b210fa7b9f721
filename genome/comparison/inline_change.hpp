// inline_change.hpp: one line of a controller that became another: how alike they are, what changed.
// Why:      a changed threshold in a long guard should be seen at once, not searched for in two long lines.
// Use:      marked(a, b)    // "stop when round >= {4 → 6} and {+ any(finished)}"
//           if (likeness(a, b) > 0.5) ...
// Promises: {x → y} was x and is y; {+ y} is new, {- x} is gone; everything else is the same in both. Terms
//           of a sum, a product or a chain of `and` or `or` are told one by one.
// Threads:  pure functions.
// Tests:    tests/genome/comparison/semantic_diff_test.cpp
#pragma once

#include <string>

#include "genome/tree/ast.hpp"

namespace genome {

std::string marked(const Expr& from, const Expr& to);
// REQUIRES: the same verb and target.
std::string marked(const Statement& from, const Statement& to);

// The share of nodes that both have, in order: from 0 to 1, where equal trees give 1. Statements of different
// verbs or targets have nothing in common.
double likeness(const Expr& a, const Expr& b);
double likeness(const Statement& a, const Statement& b);

}  // namespace genome
