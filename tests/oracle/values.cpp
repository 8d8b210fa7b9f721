#include "tests/oracle/values.hpp"

#include <algorithm>
#include <boost/math/special_functions/beta.hpp>
#include <charconv>
#include <cmath>
#include <system_error>
#include <type_traits>
#include <utility>

namespace oracle {
namespace {

// Errors are left to the result, which tidy() then judges; in double, as everything here.
namespace bmp = boost::math::policies;
using QuietDouble =
    bmp::policy<bmp::domain_error<bmp::ignore_error>, bmp::pole_error<bmp::ignore_error>,
                bmp::overflow_error<bmp::ignore_error>, bmp::underflow_error<bmp::ignore_error>,
                bmp::denorm_error<bmp::ignore_error>, bmp::evaluation_error<bmp::ignore_error>,
                bmp::rounding_error<bmp::ignore_error>, bmp::indeterminate_result_error<bmp::ignore_error>,
                bmp::promote_double<false>>;

constexpr double kMostVotes = 1e6;
constexpr double kMostDigits = 15;

}  // namespace

Type type_of(const Value& value) {
  const std::size_t which = value.index();
  EVOTTS_CHECK(which < 6);
  constexpr Kind kKinds[] = {Kind::kNumber, Kind::kTruth, Kind::kAnswer};
  return {kKinds[which % 3], which < 3 ? Scope::kQuestion : Scope::kBranch};
}

Value empty_value(Type type, std::size_t opened) {
  return with_kind(type.kind, [&]<class T>() {
    T nothing{};
    if constexpr (std::is_same_v<T, AnswerId>) nothing = replay::kNoAnswer;
    if (type.scope == Scope::kQuestion) return Value(nothing);
    return Value(std::vector<T>(opened, nothing));
  });
}

Value extended(Value value, const Value& fill, std::size_t opened) {
  EVOTTS_CHECK(is_branch(value));
  with_kind(type_of(value).kind, [&]<class T>() {
    auto& lanes = std::get<std::vector<T>>(value);
    EVOTTS_CHECK(lanes.size() <= opened);
    lanes.resize(opened, one<T>(fill));
  });
  return value;
}

std::vector<std::size_t> members(const Value& set, std::size_t opened) {
  std::vector<std::size_t> result;
  for (std::size_t lane = 0; lane < opened; ++lane) {
    if (at<bool>(set, lane)) result.push_back(lane);
  }
  return result;
}

double tidy(double a) { return std::isnan(a) ? 0 : a; }

double add(double a, double b) { return tidy(a + b); }
double subtract(double a, double b) { return tidy(a - b); }
double multiply(double a, double b) { return tidy(a * b); }
double divide(double a, double b) { return b == 0 ? 0 : tidy(a / b); }
double negate(double a) { return -a; }
double power(double a, double b) { return a == 0 && b < 0 ? 0 : tidy(std::pow(a, b)); }
double smaller(double a, double b) { return b < a ? b : a; }
double larger(double a, double b) { return a < b ? b : a; }
double absolute(double a) { return std::fabs(a); }
double floor_of(double a) { return std::floor(a); }
double ceiling_of(double a) { return std::ceil(a); }
double round_even(double a) { return std::nearbyint(a); }

// The decimal nearest to the exact value of the double (halves to even), and back to a double.
double round_to(double a, double digits) {
  if (!std::isfinite(a)) return a;
  const int places = static_cast<int>(std::clamp(std::floor(digits), 0.0, kMostDigits));
  char text[400];  // 309 digits before the point, up to 15 after it, point and sign
  const auto written = std::to_chars(text, text + sizeof text, a, std::chars_format::fixed, places);
  EVOTTS_CHECK(written.ec == std::errc{});
  double result = 0;
  const auto read = std::from_chars(text, written.ptr, result);
  EVOTTS_CHECK(read.ec == std::errc{} && read.ptr == written.ptr);
  return result;
}

double modulo(double a, double b) {
  if (b == 0) return 0;
  double remainder = std::fmod(a, b);
  if (remainder != 0 && (remainder < 0) != (b < 0)) remainder += b;
  return tidy(remainder);
}

double exponential(double a) { return std::exp(a); }
double logarithm(double a) { return a <= 0 ? 0 : std::log(a); }
double square_root(double a) { return a < 0 ? 0 : std::sqrt(a); }
double mix(double a, double b, double weight) { return tidy((1 - weight) * a + weight * b); }

double beta_confidence(double a, double b) {
  if (a <= 0) return 0;
  const double first = std::clamp(a, 0.0, kMostVotes);
  const double second = std::clamp(b, 0.0, kMostVotes);
  return tidy(1 - boost::math::ibeta(first + 1, second + 1, 0.5, QuietDouble{}));
}

std::int64_t count_from(double a, std::int64_t most) {
  return static_cast<std::int64_t>(std::clamp(std::floor(a), 0.0, static_cast<double>(most)));
}

}  // namespace oracle
