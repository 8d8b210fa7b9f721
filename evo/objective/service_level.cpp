#include "evo/objective/service_level.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <limits>
#include <tuple>

#include "genome/base/check.hpp"

namespace evo {
namespace {

constexpr double kShare = 0.95;
constexpr double kRounding = 1e-12;  // of a sum of weights

constexpr double kNothing = 1000;  // the excess of who spends nothing, and answers nothing

// Percent of a figure that is above its limit: below 100, as what is missing of accuracy is 100 at most.
double above(const std::optional<double>& limit, double figure) {
  return limit && figure > *limit ? 100 * (1 - *limit / figure) : 0;
}

}  // namespace

double excess(const Limits& limits, const ServiceFigures& figures) {
  if (limits.any() && figures.tokens == 0) return kNothing;
  const double missing = limits.accuracy ? std::max(0.0, *limits.accuracy - figures.accuracy) : 0;
  return missing + above(limits.tokens, figures.tokens) + above(limits.latency_p95, figures.latency_p95);
}

double nearest_miss(std::span<const CurvePoint> curve, const Limits& limits) {
  double least = std::numeric_limits<double>::infinity();
  for (const CurvePoint& p : curve)
    least = std::min(least, excess(limits, {.accuracy = p.accuracy,
                                            .tokens = p.tokens,
                                            .latency_tokens = p.latency_tokens,
                                            .latency_p95 = p.latency_tokens}));
  return curve.empty() ? 0 : least;
}

double percentile_95(std::vector<WeighedLatency> episodes) {
  EVOTTS_CHECK(!episodes.empty());
  std::ranges::sort(episodes);
  double all = 0, so_far = 0;
  for (const WeighedLatency& each : episodes) all += each.weight;
  const double enough = kShare * all * (1 - kRounding);
  for (const WeighedLatency& each : episodes) {
    so_far += each.weight;
    if (so_far >= enough) return static_cast<double>(each.latency_tokens);
  }
  return static_cast<double>(episodes.back().latency_tokens);
}

bool better_within(const Limits& limits, const Charge& charge, const ServiceResult& a,
                   const ServiceResult& b) {
  const bool cheapest = !limits.tokens && !limits.latency_p95;
  const auto rank = [&](const ServiceResult& each) {
    const double wrong = -each.figures.accuracy, charged = charge.of(each.figures);
    return std::tuple(each.excess, cheapest ? charged : wrong, cheapest ? wrong : charged, -each.kept);
  };
  return rank(a) < rank(b);
}

std::string shown_limits(const Limits& limits) {
  std::string text;
  const auto add = [&](const char* form, const std::optional<double>& limit) {
    if (limit) text += (text.empty() ? "" : ", ") + fmt::format(fmt::runtime(form), *limit);
  };
  add("tokens at most {:.15g}", limits.tokens);
  add("latency of 95% at most {:.15g}", limits.latency_p95);
  add("accuracy at least {:g}%", limits.accuracy);
  return text;
}

}  // namespace evo
