#include "genome/lint/branch_variation.hpp"

#include <algorithm>
#include <vector>

#include "genome/tree/observed.hpp"
#include "genome/tree/typing.hpp"

namespace genome {
namespace {

bool is_zero(const Expr& e, std::size_t node) {
  return e.nodes[node].op == Op::kNumber && e.nodes[node].number == 0;
}

bool operands_are_equal(const Expr& e, std::size_t node, std::size_t a, std::size_t b) {
  return e.extract(e.operand(node, a)) == e.extract(e.operand(node, b));
}

bool opens(const Statement& s) { return s.verb == Verb::kOpen || s.verb == Verb::kRead; }

bool has_opening(const std::vector<Statement>& statements) { return std::ranges::any_of(statements, opens); }

// Whether the section opens branches behind a statement for which this holds.
template <typename Predicate>
bool opens_behind(const std::vector<Statement>& statements, Predicate holds) {
  const auto first = std::ranges::find_if(statements, holds);
  return std::any_of(first, statements.end(), opens);
}

}  // namespace

BranchVariation::BranchVariation(const Controller& c, const Scopes& scopes, Section section)
    : c_(c), scopes_(scopes) {
  for (const Observed& observed : observed_values()) {
    if (observed.type.level == Level::kBranch) of_branches_.emplace(observed.name);
  }
  // What stays the same if all that is assumed to stays the same, stays the same.
  still_ = still_at_best();
  for (bool changed = true; changed;) {
    Words moved = moved_by(Section::kStart);
    moved.merge(moved_by(Section::kRound));
    changed = std::erase_if(still_, [&](const std::string& word) { return moved.contains(word); }) > 0;
  }
  moved_by(section);
}

bool BranchVariation::tells_apart(std::size_t statement) const { return tells_apart_[statement]; }

const std::vector<Statement>& BranchVariation::statements(Section section) const {
  return section == Section::kStart ? c_.start : c_.round;
}

BranchVariation::Words BranchVariation::still_at_best() const {
  Words still;
  const bool together = !has_opening(c_.round);  // all branches are opened in the section start
  if (together) still.insert("age");
  if (together && moves_evenly()) still.insert("depth");
  for (const Register& r : c_.branch) {
    const auto sets = [&](const Statement& s) { return s.verb == Verb::kAssign && s.target == r.name; };
    const auto sets_some = [&](const Statement& s) { return sets(s) && !s.set.empty(); };
    const bool assigned = std::ranges::any_of(c_.start, sets) || std::ranges::any_of(c_.round, sets);
    const bool of_some = std::ranges::any_of(c_.start, sets_some) || std::ranges::any_of(c_.round, sets_some);
    if (!assigned || (together && !of_some && !opens_behind(c_.start, sets))) still.insert(r.name);
  }
  return still;
}

// Whether all active branches are advanced together, if by the same number.
bool BranchVariation::moves_evenly() const {
  const auto advances = [](const Statement& s) { return s.verb == Verb::kAdvance; };
  if (opens_behind(c_.start, advances)) return false;
  for (const auto* section : {&c_.start, &c_.round}) {
    for (const Statement& s : *section) {
      if (s.verb == Verb::kRead || s.verb == Verb::kContinue) return false;
      if (advances(s) && s.set != name("active")) return false;
    }
  }
  return true;
}

// Goes through the section. Gives the names that do not stay the same for all branches.
BranchVariation::Words BranchVariation::moved_by(Section section) {
  Words moved;
  std::map<std::string, Even, std::less<>> given;
  std::size_t opening = 0;
  tells_apart_.clear();
  for (const Statement& s : statements(section)) {
    Site site{.section = section, .statement = tells_apart_.size(), .given = given, .opening = opening};
    const bool even = s.value.empty() || !varies(s.value, site);
    if (s.verb == Verb::kAdvance && !even) moved.insert("depth");
    if (s.verb == Verb::kAssign && !even) moved.insert(s.target);
    if (!s.set.empty() && !s.order.empty()) fix(s.set, site);
    tells_apart_.push_back(!s.order.empty() && varies(s.order, site));
    if (s.verb == Verb::kLet || s.verb == Verb::kAssign)
      given[s.target] = {.even = even && s.guard.empty() && s.set.empty(), .opening = opening};
    if (opens(s)) ++opening;
  }
  return moved;
}

// What is the same for all branches for which the truth holds.
void BranchVariation::fix(const Expr& truth, Site& site) const {
  const auto operand = [&](std::size_t which) { return truth.extract(truth.operand(0, which)); };
  const Op op = truth.root().op;
  if (op == Op::kAnd) {
    fix(operand(0), site);
    return fix(operand(1), site);
  }
  site.fixed.push_back(op == Op::kNot ? operand(0) : truth);
  if (op != Op::kEqual) return;
  for (const std::size_t which : {0U, 1U}) {
    if (!varies(operand(which), site)) site.fixed.push_back(operand(1 - which));
  }
}

bool BranchVariation::varies(const Expr& expression, const Site& site) const {
  const Scope& scope =
      site.section == Section::kStart ? scopes_.in_start(site.statement) : scopes_.in_round(site.statement);
  return varies(expression, 0, infer(expression, scope).types, site);
}

bool BranchVariation::name_varies(const std::string& word, const Site& site) const {
  if (still_.contains(word)) return false;
  if (of_branches_.contains(word)) return true;
  // A branch that was opened since was given nothing.
  const auto given = site.given.find(word);
  return given == site.given.end() || !given->second.even || given->second.opening != site.opening;
}

bool BranchVariation::varies(const Expr& e, std::size_t node, std::span<const Type> types,
                             const Site& site) const {
  const Node& n = e.nodes[node];
  if (types[node].level < Level::kBranch) return false;
  if (!site.fixed.empty() && std::ranges::count(site.fixed, e.extract(e.subtree(node))) > 0) return false;
  if (is_signal(n.op)) return true;
  if (n.op == Op::kName) return name_varies(n.name, site);
  const auto operand = [&](std::size_t which) { return e.operand(node, which).first; };
  const bool cancels = n.op == Op::kSubtract || n.op == Op::kDivide;
  if (cancels && operands_are_equal(e, node, 0, 1)) return false;
  const bool absorbs = n.op == Op::kMultiply || n.op == Op::kDivide;
  if (absorbs && (is_zero(e, operand(0)) || is_zero(e, operand(1)))) return false;
  const bool one_choice = n.op == Op::kIf && operands_are_equal(e, node, 1, 2);
  for (std::size_t which = one_choice ? 1 : 0; which < n.arity; ++which) {
    if (varies(e, operand(which), types, site)) return true;
  }
  return false;
}

}  // namespace genome
