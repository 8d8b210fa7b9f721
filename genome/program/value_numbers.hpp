// value_numbers.hpp: numbers for values: expressions that are written alike get the same one.
// Why:      what has been computed already is found again by a number; and when a name changes its value, so
//           is every value that depends on it.
// Use:      ValueNumbers numbers;
//           const std::vector<ValueNumber> of_nodes = numbers.of(expression);   // one for each node
//           if (numbers.mentions(of_nodes[0], "depth")) ...
// Promises: two subtrees have the same number if and only if they are equal (hash-consing: the number of an
//           operation is found by those of its operands). Numbers stay valid as more are given.
// Threads:  belongs to one compilation.
// Tests:    tests/genome/program/value_numbers_test.cpp
#pragma once

#include <array>
#include <bitset>
#include <compare>
#include <cstdint>
#include <map>
#include <string>
#include <string_view>
#include <vector>

#include "genome/tree/ast.hpp"
#include "genome/tree/observed.hpp"

namespace genome {

using ValueNumber = std::uint32_t;

class ValueNumbers {
 public:
  // The numbers of all subtrees of an expression, by the index of their first node.
  std::vector<ValueNumber> of(const Expr& expression);

  // Whether the name occurs in the value's expression.
  bool mentions(ValueNumber value, std::string_view name) const;

  // Whether a set votes in the order of finishing, as ops.def defines it.
  bool votes_as_finished(ValueNumber set) const { return values_[set].as_finished; }

 private:
  static constexpr std::size_t kMostOperands = 3;
  static constexpr ValueNumber kNoValue = ~ValueNumber{0};
  // All that a controller within the limits can declare, lets of either section apart.
  static constexpr std::size_t kMostNames =
      slots::kObservables + kLimits.schedule + 2 * kLimits.registers + 2 * kLimits.statements;
  using Names = std::bitset<kMostNames>;

  struct Key {
    Op op = Op::kError;
    std::uint64_t leaf = 0;  // the bits of a number, the index of a name or of a signal
    std::array<ValueNumber, kMostOperands> operands{kNoValue, kNoValue, kNoValue};
    friend auto operator<=>(const Key&, const Key&) = default;
  };
  struct Value {
    Names names;
    bool as_finished = false;
  };

  ValueNumber number_of(const Node& node, const Key& key);
  std::size_t index_of(const std::string& name);

  std::map<std::string, std::size_t, std::less<>> names_;
  std::map<std::string, std::size_t> signals_;
  std::map<Key, ValueNumber> numbers_;
  std::vector<Value> values_;
};

}  // namespace genome
