// curve_text.hpp: curves from tokens to accuracy, as tables that a model can read.
// Why:      the score is an area under a curve, and what to improve is seen where the curve lies under the
//           frontier's at equal tokens, not from settings that cost different things.
// Use:      out += settings_table(parent.curve);
//           out += budget_table(parent.curve, frontier_curve(archive), {.low = 70e3, .high = 500e3});
// Promises: what a curve reaches within a budget is what the score counts there (see evo/objective):
//           0 below its cheapest setting, interpolated in log tokens, as at its dearest setting above that.
// Threads:  pure functions.
// Tests:    tests/llm_mutators/prompts/curve_text_test.cpp
#pragma once

#include <optional>
#include <span>
#include <string>
#include <vector>

#include "evo/population/archive.hpp"
#include "evo/population/individual.hpp"

namespace llm_mutators {

inline constexpr int kShownBudgets = 6;

// The accuracy within so many tokens, or within so much of what is charged; nothing below the cheapest
// setting.
std::optional<double> reached(std::span<const evo::CurvePoint> curve, double tokens,
                              const evo::Charge& charge = {});

// The points of the archive in the order of what they are charged; `archive` may be null.
std::vector<evo::CurvePoint> frontier_curve(const evo::Archive* archive);

// With latency tokens where they are charged.
std::string settings_table(std::span<const evo::CurvePoint> curve, const evo::Charge& charge = {});

// Both at kShownBudgets budgets by equal factors, and by how much the first is behind. Without a frontier
// the curve alone.
std::string budget_table(std::span<const evo::CurvePoint> curve, std::span<const evo::CurvePoint> frontier,
                         const evo::BudgetRange& budgets);

}  // namespace llm_mutators
