#include "evo/expectation/interval.hpp"

#include <algorithm>
#include <cmath>

#include "genome/base/check.hpp"

namespace evo {
namespace {

constexpr double kNormal95 = 1.959963984540054;   // quantile 0.975 of the normal distribution
constexpr double kSureErrors = 2;                 // of a lead that counts
constexpr double kNormal80 = 0.8416212335729143;  // quantile 0.8

double mean_of(std::span<const double> values) {
  double sum = 0;
  for (const double each : values) sum += each;
  return sum / static_cast<double>(values.size());
}

double squares_of(std::span<const double> values) {
  const double mean = mean_of(values);
  double sum = 0;
  for (const double each : values) sum += (each - mean) * (each - mean);
  return sum;
}

// A gain with its interval and the power of so many questions.
ExpectedGain around(double gain, double error, double degrees, std::size_t questions) {
  const double half_width = student_95(degrees) * error;
  return {.gain = gain,
          .low = gain - half_width,
          .high = gain + half_width,
          .standard_error = error,
          .detectable = (kNormal95 + kNormal80) * error,
          .against = {},
          .questions = static_cast<std::uint64_t>(questions)};
}

// How far the search is ahead of its halves; nothing where that may be chance.
struct Lead {
  double mean = 0, error = 0;
};
Lead sure_lead(const std::vector<double>& a, const std::vector<double>& b) {
  if (a.size() < 2 || b.size() < 2) return {};
  const auto in_a = static_cast<double>(a.size()), in_b = static_cast<double>(b.size());
  const double count = in_a + in_b;
  // The variance of either mean, by its share of the questions.
  const double variance = squares_of(a) / (in_a - 1) * in_a / (count * count) +
                          squares_of(b) / (in_b - 1) * in_b / (count * count);
  const Lead lead{.mean = (mean_of(a) * in_a + mean_of(b) * in_b) / count, .error = std::sqrt(variance)};
  return lead.mean > kSureErrors * lead.error ? lead : Lead{};
}

}  // namespace

// The expansion of Cornish and Fisher (1938) around the normal distribution.
double student_95(double degrees) {
  const double z = kNormal95, z3 = z * z * z, z5 = z3 * z * z, z7 = z5 * z * z;
  return z + (z3 + z) / (4 * degrees) + (5 * z5 + 16 * z3 + 3 * z) / (96 * degrees * degrees) +
         (3 * z7 + 19 * z5 + 17 * z3 - 15 * z) / (384 * degrees * degrees * degrees);
}

ExpectedGain expected_gain(const Differences& differences) {
  const std::vector<double>&a = differences.halves[0], &b = differences.halves[1];
  EVOTTS_CHECK(a.size() >= 2 && b.size() >= 2);
  const auto in_a = static_cast<double>(a.size()), in_b = static_cast<double>(b.size());
  const double count = in_a + in_b;
  double variance = (squares_of(a) + squares_of(b)) / (count - 2);
  if (differences.own.size() > 1)
    variance =
        std::max(variance, squares_of(differences.own) / static_cast<double>(differences.own.size() - 1));
  const double apart = mean_of(a) - mean_of(b);
  // Whether it is questions or searches that set the halves apart cannot be told by two of them. Taking all
  // of it for searches keeps the promise where searches differ, and is a little too careful where they do
  // not.
  const Lead lead = sure_lead(differences.lead[0], differences.lead[1]);
  const double error = std::sqrt(variance / count + apart * apart / 2 + lead.error * lead.error);
  const double gain = (mean_of(a) * in_a + mean_of(b) * in_b) / count + lead.mean;
  return around(gain, error, count - 2, a.size() + b.size());
}

ExpectedGain mean_difference(std::span<const double> a, std::span<const double> b) {
  EVOTTS_CHECK(a.size() == b.size() && !a.empty());
  std::vector<double> differences;
  for (std::size_t i = 0; i < a.size(); ++i) differences.push_back(a[i] - b[i]);
  const auto count = static_cast<double>(a.size());
  const double gain = mean_of(differences);
  if (a.size() < 2) return {.gain = gain, .low = -100, .high = 100, .against = {}, .questions = 1};
  const double error = std::sqrt(squares_of(differences) / (count - 1) / count);
  return around(gain, error, count - 1, a.size());
}

}  // namespace evo
