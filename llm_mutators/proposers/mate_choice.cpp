#include "llm_mutators/proposers/mate_choice.hpp"

#include <algorithm>
#include <cmath>

namespace llm_mutators {
namespace {

constexpr int kBudgets = 17;  // as those that a baseline is looked at

}  // namespace

double lead(const evo::Individual& first, const evo::Individual& second, const evo::BudgetRange& budgets) {
  double sum = 0;
  for (int i = 0; i < kBudgets; ++i) {
    const double tokens = budgets.low * std::pow(budgets.high / budgets.low, i / (kBudgets - 1.0));
    const auto within = [&](const evo::Individual& each) {
      return reached(each.curve, tokens, budgets.charge).value_or(0);
    };
    sum += std::max(0.0, within(first) - within(second));
  }
  return sum / kBudgets;
}

const evo::Individual* complement(const evo::Individual& of,
                                  std::span<const evo::Individual* const> candidates,
                                  const evo::BudgetRange& budgets) {
  const evo::Individual* best = nullptr;
  double most = 0;
  for (const evo::Individual* each : candidates) {
    const double ahead = lead(*each, of, budgets);
    if (ahead <= most) continue;
    most = ahead;
    best = each;
  }
  return best;
}

}  // namespace llm_mutators
