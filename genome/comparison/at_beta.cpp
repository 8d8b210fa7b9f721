#include "genome/comparison/at_beta.hpp"

#include <algorithm>
#include <cmath>

#include "genome/tree/constants.hpp"

namespace genome {
namespace {

bool gives_number(Op op) {
  switch (op) {
    case Op::kNumber:
    case Op::kName:  // only beta and schedule entries are asked about, and they are numbers
    case Op::kBetaConfidence: return true;
    case Op::kIf: return false;  // may choose between truths or answers
    default: return (op >= Op::kAdd && op <= Op::kPower) || (op >= Op::kMin && op <= Op::kMix);
  }
}

// Puts literals for the largest parts that depend on these names alone; false when one is infinite.
bool fold(Expr& e, const ConstantNames& names) {
  for (std::size_t i = 0; i < e.size(); ++i) {
    const Span span = e.subtree(i);
    const auto first = e.nodes.begin() + static_cast<std::ptrdiff_t>(span.first);
    const auto last = e.nodes.begin() + static_cast<std::ptrdiff_t>(span.last);
    const bool constant = std::all_of(first, last, [&](const Node& n) {
      return gives_number(n.op) && (n.op != Op::kName || names.contains(n.name));
    });
    if (!constant || first->op == Op::kNumber) continue;
    const double value = evaluate_constant(e.extract(span), names);
    if (!std::isfinite(value)) return false;
    e = e.replaced(span, number(value));
  }
  return true;
}

}  // namespace

std::optional<Controller> at_beta(const Controller& controller, double beta) {
  const ConstantNames names = constant_names(controller, beta);
  Controller fixed = controller;
  fixed.schedule.clear();
  bool finite = true;
  const auto visit = [&](Expr& e) { finite = finite && (e.empty() || fold(e, names)); };
  for (auto* list : {&fixed.memory, &fixed.branch}) {
    for (Register& slot : *list) visit(slot.initial);
  }
  for (auto* list : {&fixed.start, &fixed.round}) {
    for (Statement& s : *list) {
      for (Expr* part : {&s.value, &s.set, &s.order, &s.keep, &s.guard}) visit(*part);
    }
  }
  for (Expr& line : fixed.answer) visit(line);
  if (!finite) return std::nullopt;
  return fixed;
}

}  // namespace genome
