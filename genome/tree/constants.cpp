#include "genome/tree/constants.hpp"

#include <algorithm>
#include <array>
#include <utility>

#include "genome/base/arithmetic.hpp"
#include "genome/base/check.hpp"

namespace genome {
namespace {

constexpr double kNoAnswerValue = -1;

double call(Op op, std::span<const double> v) {
  const auto truth_of = [](bool b) { return b ? 1.0 : 0.0; };
  switch (op) {
    case Op::kTrue: return 1;
    case Op::kFalse: return 0;
    case Op::kNone: return kNoAnswerValue;
    case Op::kOr: return truth_of(v[0] != 0 || v[1] != 0);
    case Op::kAnd: return truth_of(v[0] != 0 && v[1] != 0);
    case Op::kNot: return truth_of(v[0] == 0);
    case Op::kLess: return truth_of(v[0] < v[1]);
    case Op::kLessEqual: return truth_of(v[0] <= v[1]);
    case Op::kGreater: return truth_of(v[0] > v[1]);
    case Op::kGreaterEqual: return truth_of(v[0] >= v[1]);
    case Op::kEqual: return truth_of(v[0] == v[1]);
    case Op::kNotEqual: return truth_of(v[0] != v[1]);
    case Op::kAdd: return add(v[0], v[1]);
    case Op::kSubtract: return subtract(v[0], v[1]);
    case Op::kMultiply: return multiply(v[0], v[1]);
    case Op::kDivide: return divide(v[0], v[1]);
    case Op::kNegate: return -v[0];
    case Op::kPower: return power(v[0], v[1]);
    case Op::kMin: return smaller(v[0], v[1]);
    case Op::kMax: return larger(v[0], v[1]);
    case Op::kAbs: return std::abs(v[0]);
    case Op::kFloor: return std::floor(v[0]);
    case Op::kCeil: return std::ceil(v[0]);
    case Op::kRound: return v.size() == 1 ? half_even(v[0]) : rounded(v[0], v[1]);
    case Op::kMod: return modulo(v[0], v[1]);
    case Op::kExp: return exponential(v[0]);
    case Op::kLog: return logarithm(v[0]);
    case Op::kSqrt: return square_root(v[0]);
    case Op::kMix: return mixed(v[0], v[1], v[2]);
    case Op::kIf: return v[0] != 0 ? v[1] : v[2];
    case Op::kExists:
    case Op::kBlank: return 0;  // the only constant answer is none
    case Op::kBetaConfidence: return beta_confidence(v[0], v[1]);
    default: break;
  }
  EVOTTS_CHECK(false && "an operation of constants");
  return 0;
}

}  // namespace

std::span<const double> direction_grid() {
  static const auto grid = [] {
    std::array<double, 101> values{};
    for (std::size_t i = 0; i < values.size(); ++i) values[i] = static_cast<double>(i) / 100;
    return values;
  }();
  return grid;
}

double evaluate_constant(const Expr& expression, const ConstantNames& names) {
  std::vector<double> stack;  // values of typed subtrees, the leftmost on top
  for (std::size_t i = expression.size(); i-- > 0;) {
    const Node& node = expression.nodes[i];
    double value = 0;
    if (node.op == Op::kNumber) {
      value = node.number;
    } else if (node.op == Op::kName) {
      const auto at = names.find(node.name);
      EVOTTS_CHECK(at != names.end());
      value = at->second;
    } else {
      std::array<double, 3> operands{};
      for (std::size_t k = 0; k < node.arity; ++k) {
        operands[k] = stack.back();
        stack.pop_back();
      }
      value = call(node.op, std::span(operands).first(node.arity));
    }
    stack.push_back(value);
  }
  EVOTTS_CHECK(stack.size() == 1);
  return stack.back();
}

std::vector<double> evaluate_along(const Expr& expression, std::size_t settings, const NamedCurves& names) {
  std::vector<std::vector<double>> stack;  // as in evaluate_constant()
  for (std::size_t i = expression.size(); i-- > 0;) {
    const Node& node = expression.nodes[i];
    if (node.op == Op::kNumber) {
      stack.emplace_back(settings, node.number);
      continue;
    }
    if (node.op == Op::kName) {
      const auto at = names.find(node.name);
      EVOTTS_CHECK(at != names.end() && at->second.size() == settings);
      stack.push_back(at->second);
      continue;
    }
    EVOTTS_CHECK(node.arity <= stack.size());
    if (node.arity == 0) stack.emplace_back(settings);
    const std::size_t first = stack.size() - std::max<std::size_t>(1, node.arity);  // of the last operand
    std::vector<double>& result = stack[first];
    for (std::size_t s = 0; s < settings; ++s) {
      std::array<double, 3> operands{};
      for (std::size_t k = 0; k < node.arity; ++k) operands[k] = stack[first + node.arity - 1 - k][s];
      result[s] = call(node.op, std::span(operands).first(node.arity));
    }
    stack.resize(first + 1);
  }
  EVOTTS_CHECK(stack.size() == 1);
  return std::move(stack.back());
}

ConstantNames constant_names(const Controller& controller, double beta) {
  ConstantNames names{{"beta", beta}};
  for (const ScheduleEntry& entry : controller.schedule)
    names[entry.name] = evaluate_constant(entry.value, names);
  return names;
}

std::vector<double> schedule_at(const Controller& controller, double beta) {
  const ConstantNames names = constant_names(controller, beta);
  std::vector<double> values;
  for (const ScheduleEntry& entry : controller.schedule) values.push_back(names.at(entry.name));
  return values;
}

std::optional<bool> same_truth(std::span<const ConstantNames> grid, const Expr& condition) {
  std::optional<bool> common;
  for (const ConstantNames& names : grid) {
    const bool value = evaluate_constant(condition, names) != 0;
    if (common && *common != value) return std::nullopt;
    common = value;
  }
  return common;
}

}  // namespace genome
