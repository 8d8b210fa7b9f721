#include "genome/material/schedule_entries.hpp"

#include <algorithm>
#include <cmath>

#include "genome/base/arithmetic.hpp"

namespace genome {

double tidy(double value, bool whole) {
  return whole ? half_even(value) : rounded(value, std::abs(value) < 1 ? 3 : 2);
}

double significant(double value, int digits) {
  if (value == 0 || !std::isfinite(value)) return value;
  const int places = digits - 1 - static_cast<int>(std::floor(std::log10(std::abs(value))));
  if (places >= 0) return rounded(value, places);
  const double unit = std::pow(10.0, -places);
  return half_even(value / unit) * unit;
}

ScheduleEntry line_entry(const std::string& name_of_entry, double low, double high, bool whole) {
  low = significant(low, 3);
  const double slope = significant(high - low, 3);
  ScheduleEntry entry{.name = name_of_entry, .direction = slope >= 0 ? Direction::kRises : Direction::kFalls};
  const Expr change = apply(Op::kMultiply, {number(std::abs(slope)), name("beta")});
  const Expr line = apply(slope >= 0 ? Op::kAdd : Op::kSubtract, {number(low), change});
  entry.value = whole ? apply(Op::kRound, {line}) : line;
  return entry;
}

ScheduleEntry power_entry(const std::string& name_of_entry, double low, double high, bool whole) {
  low = significant(low, 3);
  const double ratio = significant(high / low, 3);
  ScheduleEntry entry{.name = name_of_entry, .direction = ratio >= 1 ? Direction::kRises : Direction::kFalls};
  const Expr curve = apply(Op::kMultiply, {number(low), apply(Op::kPower, {number(ratio), name("beta")})});
  entry.value = whole ? apply(Op::kRound, {curve}) : curve;
  return entry;
}

ScheduleEntry sample_entry(base::Rng& rng, const std::string& name_of_entry, double low, double high,
                           bool whole) {
  low = tidy(low, whole);
  high = tidy(high, whole);
  if (base::chance(rng, 0.1)) high = low;
  // Tokens are judged by their logarithm: what spans a wide range grows by a factor as often as by a sum.
  const bool wide = low > 0 && high > 0 && std::max(low, high) >= 3 * std::min(low, high);
  if (wide && base::chance(rng, 0.5)) return power_entry(name_of_entry, low, high, whole);
  return line_entry(name_of_entry, low, high, whole);
}

}  // namespace genome
