#include "genome/tree/ast.hpp"

#include <algorithm>
#include <array>
#include <initializer_list>
#include <iterator>

#include "genome/base/check.hpp"

namespace genome {
namespace {

// The words of ops.def. NOLINTBEGIN(readability-identifier-naming)
constexpr Form leaf = Form::kLeaf;
constexpr Form prefix = Form::kPrefix;
constexpr Form infix = Form::kInfix;
constexpr Form call = Form::kCall;
constexpr Form named = Form::kNamed;

constexpr Fold never = Fold::kNever;
constexpr Fold reduction = Fold::kReduction;
constexpr Fold vote = Fold::kVote;
constexpr Fold of_sets = Fold::kOfSets;
// NOLINTEND(readability-identifier-naming)

constexpr OpInfo kOps[] = {
#define OP(identifier, number, spelling, form, fewest, most, fold, meaning) \
  {Op::identifier, #identifier, spelling, form, fewest, most, fold, meaning},
#include "genome/tree/ops.def"
};

constexpr auto kByNumber = [] {
  std::array<std::uint8_t, 256> table{};
  table.fill(0);
  for (std::size_t i = 0; i < std::size(kOps); ++i)
    table[static_cast<std::uint8_t>(kOps[i].op)] = static_cast<std::uint8_t>(i);
  return table;
}();

}  // namespace

std::span<const OpInfo> all_ops() { return kOps; }

const OpInfo& info(Op op) { return kOps[kByNumber[static_cast<std::uint8_t>(op)]]; }

Span Expr::subtree(std::size_t index) const {
  EVOTTS_CHECK(index < nodes.size());
  std::size_t last = index;
  for (std::size_t open = 1; open > 0; ++last) {
    EVOTTS_CHECK(last < nodes.size());
    open += nodes[last].arity;
    --open;
  }
  return {index, last};
}

Span Expr::operand(std::size_t index, std::size_t which) const {
  EVOTTS_CHECK(which < nodes[index].arity);
  Span span = subtree(index + 1);
  for (; which > 0; --which) span = subtree(span.last);
  return span;
}

Expr Expr::extract(Span span) const {
  const auto begin = nodes.begin();
  return {{begin + static_cast<std::ptrdiff_t>(span.first), begin + static_cast<std::ptrdiff_t>(span.last)}};
}

Expr Expr::replaced(Span span, const Expr& with) const {
  Expr result;
  result.nodes.reserve(nodes.size() - span.size() + with.size());
  const auto begin = nodes.begin();
  result.nodes.insert(result.nodes.end(), begin, begin + static_cast<std::ptrdiff_t>(span.first));
  result.nodes.insert(result.nodes.end(), with.nodes.begin(), with.nodes.end());
  result.nodes.insert(result.nodes.end(), begin + static_cast<std::ptrdiff_t>(span.last), nodes.end());
  return result;
}

std::size_t Expr::depth() const {
  // In prefix order a node's depth is one more than the number of its still-open ancestors.
  std::vector<std::size_t> pending;
  std::size_t deepest = 0;
  for (const Node& node : nodes) {
    deepest = std::max(deepest, pending.size() + 1);
    if (node.arity > 0) {
      pending.push_back(node.arity);
      continue;
    }
    while (!pending.empty() && --pending.back() == 0) pending.pop_back();
  }
  return deepest;
}

Expr number(double value) {
  Node node{.op = Op::kNumber};
  node.number = value == 0 ? 0 : value;  // one zero only: -0 has no text of its own
  return {{std::move(node)}};
}

Expr name(std::string_view text) {
  Node node{.op = Op::kName};
  node.name = text;
  return {{std::move(node)}};
}

Expr signal(Op op, std::string_view name) {
  EVOTTS_CHECK(is_signal(op));
  Node node{.op = op};
  node.name = name;
  return {{std::move(node)}};
}

Expr truth(bool value) { return {{Node{.op = value ? Op::kTrue : Op::kFalse}}}; }

Expr none() { return {{Node{.op = Op::kNone}}}; }

Expr apply(Op op, std::initializer_list<Expr> operands) {
  EVOTTS_CHECK(operands.size() >= info(op).fewest && operands.size() <= info(op).most);
  Expr result;
  result.nodes.push_back(Node{.op = op, .arity = static_cast<std::uint8_t>(operands.size())});
  for (const Expr& operand : operands) {
    result.nodes.insert(result.nodes.end(), operand.nodes.begin(), operand.nodes.end());
  }
  return result;
}

Expr of_postfix(std::vector<Node> nodes) {
  std::vector<std::size_t> size(nodes.size(), 1);  // of the subtree that ends at each node
  for (std::size_t i = 0; i < nodes.size(); ++i) {
    for (std::size_t left = nodes[i].arity; left > 0; --left) {
      EVOTTS_CHECK(size[i] <= i);
      size[i] += size[i - size[i]];
    }
  }
  EVOTTS_CHECK(!nodes.empty() && size.back() == nodes.size());
  std::vector<std::size_t> place(nodes.size(), 0);
  Expr result;
  result.nodes.resize(nodes.size());
  for (std::size_t i = nodes.size(); i-- > 0;) {
    std::size_t operand = i, end = place[i] + size[i];
    for (std::size_t left = nodes[i].arity; left > 0; --left) {  // the last operand first
      --operand;
      place[operand] = end -= size[operand];
      operand -= size[operand] - 1;
    }
    result.nodes[place[i]] = std::move(nodes[i]);
  }
  return result;
}

std::size_t size_of(const Controller& controller) {
  std::size_t size = 0;
  for (const auto& entry : controller.schedule) size += 1 + entry.value.size();
  for (const auto* registers : {&controller.memory, &controller.branch}) {
    for (const auto& slot : *registers) size += 1 + slot.initial.size();
  }
  for (const auto* statements : {&controller.start, &controller.round}) {
    for (const Statement& s : *statements) {
      size += 1 + s.value.size() + s.set.size() + s.order.size() + s.keep.size() + s.guard.size();
    }
  }
  for (const auto& line : controller.answer) size += 1 + line.size();
  return size;
}

}  // namespace genome
