#include "replay/evaluation/budget_curve.hpp"

#include <algorithm>
#include <cmath>

#include "genome/base/check.hpp"
#include "genome/base/rng.hpp"
#include "replay/environment/distinct_questions.hpp"

namespace replay {
namespace {

// Means are sums of many shares: equal costs may come out apart in their last digits.
constexpr double kRounding = 1e-9;  // of a cost
double charged(const QuestionSums& sums, const CostWeights& weights) {
  const double tokens = weights.tokens * static_cast<double>(sums.tokens);
  if (weights.latency_tokens == 0) return tokens;
  return tokens + weights.latency_tokens * static_cast<double>(sums.latency_tokens);
}

bool costs_more(double tokens, double than) { return tokens > than * (1 + kRounding); }

}  // namespace

BudgetCurves::BudgetCurves(const std::vector<Environment>& environments, std::span<const Cell> cells,
                           std::size_t betas, const CostWeights& weights)
    : betas_(betas) {
  EVOTTS_CHECK(!environments.empty() && betas > 0 && cells.size() % (environments.size() * betas) == 0);
  const DistinctQuestions distinct(environments);
  questions_ = distinct.count();
  weight_.assign(questions_, 0);
  for (std::size_t e = 0; e < environments.size(); ++e) {
    const std::size_t questions = environments[e].questions.size();
    for (std::size_t q = 0; q < questions; ++q)
      weight_[distinct.of(e, q)] += 1.0 / static_cast<double>(environments.size() * questions);
  }
  const std::size_t controllers = cells.size() / (environments.size() * betas);
  shares_.assign(controllers * betas, std::vector<Point>(questions_));
  for (std::size_t c = 0; c < controllers; ++c) {
    for (std::size_t e = 0; e < environments.size(); ++e) {
      const auto& questions = environments[e].questions;
      const double each = 1.0 / static_cast<double>(environments.size() * questions.size());
      for (std::size_t b = 0; b < betas; ++b) {
        const Cell& cell = cells[(c * environments.size() + e) * betas + b];
        for (std::size_t q = 0; q < questions.size(); ++q) {
          Point& share = shares_[c * betas + b][distinct.of(e, q)];
          const double scale = each / static_cast<double>(cell.orderings);
          share.tokens += scale * charged(cell.questions[q], weights);
          share.accuracy += 100 * scale * static_cast<double>(cell.questions[q].right);
        }
      }
    }
  }
}

std::vector<BudgetCurves::Point> BudgetCurves::curve(std::size_t controller, const Counts& drawn) const {
  double weight = 0;
  for (std::size_t q = 0; q < questions_; ++q) weight += drawn[q] * weight_[q];
  std::vector<Point> points;
  for (std::size_t b = 0; b < betas_; ++b) {
    Point sum;
    const std::vector<Point>& shares = shares_[controller * betas_ + b];
    for (std::size_t q = 0; q < questions_; ++q) {
      sum.tokens += drawn[q] * shares[q].tokens / weight;
      sum.accuracy += drawn[q] * shares[q].accuracy / weight;
    }
    if (sum.tokens > 0 && (points.empty() || costs_more(sum.tokens, points.back().tokens)))
      points.push_back(sum);
  }
  return points;
}

namespace {

// The curve at so many tokens; its ends beyond them. 0 of an empty curve.
template <typename Points>
double value_at(const Points& points, double tokens) {
  if (points.empty()) return 0;
  std::size_t next = 0;
  while (next < points.size() && points[next].tokens < tokens) ++next;
  if (next == 0) return points.front().accuracy;
  if (next == points.size()) return points.back().accuracy;
  const auto &a = points[next - 1], &b = points[next];
  return a.accuracy + (b.accuracy - a.accuracy) * std::log(tokens / a.tokens) / std::log(b.tokens / a.tokens);
}

}  // namespace

std::optional<double> BudgetCurves::accuracy(std::size_t controller, double tokens) const {
  const auto points = curve(controller, once());
  if (points.empty() || costs_more(points.front().tokens, tokens) || costs_more(tokens, points.back().tokens))
    return std::nullopt;
  return value_at(points, tokens);
}

std::pair<double, double> BudgetCurves::range(std::size_t controller) const {
  const auto points = curve(controller, once());
  return points.empty() ? std::pair(0.0, 0.0) : std::pair(points.front().tokens, points.back().tokens);
}

std::size_t BudgetCurves::left_out(std::size_t controller) const {
  return betas_ - curve(controller, once()).size();
}

template <typename Figure>
Interval BudgetCurves::bootstrap(const BootstrapOptions& options, Figure figure) const {
  auto rng = genome::base::keyed_stream(options.seed, genome::base::Purpose::kBootstrap, questions_);
  std::vector<double> figures;
  for (int i = 0; i < options.resamples; ++i) {
    Counts drawn(questions_, 0.0);
    for (std::size_t k = 0; k < questions_; ++k) drawn[genome::base::uniform_index(rng, questions_)] += 1;
    figures.push_back(figure(drawn));
  }
  std::sort(figures.begin(), figures.end());
  const double tail = (1 - options.coverage) / 2;
  const auto at = [&](double share) {
    return figures[static_cast<std::size_t>(std::lround(share * static_cast<double>(figures.size() - 1)))];
  };
  return {at(tail), at(1 - tail)};
}

Interval BudgetCurves::interval(std::size_t controller, double tokens,
                                const BootstrapOptions& options) const {
  return bootstrap(options, [&](const Counts& drawn) { return value_at(curve(controller, drawn), tokens); });
}

Interval BudgetCurves::difference_interval(std::size_t controller, std::size_t other, double tokens,
                                           const BootstrapOptions& options) const {
  return bootstrap(options, [&](const Counts& drawn) {
    return value_at(curve(controller, drawn), tokens) - value_at(curve(other, drawn), tokens);
  });
}

}  // namespace replay
