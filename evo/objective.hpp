// objective.hpp: how good a controller's curve is over the declared range of budgets.
// Why:      a controller is not one point but a knob: a user sets beta to meet a budget, so the whole curve
//           from tokens to accuracy is judged.
// Use:      judge(individual, experiment);   // fills score and fitness from its curve
// Promises: score is the mean accuracy over budgets from budget_low to budget_high, uniform in log tokens,
//           of the best accuracy the knob reaches within each budget, interpolated linearly in log tokens
//           between neighbouring settings; 0 below the cheapest setting; constant above the dearest.
//           Settings that spend nothing, or no more than an earlier one (beta rises, tokens do not), are left
//           out and cost kKnobPenalty points each: such a knob does not work.
//           fitness = score - parsimony * size.
// Threads:  pure functions.
#pragma once

#include <span>

#include "evo/experiment.hpp"
#include "evo/individual.hpp"

namespace evo {

inline constexpr double kKnobPenalty = 1.0;

// Points of accuracy.
double score_of(std::span<const CurvePoint> curve, double budget_low, double budget_high);

void judge(Individual& individual, const Experiment& experiment);

}  // namespace evo
