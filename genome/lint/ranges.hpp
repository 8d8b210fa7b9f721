// ranges.hpp: between which bounds the values of a controller's expressions lie at one setting of beta.
// Why:      a count that is never above zero, or branches beyond those that an episode opens, can be found
//           before anything is run.
// Use:      const Ranges ranges(controller, Section::kRound, constant_names(controller, 0.5));
//           const Range range = ranges.of(statement.value);
// Promises: every value that the machine computes at that beta lies within its range; the range may be wider
//           than need be. Truths are 0 and 1. REQUIRES: the controller checks.
// Threads:  immutable once made.
// Tests:    tests/genome/lint/ranges_test.cpp
#pragma once

#include <limits>
#include <map>
#include <span>
#include <string>

#include "genome/tree/ast.hpp"
#include "genome/tree/constants.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {

// The most branches that an episode opens, whatever a controller asks for.
inline constexpr int kMostBranches = 64;

struct Range {
  double low = -std::numeric_limits<double>::infinity();
  double high = std::numeric_limits<double>::infinity();
  bool is_point() const { return low == high; }
  friend bool operator==(const Range&, const Range&) = default;
};

class Ranges {
 public:
  // The section is kStart or kRound.
  Ranges(const Controller& controller, Section section, const ConstantNames& constants);

  // Of an expression of a statement of the section.
  Range of(const Expr& expression) const;

 private:
  struct Value {
    Range range;
    bool truth = false;  // which tells min(number, set) from min(a, b)
  };
  using Names = std::map<std::string, Value, std::less<>>;
  static Value value_of(const Expr& expression, const Names& names);
  static Value applied(const Node& node, std::span<const Value> operands);

  Names names_;  // a section declares no name twice
};

}  // namespace genome
