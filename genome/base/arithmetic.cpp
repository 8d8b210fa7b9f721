#include "genome/base/arithmetic.hpp"

#include <algorithm>
#include <array>
#include <boost/math/special_functions/beta.hpp>
#include <charconv>
#include <vector>

namespace genome {
namespace {

double incomplete(double a, double b) {
  using namespace boost::math::policies;
  using Quiet = policy<domain_error<ignore_error>, pole_error<ignore_error>, overflow_error<ignore_error>,
                       underflow_error<ignore_error>, evaluation_error<ignore_error>, promote_double<false>>;
  return number_or_zero(1 - boost::math::ibeta(a + 1, b + 1, 0.5, Quiet()));
}

std::vector<double> confidence_table() {
  constexpr std::size_t size = detail::kConfidenceSize;
  std::vector<double> values(size * size);
  for (std::size_t a = 1; a < size; ++a) {
    for (std::size_t b = 0; b < size; ++b)
      values[a * size + b] = incomplete(static_cast<double>(a), static_cast<double>(b));
  }
  return values;
}

}  // namespace

std::atomic<const double*> detail::confidences = nullptr;

double power(double a, double b) { return a == 0 && b < 0 ? 0.0 : number_or_zero(std::pow(a, b)); }

double modulo(double a, double b) {
  if (b == 0) return 0;
  double rest = std::fmod(a, b);
  if (rest != 0 && (rest < 0) != (b < 0)) rest += b;
  return number_or_zero(rest);
}

double rounded(double x, double digits) {
  const auto places = whole(digits, 15);
  if (places == 0 || !std::isfinite(x)) return half_even(x);
  // As CPython: the exact decimal expansion of the double is rounded, then read back.
  std::array<char, 400> buffer{};
  const auto end = std::to_chars(buffer.data(), buffer.data() + buffer.size(), x, std::chars_format::fixed,
                                 static_cast<int>(places))
                       .ptr;
  double result = 0;
  std::from_chars(buffer.data(), end, result);
  return result;
}

double logarithm(double x) { return x > 0 ? std::log(x) : 0.0; }

double square_root(double x) { return x > 0 ? std::sqrt(x) : 0.0; }

double beta_confidence_computed(double a, double b) {
  static const std::vector<double> table = confidence_table();
  detail::confidences.store(table.data(), std::memory_order_release);
  if (!(a > 0)) return 0;
  return incomplete(std::min(a, 1e6), std::clamp(b, 0.0, 1e6));
}

}  // namespace genome
