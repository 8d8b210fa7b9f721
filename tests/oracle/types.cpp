#include "tests/oracle/types.hpp"

#include <vector>

namespace oracle {
namespace {

using genome::Op;

Scope widest(const std::vector<Type>& operands) {
  for (const Type& operand : operands) {
    if (operand.scope == Scope::kBranch) return Scope::kBranch;
  }
  return Scope::kQuestion;
}

}  // namespace

Type type_of(const genome::Expr& expr, std::size_t index, const TypeOfName& type_of_name) {
  const genome::Node& node = expr.nodes.at(index);
  std::vector<Type> operands;
  for (std::size_t which = 0; which < node.arity; ++which) {
    operands.push_back(type_of(expr, expr.operand(index, which).first, type_of_name));
  }
  const Scope scope = widest(operands);
  switch (node.op) {
    case Op::kName: return type_of_name(node.name);
    case Op::kSignal:
    case Op::kSignalMean:
    case Op::kSignalMin: return {Kind::kNumber, Scope::kBranch};
    case Op::kTrue:
    case Op::kFalse: return {Kind::kTruth, Scope::kQuestion};
    case Op::kNone:
    case Op::kTop: return {Kind::kAnswer, Scope::kQuestion};
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
    case Op::kBlank: return {Kind::kTruth, scope};
    case Op::kAny:
    case Op::kAll: return {Kind::kTruth, Scope::kQuestion};
    case Op::kIf: return {operands[1].kind, scope};
    case Op::kAgo: return {operands[0].kind, scope};
    case Op::kMin:
    case Op::kMax:  // of a set, when the second operand is one
      return {Kind::kNumber, operands[1].kind == Kind::kTruth ? Scope::kQuestion : scope};
    case Op::kVotes: return {Kind::kNumber, operands[0].scope};
    case Op::kCount:
    case Op::kSum:
    case Op::kMean:
    case Op::kSupport:
    case Op::kRunnerUp:
    case Op::kDistinct:
    case Op::kEntropy:
    case Op::kConfidence: return {Kind::kNumber, Scope::kQuestion};
    case Op::kError: EVOTTS_CHECK(node.op != Op::kError); break;
    case Op::kNumber:
    case Op::kAdd:
    case Op::kSubtract:
    case Op::kMultiply:
    case Op::kDivide:
    case Op::kNegate:
    case Op::kPower:
    case Op::kAbs:
    case Op::kFloor:
    case Op::kCeil:
    case Op::kRound:
    case Op::kMod:
    case Op::kExp:
    case Op::kLog:
    case Op::kSqrt:
    case Op::kMix:
    case Op::kBetaConfidence: break;
  }
  return {Kind::kNumber, scope};
}

}  // namespace oracle
