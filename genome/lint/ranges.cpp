#include "genome/lint/ranges.hpp"

#include <algorithm>
#include <cmath>
#include <initializer_list>
#include <span>
#include <vector>

#include "genome/base/arithmetic.hpp"
#include "genome/base/check.hpp"

namespace genome {
namespace {

constexpr double kInfinity = std::numeric_limits<double>::infinity();
constexpr Range kAnything{}, kTruths{0, 1}, kNotNegative{0, kInfinity}, kCounts{0, kMostBranches};

Range hull(Range a, Range b) { return {std::min(a.low, b.low), std::max(a.high, b.high)}; }

Range hull_of(std::initializer_list<double> values) {
  const auto [low, high] = std::minmax(values);
  return {low, high};
}

Range truth_range(bool surely, bool possibly) { return {surely ? 1.0 : 0.0, possibly ? 1.0 : 0.0}; }

// What rises with its operand.
template <typename Function>
Range rising(Range a, Function function) {
  return {function(a.low), function(a.high)};
}

template <typename Function>
Range by_corners(Range a, Range b, Function function) {
  return hull_of(
      {function(a.low, b.low), function(a.low, b.high), function(a.high, b.low), function(a.high, b.high)});
}

Range product(Range a, Range b) {
  // Infinity times 0 is 0 in the language, so the corners alone say too little where one is infinite.
  const bool finite =
      std::isfinite(a.low) && std::isfinite(a.high) && std::isfinite(b.low) && std::isfinite(b.high);
  const Range zero{0, 0};
  const Range corners = by_corners(a, b, multiply);
  return finite ? corners : hull(corners, zero);
}

Range quotient(Range a, Range b) {
  if (b.low <= 0 && b.high >= 0) return a == Range{0, 0} ? a : kAnything;
  return product(a, by_corners({1, 1}, b, divide));
}

Range smaller_of(Range a, Range b) { return {smaller(a.low, b.low), smaller(a.high, b.high)}; }
Range larger_of(Range a, Range b) { return {larger(a.low, b.low), larger(a.high, b.high)}; }

Range absolute(Range a) {
  if (a.low >= 0) return a;
  if (a.high <= 0) return {-a.high, -a.low};
  return {0, std::max(-a.low, a.high)};
}

Range comparison(Op op, Range a, Range b) {
  switch (op) {
    case Op::kLess: return truth_range(a.high < b.low, a.low < b.high);
    case Op::kLessEqual: return truth_range(a.high <= b.low, a.low <= b.high);
    case Op::kGreater: return comparison(Op::kLess, b, a);
    case Op::kGreaterEqual: return comparison(Op::kLessEqual, b, a);
    case Op::kEqual: return truth_range(a.is_point() && a == b, a.low <= b.high && b.low <= a.high);
    default: break;
  }
  const Range equal = comparison(Op::kEqual, a, b);
  return {1 - equal.high, 1 - equal.low};
}

// Of the values of a set, which may be empty: that gives 0.
Range over_set(Op op, Range value) {
  if (op != Op::kSum) return hull(value, {0, 0});
  return {value.low < 0 ? -kInfinity : 0, value.high > 0 ? kInfinity : 0};
}

Range vote(Op op, std::size_t operands) {
  const bool weighted = operands == (op == Op::kVotes ? 3U : 2U);
  switch (op) {
    case Op::kConfidence: return kTruths;
    case Op::kDistinct: return kCounts;
    case Op::kEntropy: return kNotNegative;
    default: return weighted ? kAnything : kCounts;
  }
}

// Whether the values of constants can be computed by the operation as it stands.
bool is_of_constants(Op op, std::span<const Range> v) {
  const OpInfo& about = info(op);
  if (about.fold == Fold::kReduction || about.fold == Fold::kVote) return false;
  if (op == Op::kAgo || op == Op::kExists || op == Op::kBlank || is_signal(op)) return false;
  return std::ranges::all_of(v, [](Range range) { return range.is_point() && std::isfinite(range.low); });
}

double computed(Op op, std::span<const Range> v) {
  Expr expression{{Node{.op = op, .arity = static_cast<std::uint8_t>(v.size())}}};
  for (const Range range : v) expression.nodes.push_back({.op = Op::kNumber, .number = range.low});
  return evaluate_constant(expression, {});
}

bool gives_truth(Op op) {
  switch (op) {
    case Op::kTrue:
    case Op::kFalse:
    case Op::kOr:
    case Op::kAnd:
    case Op::kNot:
    case Op::kLess:
    case Op::kLessEqual:
    case Op::kGreater:
    case Op::kGreaterEqual:
    case Op::kEqual:
    case Op::kNotEqual:
    case Op::kExists:
    case Op::kBlank:
    case Op::kAny:
    case Op::kAll: return true;
    default: return false;
  }
}

Range truth_of(Op op, std::span<const Range> v) {
  switch (op) {
    case Op::kOr: return larger_of(v[0], v[1]);
    case Op::kAnd: return smaller_of(v[0], v[1]);
    case Op::kNot: return {1 - v[0].high, 1 - v[0].low};
    case Op::kExists:
    case Op::kBlank:
    case Op::kAny:
    case Op::kAll: return kTruths;
    default: return comparison(op, v[0], v[1]);
  }
}

Range number_of(Op op, std::span<const Range> v) {
  switch (op) {
    case Op::kAdd: return {add(v[0].low, v[1].low), add(v[0].high, v[1].high)};
    case Op::kSubtract: return {subtract(v[0].low, v[1].high), subtract(v[0].high, v[1].low)};
    case Op::kMultiply: return product(v[0], v[1]);
    case Op::kDivide: return quotient(v[0], v[1]);
    case Op::kNegate: return {-v[0].high, -v[0].low};
    case Op::kPower: return v[0].low >= 0 ? kNotNegative : kAnything;
    case Op::kAbs: return absolute(v[0]);
    case Op::kFloor: return rising(v[0], [](double x) { return std::floor(x); });
    case Op::kCeil: return rising(v[0], [](double x) { return std::ceil(x); });
    case Op::kRound: return {std::floor(v[0].low), std::ceil(v[0].high)};
    case Op::kMod: return v[1].low > 0 ? Range{0, v[1].high} : kAnything;
    case Op::kExp: return rising(v[0], exponential);
    case Op::kLog: return v[0].low >= 1 ? kNotNegative : kAnything;
    case Op::kSqrt: return rising(v[0], square_root);
    case Op::kMix: return v[2].low >= 0 && v[2].high <= 1 ? hull(v[0], v[1]) : kAnything;
    case Op::kIf: return v[0].low == 1 ? v[1] : v[0].high == 0 ? v[2] : hull(v[1], v[2]);
    case Op::kAgo: return v[0];
    case Op::kBetaConfidence: return kTruths;
    default: return kAnything;
  }
}

Range range_of(Op op, std::span<const Range> v) {
  if (gives_truth(op)) return truth_of(op, v);
  if (info(op).fold == Fold::kVote) return vote(op, v.size());
  if (op == Op::kCount) return kCounts;
  if (op == Op::kSum || op == Op::kMean) return over_set(op, v[0]);
  return number_of(op, v);
}

Range observed_range(const Observed& observed, const Controller& c) {
  if (observed.type.kind == Kind::kTruth) return kTruths;
  if (observed.observable == Observable::kRound) return {0, static_cast<double>(c.rounds - 1)};
  if (observed.observable == Observable::kOpened) return kCounts;
  return kNotNegative;
}

bool is_assigned(const Controller& c, const std::string& name) {
  for (const auto* section : {&c.start, &c.round}) {
    for (const Statement& s : *section) {
      if (s.verb == Verb::kAssign && s.target == name) return true;
    }
  }
  return false;
}

}  // namespace

Ranges::Ranges(const Controller& c, Section section, const ConstantNames& constants) {
  for (const Observed& observed : observed_values()) {
    if (observed.type.kind != Kind::kAnswer)
      names_[std::string(observed.name)] = {observed_range(observed, c), observed.type.kind == Kind::kTruth};
  }
  for (const auto& [word, value] : constants) names_[word] = {{value, value}};
  for (const auto* list : {&c.memory, &c.branch}) {
    for (const Register& r : *list) {
      Value value = value_of(r.initial, names_);
      if (is_assigned(c, r.name)) value.range = value.truth ? kTruths : kAnything;
      names_[r.name] = value;
    }
  }
  for (const Statement& s : section == Section::kStart ? c.start : c.round) {
    if (s.verb != Verb::kLet) continue;
    Value value = value_of(s.value, names_);
    value.range = hull(value.range, {0, 0});  // a branch that is opened later has 0
    names_[s.target] = value;
  }
}

Range Ranges::of(const Expr& expression) const { return value_of(expression, names_).range; }

Ranges::Value Ranges::value_of(const Expr& expression, const Names& names) {
  std::vector<Value> stack;  // values of subtrees, the leftmost on top
  for (std::size_t i = expression.size(); i-- > 0;) {
    const Node& node = expression.nodes[i];
    Value value;
    if (node.op == Op::kName) {
      const auto at = names.find(node.name);
      if (at != names.end()) value = at->second;  // an answer has no value
    } else if (node.op == Op::kNumber) {
      value = {{node.number, node.number}};
    } else {
      std::vector<Value> operands(stack.rbegin(), stack.rbegin() + node.arity);
      stack.resize(stack.size() - node.arity);
      value = applied(node, operands);
    }
    stack.push_back(value);
  }
  return stack.back();
}

Ranges::Value Ranges::applied(const Node& node, std::span<const Value> operands) {
  std::vector<Range> v;
  for (const Value& operand : operands) v.push_back(operand.range);
  const bool truth = gives_truth(node.op) || (node.op == Op::kIf && operands[1].truth) ||
                     (node.op == Op::kAgo && operands[0].truth);
  const bool smallest = node.op == Op::kMin || node.op == Op::kMax;
  if (smallest && operands[1].truth) return {hull(v[0], {0, 0})};
  if (is_of_constants(node.op, v)) {
    const double value = computed(node.op, v);
    return {{value, value}, truth};
  }
  if (smallest) return {node.op == Op::kMin ? smaller_of(v[0], v[1]) : larger_of(v[0], v[1])};
  return {range_of(node.op, v), truth};
}

}  // namespace genome
