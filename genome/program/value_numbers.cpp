#include "genome/program/value_numbers.hpp"

#include <algorithm>
#include <bit>

#include "genome/base/check.hpp"

namespace genome {

std::vector<ValueNumber> ValueNumbers::of(const Expr& expression) {
  std::vector<ValueNumber> of_nodes(expression.size());
  std::vector<ValueNumber> pending;  // of subtrees whose parent is still to come, the leftmost on top
  for (std::size_t at = expression.size(); at-- > 0;) {
    const Node& node = expression.nodes[at];
    EVOTTS_CHECK(node.arity <= kMostOperands && node.arity <= pending.size());
    Key key{.op = node.op};
    if (node.op == Op::kNumber) key.leaf = std::bit_cast<std::uint64_t>(node.number);
    if (node.op == Op::kName) key.leaf = index_of(node.name);
    if (is_signal(node.op)) key.leaf = signals_.try_emplace(node.name, signals_.size()).first->second;
    for (std::size_t i = 0; i < node.arity; ++i) {
      key.operands[i] = pending.back();
      pending.pop_back();
    }
    of_nodes[at] = number_of(node, key);
    pending.push_back(of_nodes[at]);
  }
  return of_nodes;
}

bool ValueNumbers::mentions(ValueNumber value, std::string_view name) const {
  const auto known = names_.find(name);
  return known != names_.end() && values_[value].names.test(known->second);
}

std::size_t ValueNumbers::index_of(const std::string& name) {
  const std::size_t index = names_.try_emplace(name, names_.size()).first->second;
  EVOTTS_CHECK(index < kMostNames);
  return index;
}

ValueNumber ValueNumbers::number_of(const Node& node, const Key& key) {
  const auto [entry, is_new] = numbers_.try_emplace(key, static_cast<ValueNumber>(values_.size()));
  if (!is_new) return entry->second;
  Value value;
  if (node.op == Op::kName) {
    value.names.set(key.leaf);
    value.as_finished = node.name == about(Observable::kFinished).name;
  }
  for (std::size_t i = 0; i < node.arity; ++i) {
    const Value& operand = values_[key.operands[i]];
    value.names |= operand.names;
    value.as_finished |= node.op == Op::kAnd && operand.as_finished;
  }
  values_.push_back(value);
  return entry->second;
}

}  // namespace genome
