#include "evo/population/exact_means.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <cstdint>
#include <functional>
#include <limits>
#include <numeric>
#include <optional>

#include "genome/base/check.hpp"

namespace evo {
namespace {

using Integer = boost::multiprecision::cpp_int;
using Figure = std::int64_t Sums::*;

constexpr std::int64_t kExactDouble = std::int64_t{1} << 53U;  // whole numbers below it are doubles

// The mean as one division of whole numbers that are doubles, where they are small enough.
std::optional<double> small_mean(Measured sums, Figure figure, std::int64_t scale) {
  std::int64_t common = 1;
  for (const Sums& each : sums) {
    const std::int64_t factor = each.episodes / std::gcd(common, each.episodes);
    if (__builtin_mul_overflow(common, factor, &common)) return std::nullopt;
  }
  std::int64_t numerator = 0, denominator = 0;
  for (const Sums& each : sums) {
    std::int64_t term = 0;
    if (__builtin_mul_overflow(each.*figure, common / each.episodes, &term) ||
        __builtin_mul_overflow(term, scale, &term) || __builtin_add_overflow(numerator, term, &numerator))
      return std::nullopt;
  }
  if (__builtin_mul_overflow(common, static_cast<std::int64_t>(sums.size()), &denominator) ||
      std::max(numerator, denominator) > kExactDouble || numerator < -kExactDouble)
    return std::nullopt;
  return static_cast<double>(numerator) / static_cast<double>(denominator);
}

double mean(Measured sums, Figure figure, std::int64_t scale = 1) {
  if (const auto small = small_mean(sums, figure, scale)) return *small;
  boost::multiprecision::cpp_rational total = 0;
  for (const Sums& each : sums)
    total += boost::multiprecision::cpp_rational(Integer(each.*figure) * scale, each.episodes);
  return (total / sums.size()).convert_to<double>();
}

void expect_episodes(Measured sums) {
  EVOTTS_CHECK(!sums.empty());
  for (const Sums& each : sums) EVOTTS_CHECK(each.episodes > 0);
}

// A number that every mean is a whole multiple of the inverse of.
Integer common_denominator(std::span<const Measured> points) {
  Integer common = 1;
  for (const Measured& sums : points) {
    for (const Sums& each : sums) {
      const Integer own = Integer(each.episodes) * sums.size();
      if (common % own != 0) common = lcm(common, own);
    }
  }
  return common;
}

// The means times `common`; `of` is a member of Sums, or a function of them that gives a whole number.
template <typename Figures>
std::vector<Integer> multiples(std::span<const Measured> points, Figures of, const Integer& common) {
  std::vector<Integer> values;
  for (const Measured& sums : points) {
    Integer& value = values.emplace_back(0);
    for (const Sums& each : sums)
      value += std::invoke(of, each) * (common / (Integer(each.episodes) * sums.size()));
  }
  return values;
}

// A weight of a charge, which is a whole number of 2^-kWeightBits: the smallest has 53 digits from 2^-30 on.
constexpr int kWeightBits = 96;
Integer whole_weight(double weight) {
  int exponent = 0;
  const double digits = std::frexp(weight, &exponent);
  constexpr int kDigits = std::numeric_limits<double>::digits;
  return Integer(static_cast<std::int64_t>(std::ldexp(digits, kDigits)))
         << (exponent - kDigits + kWeightBits);
}

std::vector<Integer> charged_multiples(std::span<const Measured> points, const Charge& charge,
                                       const Integer& common) {
  if (charge.is_tokens()) return multiples(points, &Sums::tokens, common);
  if (charge.is_latency()) return multiples(points, &Sums::latency_tokens, common);
  const Integer tokens = whole_weight(charge.tokens), latency = whole_weight(charge.latency_tokens);
  const auto of = [&](const Sums& each) -> Integer {
    return tokens * each.tokens + latency * each.latency_tokens;
  };
  return multiples(points, of, common);
}

template <typename Value>
std::vector<std::size_t> places_by(const std::vector<Value>& values) {
  std::vector<std::size_t> order(values.size()), places(values.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::ranges::sort(order, {}, [&](std::size_t i) -> const Value& { return values[i]; });
  for (std::size_t k = 1; k < order.size(); ++k)
    places[order[k]] = places[order[k - 1]] + (values[order[k]] != values[order[k - 1]] ? 1 : 0);
  return places;
}

// Shares added up one by one.
CurvePoint rounded_point_of(double beta, Measured sums) {
  CurvePoint mean{.beta = beta};
  const auto environments = static_cast<double>(sums.size());
  for (const Sums& each : sums) {
    const auto episodes = static_cast<double>(each.episodes);
    mean.accuracy += 100 * static_cast<double>(each.right) / episodes / environments;
    mean.tokens += static_cast<double>(each.tokens) / episodes / environments;
    mean.latency_tokens += static_cast<double>(each.latency_tokens) / episodes / environments;
  }
  return mean;
}

std::vector<Place> joined(const std::vector<std::size_t>& tokens, const std::vector<std::size_t>& accuracy) {
  std::vector<Place> places;
  for (std::size_t i = 0; i < tokens.size(); ++i) places.push_back({tokens[i], accuracy[i]});
  return places;
}

std::vector<Place> rounded_places_of(std::span<const Measured> points, const Charge& charge) {
  std::vector<double> tokens, accuracy;
  for (const Measured& sums : points) {
    const CurvePoint p = rounded_point_of(0, sums);
    tokens.push_back(charge.of(p));
    accuracy.push_back(p.accuracy);
  }
  return joined(places_by(tokens), places_by(accuracy));
}

}  // namespace

CurvePoint point_of(double beta, Measured sums, Means means) {
  expect_episodes(sums);
  if (means == Means::kRounded) return rounded_point_of(beta, sums);
  constexpr std::int64_t kPercent = 100;
  return {.beta = beta,
          .accuracy = mean(sums, &Sums::right, kPercent),
          .tokens = mean(sums, &Sums::tokens),
          .latency_tokens = mean(sums, &Sums::latency_tokens)};
}

std::vector<Place> places_of(std::span<const Measured> points, Means means, const Charge& charge) {
  for (const Measured& sums : points) expect_episodes(sums);
  if (means == Means::kRounded) return rounded_places_of(points, charge);
  const Integer common = common_denominator(points);
  return joined(places_by(charged_multiples(points, charge, common)),
                places_by(multiples(points, &Sums::right, common)));
}

Measured measured_at(const Individual& individual, std::size_t setting) {
  EVOTTS_CHECK(!individual.curve.empty() && individual.sums.size() % individual.curve.size() == 0);
  const std::size_t environments = individual.sums.size() / individual.curve.size();
  return Measured(individual.sums).subspan(setting * environments, environments);
}

}  // namespace evo
