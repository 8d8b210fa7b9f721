// branch_variation.hpp: whether the value of an expression can differ between the branches of an episode.
// Why:      a key that is the same for every branch decides nothing: the order of opening does.
// Use:      const BranchVariation variation(controller, scopes, Section::kRound);
//           if (!variation.tells_apart(i)) warn();  // about statement i of the section
// Promises: an expression said not to vary is the same for all branches that are active, and so are keys for
//           all that the set of their statement takes in; one said to vary may not. REQUIRES: the controller
//           checks, and outlives this together with its scopes.
// Threads:  immutable once made.
// Tests:    tests/genome/lint/branch_variation_test.cpp
#pragma once

#include <functional>
#include <map>
#include <set>
#include <span>
#include <string>
#include <vector>

#include "genome/tree/ast.hpp"
#include "genome/tree/scopes.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {

class BranchVariation {
 public:
  // The section is kStart or kRound.
  BranchVariation(const Controller& controller, const Scopes& scopes, Section section);

  // Whether the key of a statement of the section differs between branches of its set.
  bool tells_apart(std::size_t statement) const;

 private:
  using Words = std::set<std::string, std::less<>>;
  struct Even {
    bool even = false;        // every branch was given the same value
    std::size_t opening = 0;  // how many statements before it open branches
  };
  struct Site {
    Section section;
    std::size_t statement = 0;
    const std::map<std::string, Even, std::less<>>& given;  // names, by the statements before
    std::size_t opening = 0;
    std::vector<Expr> fixed{};  // what is the same for all branches of a set
  };

  Words still_at_best() const;
  bool moves_evenly() const;
  Words moved_by(Section section);
  bool varies(const Expr& expression, const Site& site) const;
  bool varies(const Expr& e, std::size_t node, std::span<const Type> types, const Site& site) const;
  bool name_varies(const std::string& word, const Site& site) const;
  void fix(const Expr& truth, Site& site) const;
  const std::vector<Statement>& statements(Section section) const;

  const Controller& c_;
  const Scopes& scopes_;
  Words of_branches_;  // observed values that are of the branch
  Words still_;        // names that are the same for all branches throughout
  std::vector<bool> tells_apart_;
};

}  // namespace genome
