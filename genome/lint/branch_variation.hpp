// branch_variation.hpp: whether an expression can have different values for different branches.
// Why:      a key of `first` that is the same for every branch puts them in no order.
// Use:      const BranchVariation variation(controller, scopes, Section::kRound);
//           if (!variation.varies(statement.order, i)) warn(...);   // i: which statement of the section
// Promises: an expression that does not vary has one value for all branches at any moment. One that is said
//           to vary may still be the same in every episode. REQUIRES: the controller checks.
// Threads:  immutable once made; the scopes must outlive it.
// Tests:    tests/genome/lint/lint_test.cpp
#pragma once

#include <set>
#include <span>
#include <string>

#include "genome/tree/ast.hpp"
#include "genome/tree/scopes.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {

class BranchVariation {
 public:
  BranchVariation(const Controller& controller, const Scopes& scopes, Section section);

  // Of an expression of the statement of this index.
  bool varies(const Expr& expression, std::size_t statement) const;

 private:
  bool varies(const Expr& e, std::size_t node, std::span<const Type> types) const;

  const Scopes& scopes_;
  Section section_;
  std::set<std::string, std::less<>> varying_;  // names
};

}  // namespace genome
