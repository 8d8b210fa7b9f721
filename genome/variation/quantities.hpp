// quantities.hpp: what is worth looking at in an episode, and the range each quantity really takes.
// Why:      a threshold outside the range of what it is compared with makes a guard that never changes;
//           the sampler draws thresholds from here.
// Use:      for (const Quantity& q : question_quantities()) ...
// Promises: every expression types as a number (a set for sets()) in Scope::episode(). Every observed number
//           that observed.def gives a range is among the quantities of its level.
// Threads:  constant data, made once.
// Tests:    tests/genome/tree/observed_test.cpp
#pragma once

#include <span>

#include "genome/tree/ast.hpp"

namespace genome {

struct Quantity {
  Expr value;
  double low = 0;
  double high = 1;
  bool whole = false;  // takes whole values
};

std::span<const Quantity> question_quantities();
std::span<const Quantity> branch_quantities();
// Sets of branches that votes and reductions are asked of.
std::span<const Expr> sets();
// Truths of the branch: who may be pruned or preferred.
std::span<const Expr> branch_conditions();
// Votes that give an answer of the question.
std::span<const Expr> leaders();
// Numbers of the branch: by how much each may be advanced in a round, and what its vote may weigh.
std::span<const Expr> paces();
std::span<const Expr> weights();

}  // namespace genome
