#include "evo/objective.hpp"

#include <algorithm>
#include <cmath>
#include <vector>

namespace evo {
namespace {

struct LogPoint {
  double x;  // log tokens
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

double score_of(std::span<const CurvePoint> curve, double budget_low, double budget_high) {
  const double low = std::log(budget_low), high = std::log(budget_high);
  std::vector<LogPoint> points;
  int broken = 0;
  for (const CurvePoint& p : curve) {
    const double x = std::log(std::max(p.tokens, 1.0));
    if (p.tokens == 0 || (!points.empty() && x <= points.back().x))
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

void judge(Individual& individual, const Experiment& experiment) {
  individual.score = score_of(individual.curve, experiment.budget_low, experiment.budget_high);
  individual.fitness = individual.score - experiment.parsimony * static_cast<double>(individual.size);
}

}  // namespace evo
