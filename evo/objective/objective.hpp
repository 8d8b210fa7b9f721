// objective.hpp: how good a controller's curve is over the declared range of budgets.
// Why:      a controller is not one point but a knob: a user sets beta to meet a budget, so the whole curve
//           from tokens to accuracy is judged. Below, tokens are what the experiment charges: tokens, latency
//           tokens, or a mix (evo/base/charge.hpp).
// Use:      judge(individual, experiment, baseline);   // fills curve, score and fitness from its sums
// Promises: score is the mean accuracy over budgets of the experiment's range, uniform in log tokens,
//           of the accuracy at the setting of the knob that spends so much, interpolated linearly in log
//           tokens between neighbouring settings; 0 below the cheapest setting; constant above the dearest.
//           Settings that spend nothing, or no more than an earlier one (beta rises, tokens do not), are left
//           out and cost kKnobPenalty points each: such a knob does not work.
//           fitness = score - parsimony * size
//                     - coverage_penalty * (share of the range above the dearest setting)
//                     - baseline_regret * (mean points behind the baseline, environment by environment)
//                     - lower_bound_errors * (standard error of the gain over asc, over questions):
//           a lower confidence bound; and less the excess over the limits of a service level, if there are
//           any, at the setting that is nearest to them (service_level.hpp).
// Threads:  pure functions.
#pragma once

#include <span>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "evo/population/budget_range.hpp"
#include "evo/population/individual.hpp"

namespace evo {

// The range of an experiment.
BudgetRange budgets_of(const Experiment& experiment);

inline constexpr double kKnobPenalty = 1.0;

// Points of accuracy.
double score_of(std::span<const CurvePoint> curve, BudgetRange budgets);

// The score without what a broken knob costs is the sum of the settings' accuracies times these weights.
std::vector<double> area_weights(std::span<const CurvePoint> curve, BudgetRange budgets);

// The share of the range of budgets, in log tokens, above the dearest setting.
double unreached(std::span<const CurvePoint> curve, BudgetRange budgets);

// What known controllers reach. Empty where nothing is judged by it.
struct Baseline {
  // The better of sc and asc on an even grid of log budgets from low to high, by environment.
  std::vector<std::vector<double>> accuracy;
  std::vector<double> shares;  // of asc, by distinct question (see question_error.hpp)
};
inline constexpr int kBaselinePoints = 17;

// The accuracies of a curve on that grid; those of its ends beyond them.
std::vector<double> on_grid(std::span<const CurvePoint> curve, BudgetRange budgets);

// The curve of one environment of so many, and their mean (see evo/population/exact_means.hpp), from sums by
// beta, then environment.
std::vector<CurvePoint> curve_of(std::span<const Sums> sums, std::span<const double> betas,
                                 std::size_t environments, std::size_t environment);
std::vector<CurvePoint> mean_curve(std::span<const Sums> sums, std::span<const double> betas,
                                   std::size_t environments, Means means = Means::kExact);

// Mean over environments and budgets of the points by which the baseline is ahead.
double behind(std::span<const Sums> sums, const Experiment& experiment, const Baseline& baseline);

// Fills curve, score and fitness, from sums and spread. `sums` may be of any number of orderings.
void judge(Individual& individual, const Experiment& experiment, const Baseline& baseline);

}  // namespace evo
