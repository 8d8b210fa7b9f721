#include "genome/lint/branch_variation.hpp"

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

std::set<std::string> assigned_in(const Controller& c) {
  std::set<std::string> names;
  for (const auto* section : {&c.start, &c.round}) {
    for (const Statement& s : *section) {
      if (s.verb == Verb::kAssign) names.insert(s.target);
    }
  }
  return names;
}

}  // namespace

BranchVariation::BranchVariation(const Controller& c, const Scopes& scopes, Section section)
    : scopes_(scopes), section_(section) {
  for (const Observed& observed : observed_values()) {
    if (observed.type.level == Level::kBranch) varying_.emplace(observed.name);
  }
  // Which branches are assigned to may depend on the branch, and one opened later was not.
  const std::set<std::string> assigned = assigned_in(c);
  for (const Register& r : c.branch) {
    if (assigned.contains(r.name)) varying_.insert(r.name);
  }
  const std::vector<Statement>& statements = section == Section::kStart ? c.start : c.round;
  for (std::size_t i = 0; i < statements.size(); ++i) {
    if (statements[i].verb == Verb::kLet && varies(statements[i].value, i))
      varying_.insert(statements[i].target);
  }
}

bool BranchVariation::varies(const Expr& expression, std::size_t statement) const {
  const Scope& scope =
      section_ == Section::kStart ? scopes_.in_start(statement) : scopes_.in_round(statement);
  return varies(expression, 0, infer(expression, scope).types);
}

bool BranchVariation::varies(const Expr& e, std::size_t node, std::span<const Type> types) const {
  const Node& n = e.nodes[node];
  if (types[node].level < Level::kBranch) return false;
  if (n.op == Op::kName) return varying_.contains(n.name);
  const auto operand = [&](std::size_t which) { return e.operand(node, which).first; };
  const bool cancels = n.op == Op::kSubtract || n.op == Op::kDivide;
  if (cancels && operands_are_equal(e, node, 0, 1)) return false;
  const bool absorbs = n.op == Op::kMultiply || n.op == Op::kDivide;
  if (absorbs && (is_zero(e, operand(0)) || is_zero(e, operand(1)))) return false;
  const bool one_choice = n.op == Op::kIf && operands_are_equal(e, node, 1, 2);
  for (std::size_t which = one_choice ? 1 : 0; which < n.arity; ++which) {
    if (varies(e, operand(which), types)) return true;
  }
  return false;
}

}  // namespace genome
