// semantic_diff.hpp: what changed between two controllers, told in terms of the language.
// Why:      a line difference of two texts drowns a moved threshold in renamed registers and shuffled lines.
// Use:      SemanticDiff diff = semantic_diff(cmc, child);
//           for (const LineChange& line : diff.round) ...
// Promises: `equivalent` is that of equivalence.hpp: the two act alike, whatever is listed. Names of B that A
//           spells otherwise are listed in `renamed` and spelled as in A everywhere else; lines of B are in
//           the order closest to that of A which their dependence allows. Deterministic.
// Threads:  pure function.
// Tests:    tests/genome/comparison/semantic_diff_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "genome/comparison/renaming.hpp"
#include "genome/tree/ast.hpp"

namespace genome {

enum class Change : std::uint8_t { kSame, kChanged, kAdded, kDropped };

std::string_view name_of(Change change);  // "same", "changed", "added", "dropped"

// A schedule entry of one of the two.
struct ScheduleSide {
  Direction direction = Direction::kRises;
  std::string text;  // of its value
  double at_zero = 0, at_one = 0;
};

struct ScheduleChange {
  Change change = Change::kSame;
  std::string name;
  std::optional<ScheduleSide> from, to;
  std::string marked;        // of what changed: the value, see inline_change.hpp
  bool same_values = false;  // changed in its words only: at every beta of the grid the value is the same
};

// A register, a statement or a line of the section answer.
struct LineChange {
  Change change = Change::kSame;
  std::string from, to;  // "" where it is not
  std::string marked;    // of what changed
};

struct SemanticDiff {
  bool same_text = false;  // the controllers are one individual
  bool equivalent = false;
  std::vector<Renaming> renamed;
  int rounds_from = 0, rounds_to = 0;
  // Everything, what is the same too, in the order of A with what B adds in between.
  std::vector<ScheduleChange> schedule;
  std::vector<LineChange> memory, branch, start, round, answer;
};

// Both must check.
SemanticDiff semantic_diff(const Controller& a, const Controller& b);

}  // namespace genome
