// dependence.hpp: which lines of a section depend on each other, and which may change places.
// Why:      two texts that differ only in the order of independent lines are one program; a difference that
//           tells of such moves hides the lines that matter.
// Use:      Dependence dependence(controller, Section::kRound);
//           if (!dependence.on(5, 3)) ...        // line 5 may stand before line 3
// Promises: careful: a section whose lines stand in any order that keeps every dependence does the same in
//           every episode. Lines may be told to depend on each other although they do not.
// Threads:  immutable once made.
// Tests:    tests/genome/comparison/equivalence_test.cpp
#pragma once

#include <cstddef>
#include <functional>
#include <vector>

#include "genome/tree/ast.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {

class Dependence {
 public:
  // The section is kStart or kRound of a controller that checks.
  Dependence(const Controller& controller, Section section);

  std::size_t lines() const { return earlier_.size(); }
  // Whether the later line must stay behind the earlier one. REQUIRES: earlier < later.
  bool on(std::size_t later, std::size_t earlier) const { return earlier_[later][earlier]; }

  // The lines in an order that keeps every dependence: of those that may come next, always the one that comes
  // first by `first` (a strict weak order), then by place.
  std::vector<std::size_t> order(const std::function<bool(std::size_t, std::size_t)>& first) const;

 private:
  std::vector<std::vector<bool>> earlier_;  // [later][earlier]
};

}  // namespace genome
