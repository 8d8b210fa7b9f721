// crossover.hpp: children of two parents.
// Why:      working parts travel whole: a statement comes with the schedule entries, registers and lets it
//           reads and with the lines that feed them.
// Use:      if (auto child = cross(rng, mother, father, Crossover::kStatement)) ...
// Promises: a result checks, differs from the mother, and is named "evolved"; nothing when no way was found
//           in a few tries. Depends on the stream and the parents alone.
// Threads:  pure functions.
#pragma once

#include <optional>
#include <span>
#include <string_view>

#include "genome/base/rng.hpp"
#include "genome/tree/ast.hpp"

namespace genome {

// The numbers are written into lineages: never reuse one.
enum class Crossover : std::uint8_t {
  kSchedule = 1,   // entries of the same name are taken from either parent
  kSection = 2,    // a whole section (start, round or answer) of the father
  kStatement = 3,  // one statement of the father, with what it needs
  kSubtree = 4,    // one subtree of the father in place of one of its type
};

std::span<const Crossover> all_crossovers();
std::string_view name_of(Crossover crossover);

std::optional<Controller> cross(base::Rng& rng, const Controller& mother, const Controller& father,
                                Crossover crossover);

}  // namespace genome
