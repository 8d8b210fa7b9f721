// mate_choice.hpp: where one curve is ahead of another, and who is strong where a parent is weak.
// Why:      two parents that are good at the same have nothing to give each other.
// Use:      const evo::Individual* mate = complement(mother, candidates, {.low = 70e3, .high = 500e3});
// Threads:  pure functions.
// Tests:    tests/llm_mutators/proposers/mate_choice_test.cpp
#pragma once

#include <span>

#include "evo/population/individual.hpp"
#include "llm_mutators/prompts/curve_text.hpp"

namespace llm_mutators {

// Points by which the first is ahead of the second, as a mean over budgets, those where it is behind being 0.
double lead(const evo::Individual& first, const evo::Individual& second, const evo::BudgetRange& budgets);

// The candidate with the largest lead over `of`, ties going to the first; null when nobody has any.
const evo::Individual* complement(const evo::Individual& of,
                                  std::span<const evo::Individual* const> candidates,
                                  const evo::BudgetRange& budgets);

}  // namespace llm_mutators
