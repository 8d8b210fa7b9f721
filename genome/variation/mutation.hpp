// mutation.hpp: typed random changes of a controller.
// Why:      one of the two sources of variation; every operator keeps types, so children check.
// Use:      if (auto child = mutate(rng, parent, Mutation::kInsertStatement)) ...
// Promises: a result checks, differs from the parent, and is named "evolved"; nothing when the operator
//           found no way in a few tries. Depends on the stream and the parent alone.
// Threads:  pure functions.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "genome/base/rng.hpp"
#include "genome/tree/ast.hpp"

namespace genome {

// The numbers are written into lineages: never reuse one.
enum class Mutation : std::uint8_t {
  kConstants = 1,      // numbers nudged
  kScheduleEntry = 2,  // one entry drawn anew
  kSubtree = 3,        // one subtree replaced by another of its type
  kInsertStatement = 4,
  kDropStatement = 5,
  kMoveStatement = 6,
  kGuard = 7,         // a guard added, tightened, loosened, replaced or dropped
  kLiftConstant = 8,  // a literal becomes a schedule entry, so that it goes with beta
  kRegister = 9,      // a register that follows a quantity over the rounds, and a guard that reads it
  kAnswer = 10,       // an answer line added, replaced or dropped
  kHabit = 11,        // a whole habit (see habits.hpp)
  kElectorate = 12,   // votes and counts over one set are taken over another, in one line or everywhere
  kWeight = 13,       // votes over one set weigh branches, or no longer do
  kScale = 14,        // all schedule entries move together, as if beta meant more or less
};

std::span<const Mutation> all_mutations();
std::string_view name_of(Mutation mutation);

std::optional<Controller> mutate(base::Rng& rng, const Controller& parent, Mutation mutation);

}  // namespace genome
