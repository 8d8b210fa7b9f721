// tunables.hpp: the numbers of a controller that a numerical optimiser may turn.
// Why:      once the structure of a controller is promising, its coefficients are a vector of reals, and
//           there are better ways to search those than mutation.
// Use:      std::vector<Tunable> all = tunables(controller, 20);
//           std::optional<Controller> child = with_moves(controller, all, {0.1, -0.3, ...});
// Promises: schedule entries come as their values at beta = 0 and at beta = 1 where they have one of the
//           usual shapes (a line or a power of beta, rounded or not), other numbers as they stand. Move 0
//           everywhere gives a controller that acts the same; a move of 1 changes a number by about half of
//           itself. with_moves() gives nothing when the result would not check.
// Threads:  pure functions.
#pragma once

#include <optional>
#include <span>
#include <vector>

#include "genome/tree/ast.hpp"
#include "genome/tree/sites.hpp"

namespace genome {

struct Tunable {
  enum class What : std::uint8_t { kEntryLow, kEntryHigh, kLiteral };
  What what = What::kLiteral;
  std::size_t entry = 0;  // of the schedule
  Site site;              // of a literal
  std::size_t node = 0;
  double value = 0;  // now
};

// At most `most`, the schedule first.
std::vector<Tunable> tunables(const Controller& controller, std::size_t most);

std::optional<Controller> with_moves(const Controller& controller, std::span<const Tunable> tunables,
                                     std::span<const double> moves);

// An entry of one of the usual shapes, with other values at its ends; nothing for an unusual shape.
std::optional<ScheduleEntry> with_ends(const ScheduleEntry& entry, double low, double high);

}  // namespace genome
