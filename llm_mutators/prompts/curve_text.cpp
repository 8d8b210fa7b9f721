#include "llm_mutators/prompts/curve_text.hpp"

#include <cmath>
#include <fmt/format.h>

namespace llm_mutators {

std::optional<double> reached(std::span<const evo::CurvePoint> curve, double tokens) {
  const evo::CurvePoint* below = nullptr;  // the dearest setting that works, so far
  for (const evo::CurvePoint& p : curve) {
    if (p.tokens <= 0 || (below != nullptr && p.tokens <= below->tokens)) continue;  // lost, as in the score
    if (p.tokens > tokens) {
      if (below == nullptr) return std::nullopt;
      const double share = std::log(tokens / below->tokens) / std::log(p.tokens / below->tokens);
      return below->accuracy + share * (p.accuracy - below->accuracy);
    }
    below = &p;
  }
  return below == nullptr ? std::nullopt : std::optional(below->accuracy);
}

std::vector<evo::CurvePoint> frontier_curve(const evo::Archive* archive) {
  std::vector<evo::CurvePoint> curve;
  if (archive == nullptr) return curve;
  for (const evo::ArchivePoint& p : archive->points())
    curve.push_back({.beta = p.beta, .accuracy = p.accuracy, .tokens = p.tokens});
  return curve;
}

std::string settings_table(std::span<const evo::CurvePoint> curve) {
  std::string out = "| beta | accuracy | tokens |\n| --- | --- | --- |\n";
  for (const evo::CurvePoint& p : curve)
    out += fmt::format("| {:g} | {:.2f} | {:.0f} |\n", p.beta, p.accuracy, p.tokens);
  return out + "\n";
}

std::string budget_table(std::span<const evo::CurvePoint> curve, std::span<const evo::CurvePoint> frontier,
                         const evo::BudgetRange& budgets) {
  const auto number = [](std::optional<double> value) { return value ? fmt::format("{:.2f}", *value) : "-"; };
  std::string out = frontier.empty() ? "| within tokens | it reaches |\n| --- | --- |\n"
                                     : "| within tokens | it reaches | best known | behind |\n"
                                       "| --- | --- | --- | --- |\n";
  for (int i = 0; i < kShownBudgets; ++i) {
    const double share = static_cast<double>(i) / (kShownBudgets - 1);
    const double tokens = budgets.low * std::pow(budgets.high / budgets.low, share);
    const auto own = reached(curve, tokens), best = reached(frontier, tokens);
    out += fmt::format("| {:.0f} | {} |", tokens, number(own));
    if (!frontier.empty())
      out += fmt::format(" {} | {} |", number(best),
                         number(best ? std::optional(*best - own.value_or(0)) : std::nullopt));
    out += "\n";
  }
  return out + "\n";
}

}  // namespace llm_mutators
