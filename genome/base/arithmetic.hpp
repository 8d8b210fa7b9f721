// arithmetic.hpp: the total scalar functions of the language.
// Why:      checker (schedules), compiler (constants) and machine must agree on every digit.
// Use:      double level = rounded(0.70 - 0.40 * beta, 4);
// Promises: no result is NaN: where IEEE arithmetic gives none, the result is 0. Infinities are numbers.
// Threads:  pure functions; the table of beta_confidence is made once, on first use.
#pragma once

#include <atomic>
#include <cmath>
#include <cstdint>

namespace genome {

inline double number_or_zero(double x) { return x == x ? x : 0.0; }

inline double add(double a, double b) { return number_or_zero(a + b); }
inline double subtract(double a, double b) { return number_or_zero(a - b); }
inline double multiply(double a, double b) { return number_or_zero(a * b); }
inline double divide(double a, double b) { return b == 0 ? 0.0 : number_or_zero(a / b); }
inline double smaller(double a, double b) { return b < a ? b : a; }
inline double larger(double a, double b) { return a < b ? b : a; }
inline double mixed(double a, double b, double w) { return number_or_zero((1 - w) * a + w * b); }
inline double negated(double x) { return -x; }
inline double half_even(double x) { return std::nearbyint(x); }
double power(double a, double b);
double modulo(double a, double b);        // sign of b, as Python's %
double rounded(double x, double digits);  // decimal digits 0..15, halves to even
double logarithm(double x);
double square_root(double x);
inline double exponential(double x) { return number_or_zero(std::exp(x)); }

// A count from a number: rounded down, within [0, most].
inline std::int64_t whole(double x, std::int64_t most) {
  if (!(x > 0)) return 0;
  return x >= static_cast<double>(most) ? most : static_cast<std::int64_t>(x);
}

// 1 - I_{1/2}(a + 1, b + 1): the probability, under a uniform prior, that an answer with a votes is more
// frequent than its rival with b (the stopping rule of adaptive consistency, Aggarwal et al., EMNLP 2023).
// 0 when a <= 0; operands are clamped to [0, 1e6].
double beta_confidence_computed(double a, double b);

namespace detail {
inline constexpr int kConfidenceSize = 65;      // vote counts 0..64: the most branches an episode opens
extern std::atomic<const double*> confidences;  // [a * kConfidenceSize + b]; null until first needed
}  // namespace detail

inline double beta_confidence(double a, double b) {
  if (!(a > 0)) return 0;
  const double* table = detail::confidences.load(std::memory_order_acquire);
  if (table == nullptr || !(a < detail::kConfidenceSize && b >= 0 && b < detail::kConfidenceSize))
    return beta_confidence_computed(a, b);
  const int i = static_cast<int>(a), j = static_cast<int>(b);
  return i == a && j == b ? table[i * detail::kConfidenceSize + j] : beta_confidence_computed(a, b);
}

}  // namespace genome
