#include "llm_mutators/prompts/curve_text.hpp"

#include <cmath>
#include <fmt/format.h>

#include "llm_mutators/prompts/task_text.hpp"

namespace llm_mutators {

std::optional<double> reached(std::span<const evo::CurvePoint> curve, double tokens,
                              const evo::Charge& charge) {
  const evo::CurvePoint* below = nullptr;  // the dearest setting that works, so far
  double of_below = 0;
  for (const evo::CurvePoint& p : curve) {
    const double charged = charge.of(p);
    if (charged <= 0 || (below != nullptr && charged <= of_below)) continue;  // lost, as in the score
    if (charged > tokens) {
      if (below == nullptr) return std::nullopt;
      const double share = std::log(tokens / of_below) / std::log(charged / of_below);
      return below->accuracy + share * (p.accuracy - below->accuracy);
    }
    below = &p;
    of_below = charged;
  }
  return below == nullptr ? std::nullopt : std::optional(below->accuracy);
}

std::vector<evo::CurvePoint> frontier_curve(const evo::Archive* archive) {
  std::vector<evo::CurvePoint> curve;
  if (archive == nullptr) return curve;
  for (const evo::ArchivePoint& p : archive->points()) curve.push_back(evo::curve_point_of(p));
  return curve;
}

std::string settings_table(std::span<const evo::CurvePoint> curve, const evo::Charge& charge) {
  const bool latency = !charge.is_tokens();
  std::string out = latency ? "| beta | accuracy | tokens | latency tokens |\n| --- | --- | --- | --- |\n"
                            : "| beta | accuracy | tokens |\n| --- | --- | --- |\n";
  for (const evo::CurvePoint& p : curve) {
    out += fmt::format("| {:g} | {:.2f} | {:.0f} |", p.beta, p.accuracy, p.tokens);
    out += latency ? fmt::format(" {:.0f} |\n", p.latency_tokens) : "\n";
  }
  return out + "\n";
}

std::string budget_table(std::span<const evo::CurvePoint> curve, std::span<const evo::CurvePoint> frontier,
                         const evo::BudgetRange& budgets) {
  const auto number = [](std::optional<double> value) { return value ? fmt::format("{:.2f}", *value) : "-"; };
  std::string out =
      fmt::format("| within {} | it reaches |{}\n| --- | --- |{}\n", evo::unit_of(budgets.charge),
                  frontier.empty() ? "" : " best known | behind |", frontier.empty() ? "" : " --- | --- |");
  for (int i = 0; i < kShownBudgets; ++i) {
    const double share = static_cast<double>(i) / (kShownBudgets - 1);
    const double tokens = budgets.low * std::pow(budgets.high / budgets.low, share);
    const auto own = reached(curve, tokens, budgets.charge);
    const auto best = reached(frontier, tokens, budgets.charge);
    out += fmt::format("| {} | {} |", budget_text(tokens, budgets.charge), number(own));
    if (!frontier.empty())
      out += fmt::format(" {} | {} |", number(best),
                         number(best ? std::optional(*best - own.value_or(0)) : std::nullopt));
    out += "\n";
  }
  return out + "\n";
}

}  // namespace llm_mutators
