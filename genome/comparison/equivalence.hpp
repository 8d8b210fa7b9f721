// equivalence.hpp: whether two controllers are one program in other words.
// Why:      names and the order of independent lines drift while controllers are bred and edited; what is
//           equal but for them acts alike in every episode, and need be neither scored nor told apart.
// Use:      if (equivalent(a, b)) ...
//           Controller same = normal_form(a);    // names s1, m1, b1, l1, ...; lines in a canonical order
// Promises: safe: equivalent controllers act alike on every question, under every budget. The converse does
//           not hold: programs may act alike for deeper reasons than names, order and unused lines.
//           normal_form gives a controller that checks and acts as the one given.
// Threads:  pure functions.
// Tests:    tests/genome/comparison/equivalence_test.cpp
#pragma once

#include "genome/tree/ast.hpp"

namespace genome {

// Both functions take controllers that check.
Controller normal_form(const Controller& controller);
bool equivalent(const Controller& a, const Controller& b);

}  // namespace genome
