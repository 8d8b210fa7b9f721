// model_choice.hpp: which of several models is asked next: the one that brings most for its money.
// Why:      a dear model is worth it early or late, or not at all, and nobody knows before trying.
// Use:      std::size_t next = choose(arms);
// Promises: models never tried come first, in their order. Otherwise the largest of
//             (gain a pull / cost a pull) relative to the best model's + kExploration sqrt(2 ln N / n),
//           an upper confidence bound on improvement per cost (as budgeted bandits do: Ding et al., AAAI
//           2013), where N counts all pulls and n those of the model; ties go to the first. Depends on the
//           arms alone.
// Threads:  pure function.
// Tests:    tests/llm_mutators/proposers/several_models_test.cpp
#pragma once

#include <cstddef>
#include <span>

namespace llm_mutators {

struct Arm {
  double pulls = 0;  // questions, those under way included
  double gain = 0;   // points of fitness that children gained over their parents, in all
  double cost = 0;   // of all pulls, in any one unit
};

inline constexpr double kExploration = 0.3;

// REQUIRES: at least one arm.
std::size_t choose(std::span<const Arm> arms);

}  // namespace llm_mutators
