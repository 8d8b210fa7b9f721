#include "evo/objective/objective.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

#include "evo/objective/service_level.hpp"
#include "evo/population/exact_means.hpp"

namespace evo {
namespace {

struct LogPoint {
  double x;  // log of what is charged
  double y;  // accuracy
};

// Area below the straight line from a to b, between low and high, which need not reach a or b.
double area_between(LogPoint a, LogPoint b, double low, double high) {
  const double from = std::max(a.x, low), to = std::min(b.x, high);
  if (from >= to) return 0;
  const auto at = [&](double x) { return b.x > a.x ? a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x) : b.y; };
  return (to - from) * (at(from) + at(to)) / 2;
}

}  // namespace

BudgetRange budgets_of(const Experiment& experiment) {
  return {experiment.budget_low, experiment.budget_high, experiment.charge};
}

std::vector<double> area_weights(std::span<const CurvePoint> curve, BudgetRange budgets) {
  std::vector<CurvePoint> unit(curve.begin(), curve.end());
  for (CurvePoint& p : unit) p.accuracy = 0;
  const double nothing = score_of(unit, budgets);
  std::vector<double> weights;
  for (CurvePoint& p : unit) {
    p.accuracy = 1;
    weights.push_back(score_of(unit, budgets) - nothing);
    p.accuracy = 0;
  }
  return weights;
}

double score_of(std::span<const CurvePoint> curve, BudgetRange budgets) {
  const double low = std::log(budgets.low), high = std::log(budgets.high);
  std::vector<LogPoint> points;
  int broken = 0;
  for (const CurvePoint& p : curve) {
    const double charged = budgets.charge.of(p);
    const double x = log_charge(charged, budgets.charge);
    if (charged == 0 || (!points.empty() && x <= points.back().x))
      ++broken;
    else
      points.push_back({x, p.accuracy});
  }
  double area = 0;
  for (std::size_t i = 1; i < points.size(); ++i) area += area_between(points[i - 1], points[i], low, high);
  if (!points.empty()) {
    const LogPoint last = points.back();
    area += area_between(last, {std::max(high, last.x), last.y}, low, high);
  }
  return area / (high - low) - kKnobPenalty * broken;
}

double unreached(std::span<const CurvePoint> curve, BudgetRange budgets) {
  double dearest = budgets.low;
  for (const CurvePoint& p : curve) dearest = std::max(dearest, budgets.charge.of(p));
  // The quotient of the farthest budgets of all is no number any more.
  const auto apart = [](double high, double low) {
    return std::isfinite(high / low) ? std::log(high / low) : std::log(high) - std::log(low);
  };
  return std::max(0.0, apart(budgets.high, dearest) / apart(budgets.high, budgets.low));
}

std::vector<double> on_grid(std::span<const CurvePoint> curve, BudgetRange budgets) {
  std::vector<LogPoint> points;
  for (const CurvePoint& p : curve) {
    const double x = log_charge(budgets.charge.of(p), budgets.charge);
    if (points.empty() || x > points.back().x) points.push_back({x, p.accuracy});
  }
  std::vector<double> values;
  const double low = std::log(budgets.low), high = std::log(budgets.high);
  std::size_t next = 0;
  for (int i = 0; i < kBaselinePoints; ++i) {
    const double x = low + (high - low) * i / (kBaselinePoints - 1);
    while (next < points.size() && points[next].x < x) ++next;
    if (points.empty())
      values.push_back(0);
    else if (next == 0)
      values.push_back(points.front().y);
    else if (next == points.size())
      values.push_back(points.back().y);
    else {
      const LogPoint a = points[next - 1], b = points[next];
      values.push_back(a.y + (b.y - a.y) * (x - a.x) / (b.x - a.x));
    }
  }
  return values;
}

std::vector<CurvePoint> curve_of(std::span<const Sums> sums, std::span<const double> betas,
                                 std::size_t environments, std::size_t environment) {
  std::vector<CurvePoint> curve;
  for (std::size_t b = 0; b < betas.size(); ++b)
    curve.push_back(point_of(betas[b], sums.subspan(b * environments + environment, 1)));
  return curve;
}

std::vector<CurvePoint> mean_curve(std::span<const Sums> sums, std::span<const double> betas,
                                   std::size_t environments, Means means) {
  std::vector<CurvePoint> mean;
  for (std::size_t b = 0; b < betas.size(); ++b)
    mean.push_back(point_of(betas[b], sums.subspan(b * environments, environments), means));
  return mean;
}

double behind(std::span<const Sums> sums, const Experiment& experiment, const Baseline& baseline) {
  const std::size_t environments = baseline.accuracy.size();
  double sum = 0;
  for (std::size_t e = 0; e < environments; ++e) {
    const auto own = on_grid(curve_of(sums, experiment.betas, environments, e), budgets_of(experiment));
    for (std::size_t i = 0; i < own.size(); ++i) sum += std::max(0.0, baseline.accuracy[e][i] - own[i]);
  }
  return environments == 0 ? 0 : sum / static_cast<double>(environments * kBaselinePoints);
}

void judge(Individual& individual, const Experiment& experiment, const Baseline& baseline) {
  const std::size_t environments = individual.sums.size() / experiment.betas.size();
  const BudgetRange budgets = budgets_of(experiment);
  individual.curve = mean_curve(individual.sums, experiment.betas, environments, experiment.means);
  individual.score = score_of(individual.curve, budgets);
  individual.fitness = individual.score - experiment.parsimony * static_cast<double>(individual.size) -
                       experiment.coverage_penalty * unreached(individual.curve, budgets);
  if (experiment.baseline_regret > 0)
    individual.fitness -= experiment.baseline_regret * behind(individual.sums, experiment, baseline);
  individual.fitness -= experiment.lower_bound_errors * individual.standard_error;
  if (experiment.limits.any()) individual.fitness -= nearest_miss(individual.curve, experiment.limits);
}

}  // namespace evo
