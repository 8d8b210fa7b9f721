// quantities.hpp: what is worth looking at in an episode, and the range each quantity really takes.
// Why:      a threshold outside the range of what it is compared with makes a guard that never changes;
//           the sampler draws thresholds from here.
// Use:      const Material& plain = Material::plain();
//           const Material material(signals, edition);     // of what environments record beside answers
//           const Material whole(signals, edition, Material::Of::kWholeSamples);  // no branch is looked into
//           for (const Quantity& q : material.question_quantities()) ...
// Promises: every expression types as a number (a set for sets()) in Scope::episode(). Every observed number
//           that observed.def gives a range is among the quantities of its level. What an edition adds comes
//           behind those before it, and what signals add behind all: without either, the same things are
//           drawn from the same random numbers. Of whole samples, nothing looks into unfinished branches
//           (see material_tables.hpp).
// Threads:  immutable once made; share freely.
// Tests:    tests/genome/tree/observed_test.cpp, tests/genome/variation/material_test.cpp,
//           tests/genome/variation/whole_samples_test.cpp
#pragma once

#include <cstdint>
#include <span>
#include <string>
#include <vector>

#include "genome/material/material_tables.hpp"
#include "genome/text/edition.hpp"
#include "genome/tree/ast.hpp"

namespace genome {

struct Quantity {
  Expr value;
  double low = 0;
  double high = 1;
  bool whole = false;  // takes whole values
};

// A signal that every environment at hand records, and the range of its means over whole branches.
struct RecordedSignal {
  std::string name;
  double low = 0;
  double high = 1;
  friend bool operator==(const RecordedSignal&, const RecordedSignal&) = default;
};

class Material {
 public:
  // Without signals, of the latest edition.
  static const Material& plain();
  // What episodes show: branches on their way, or whole ones alone.
  enum class Of : std::uint8_t { kBranches, kWholeSamples };
  explicit Material(std::span<const RecordedSignal> signals, int edition = kLatestEdition,
                    Of of = Of::kBranches);

  bool whole_samples() const { return of_ == Of::kWholeSamples; }

  int edition() const { return edition_; }
  std::span<const RecordedSignal> signals() const { return signals_; }
  std::span<const Quantity> question_quantities() const { return question_quantities_; }
  std::span<const Quantity> branch_quantities() const { return branch_quantities_; }
  // Sets of branches that votes and reductions are asked of.
  std::span<const Expr> sets() const { return sets_; }
  // Truths of the branch: who may be pruned or preferred.
  std::span<const Expr> branch_conditions() const { return branch_conditions_; }
  // Votes that give an answer of the question.
  std::span<const Expr> leaders() const { return leaders_; }
  // Numbers of the branch: by how much each may be advanced in a round (none of whole samples), and what its
  // vote may weigh.
  std::span<const Expr> paces() const { return paces_; }
  std::span<const Expr> weights() const { return weights_; }

 private:
  void take_branches();
  void add(const MaterialTables& tables);
  void add(const RecordedSignal& signal);
  void add_steps(const RecordedSignal& signal);

  int edition_;
  Of of_;
  std::vector<RecordedSignal> signals_;
  std::vector<Quantity> question_quantities_, branch_quantities_;
  std::vector<Expr> sets_, branch_conditions_, leaders_, paces_, weights_;
};

}  // namespace genome
