// budget_curve.hpp: the accuracy of controllers at equal budgets, and how sure their differences are.
// Why:      controllers' knobs mean different things, so rows of equal beta cannot be compared; what a user
//           has is a budget. So a controller's curve from mean tokens to accuracy is read off at budgets.
// Use:      const BudgetCurves curves(environments, cells_of_controllers, betas.size());
//           auto at = curves.accuracy(0, 100e3);                        // percent, or nothing
//           Interval i = curves.difference_interval(0, 1, 100e3, {});   // of controller 0 less controller 1
// Promises: a curve is the mean over environments (each counts the same) of accuracy against that of tokens,
//           a point for each beta, points that cost no more than an earlier one left out; between points it
//           is interpolated linearly in log tokens; beyond its ends there is nothing. What differs by less
//           than rounding (1e-9 of it) is the same cost. Intervals are
//           percentile bootstraps over questions (Efron and Tibshirani, 1993), paired, a question being drawn
//           with all its environments; in a resample both accuracy and tokens change, and an end of the curve
//           counts for what is beyond it. Depends on the cells and the seed alone.
// Threads:  immutable once made.
// Tests:    tests/replay/evaluation/budget_curve_test.cpp
#pragma once

#include <optional>
#include <span>
#include <utility>
#include <vector>

#include "replay/evaluation/evaluator.hpp"
#include "replay/evaluation/intervals.hpp"

namespace replay {

// What stands for tokens on the axis: a sum of both, by these weights.
struct CostWeights {
  double tokens = 1, latency_tokens = 0;
};

class BudgetCurves {
 public:
  // `cells` as Evaluator::evaluate gives them: by controller, environment, beta.
  BudgetCurves(const std::vector<Environment>& environments, std::span<const Cell> cells, std::size_t betas,
               const CostWeights& weights = {});

  std::optional<double> accuracy(std::size_t controller, double tokens) const;
  // The mean tokens at the ends of a controller's curve.
  std::pair<double, double> range(std::size_t controller) const;
  // How many betas have no point, as they cost no more than an earlier one.
  std::size_t left_out(std::size_t controller) const;
  Interval interval(std::size_t controller, double tokens, const BootstrapOptions& options) const;
  Interval difference_interval(std::size_t controller, std::size_t other, double tokens,
                               const BootstrapOptions& options) const;

 private:
  struct Point {
    double tokens = 0, accuracy = 0;
  };
  using Counts = std::vector<double>;  // how often each distinct question was drawn

  std::vector<Point> curve(std::size_t controller, const Counts& drawn) const;
  Counts once() const { return Counts(questions_, 1.0); }
  // Of f(drawn) over resamples.
  template <typename Figure>
  Interval bootstrap(const BootstrapOptions& options, Figure figure) const;

  std::size_t betas_ = 0, questions_ = 0;
  // By controller and beta, then distinct question: summed over environments, weighed as in their mean.
  std::vector<std::vector<Point>> shares_;
  std::vector<double> weight_;  // of each distinct question
};

}  // namespace replay
