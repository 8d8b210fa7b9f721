#include "genome/comparison/inline_change.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <utility>
#include <vector>

#include "genome/base/check.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/sites.hpp"

namespace genome {
namespace {

// A mark stands in the tree as a name, which the printer writes as it is and never puts in brackets.
Expr replaced_mark(const Expr& from, const Expr& to) {
  return name(fmt::format("{{{} → {}}}", print(from), print(to)));
}
Expr added_mark(const Expr& to) { return name(fmt::format("{{+ {}}}", print(to))); }
Expr dropped_mark(const Expr& from) { return name(fmt::format("{{- {}}}", print(from))); }

// Two trees in one, and whether they have anything in common; without that a single mark says more.
struct Merged {
  Expr tree;
  bool shares = false;
};

Merged merge(const Expr& from, const Expr& to);

bool is_chain(Op op) { return op == Op::kAnd || op == Op::kOr || op == Op::kAdd || op == Op::kMultiply; }

void terms_of(const Expr& e, std::size_t at, Op op, std::vector<Expr>& terms) {
  if (e.nodes[at].op != op) {
    terms.push_back(e.extract(e.subtree(at)));
    return;
  }
  terms_of(e, e.operand(at, 0).first, op, terms);
  terms_of(e, e.operand(at, 1).first, op, terms);
}

std::vector<Expr> terms_of(const Expr& e, Op op) {
  std::vector<Expr> terms;
  terms_of(e, 0, op, terms);
  return terms;
}

// lengths[i][j]: of a longest common subsequence of a[i..] and b[j..].
template <typename T>
std::vector<std::vector<std::size_t>> common_lengths(const std::vector<T>& a, const std::vector<T>& b) {
  std::vector lengths(a.size() + 1, std::vector<std::size_t>(b.size() + 1, 0));
  for (std::size_t i = a.size(); i-- > 0;) {
    for (std::size_t j = b.size(); j-- > 0;) {
      lengths[i][j] =
          a[i] == b[j] ? lengths[i + 1][j + 1] + 1 : std::max(lengths[i + 1][j], lengths[i][j + 1]);
    }
  }
  return lengths;
}

Merged merge_chains(Op op, const Expr& from, const Expr& to) {
  const std::vector<Expr> a = terms_of(from, op), b = terms_of(to, op);
  const auto lengths = common_lengths(a, b);
  std::vector<Expr> terms;
  bool shares = false;
  for (std::size_t i = 0, j = 0; i < a.size() || j < b.size();) {
    if (i < a.size() && j < b.size() && a[i] == b[j]) {
      terms.push_back(a[i]);
      shares = true;
      ++i, ++j;
    } else if (i < a.size() && j < b.size() && lengths[i][j] == lengths[i + 1][j + 1]) {
      Merged both = merge(a[i++], b[j++]);  // neither is a common term: one became the other
      shares = shares || both.shares;
      terms.push_back(std::move(both.tree));
    } else if (j == b.size() || (i < a.size() && lengths[i + 1][j] >= lengths[i][j + 1])) {
      terms.push_back(dropped_mark(a[i++]));
    } else {
      terms.push_back(added_mark(b[j++]));
    }
  }
  if (!shares) return {replaced_mark(from, to), false};
  Expr tree = terms[0];
  for (std::size_t i = 1; i < terms.size(); ++i) tree = apply(op, {tree, terms[i]});
  return {std::move(tree), true};
}

// apply() for operands in a vector.
Expr applied(const Node& root, const std::vector<Expr>& operands) {
  Expr e{{root}};
  for (const Expr& operand : operands)
    e.nodes.insert(e.nodes.end(), operand.nodes.begin(), operand.nodes.end());
  return e;
}

Merged merge(const Expr& from, const Expr& to) {
  if (from == to) return {from, true};
  for (const Op op : {from.root().op, to.root().op}) {
    if (!is_chain(op)) continue;
    Merged chains = merge_chains(op, from, to);
    if (chains.shares) return chains;
  }
  const Node &a = from.root(), &b = to.root();
  if (a.op != b.op || a.arity != b.arity || a.arity == 0) return {replaced_mark(from, to), false};
  std::vector<Expr> operands;
  bool shares = false;
  for (std::size_t i = 0; i < a.arity; ++i) {
    Merged each = merge(from.extract(from.operand(0, i)), to.extract(to.operand(0, i)));
    shares = shares || each.shares;
    operands.push_back(std::move(each.tree));
  }
  if (!shares) return {replaced_mark(from, to), false};
  return {applied(a, operands), true};
}

std::vector<Node> nodes_of(const Statement& s) {
  std::vector<Node> nodes;
  for (const Part part : kParts) {
    const Expr& e = part_of(s, part);
    nodes.insert(nodes.end(), e.nodes.begin(), e.nodes.end());
  }
  return nodes;
}

double share_in_common(const std::vector<Node>& a, const std::vector<Node>& b) {
  if (a.empty() && b.empty()) return 1;
  return 2.0 * static_cast<double>(common_lengths(a, b)[0][0]) / static_cast<double>(a.size() + b.size());
}

}  // namespace

std::string marked(const Expr& from, const Expr& to) { return print(merge(from, to).tree); }

std::string marked(const Statement& from, const Statement& to) {
  EVOTTS_CHECK(from.verb == to.verb && from.target == to.target);
  Statement both = from;
  for (const Part part : kParts) {
    const Expr &a = part_of(from, part), &b = part_of(to, part);
    if (a.empty() && b.empty()) continue;
    part_of(both, part) = b.empty() ? dropped_mark(a) : a.empty() ? added_mark(b) : merge(a, b).tree;
  }
  return print(both);
}

double likeness(const Expr& a, const Expr& b) { return share_in_common(a.nodes, b.nodes); }

double likeness(const Statement& a, const Statement& b) {
  if (a.verb != b.verb || a.target != b.target) return 0;
  return share_in_common(nodes_of(a), nodes_of(b));
}

}  // namespace genome
