#include "replay/sources/synthetic_signals.hpp"

#include <algorithm>
#include <cmath>
#include <fmt/format.h>
#include <utility>

#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/reader.hpp"

namespace replay {
namespace {

using genome::base::normal;
using genome::base::Rng;

constexpr double kScatter = 1.5;  // of intervals around the mean of their branch, in its deviations

// How a signal is printed: middle + scale * x, kept within the values that it can have.
struct Scale {
  double middle = 0, per_deviation = 1;
  double least = -1e6, most = 1e6;
};

Scale scale_of(std::string_view name) {
  if (name == "logprob") return {.middle = -0.6, .per_deviation = 0.1, .most = 0};
  if (name == "entropy") return {.middle = 0.6, .per_deviation = -0.1, .least = 0};
  if (name == "confidence") return {.middle = 12, .per_deviation = 1, .least = 0};
  return {};
}

double printed(const Scale& scale, double x) {
  const double value = std::clamp(scale.middle + scale.per_deviation * x, scale.least, scale.most);
  return std::round(value * 1e4) / 1e4;
}

// One draw for each weight, shifted so that their weighted mean is 0.
std::vector<double> centred_draws(Rng& rng, const std::vector<double>& weights) {
  std::vector<double> draws;
  double sum = 0, total = 0;
  for (const double weight : weights) {
    draws.push_back(kScatter * normal(rng));
    sum += weight * draws.back();
    total += weight;
  }
  if (total == 0) return std::vector<double>(weights.size(), 0.0);
  for (double& draw : draws) draw -= sum / total;
  return draws;
}

}  // namespace

std::vector<std::string> parse_signal_names(std::string_view text) {
  std::vector<std::string> names;
  while (!text.empty()) {
    const std::size_t plus = text.find('+');
    const std::string_view name = text.substr(0, plus);
    const bool ends_with_plus = plus != std::string_view::npos && plus + 1 == text.size();
    text = plus == std::string_view::npos ? std::string_view() : text.substr(plus + 1);
    if (!is_signal_name(name) || ends_with_plus) {
      throw InputError(fmt::format(
          "synthetic: signals must be names of 1 to {} letters, digits and _ with + between them, "
          "as in entropy+logprob, found \"{}\"",
          kMaxSignalName, genome::base::visible(name, 80)));
    }
    if (std::ranges::find(names, name) != names.end())
      throw InputError(fmt::format("synthetic: the signal {} is named twice", name));
    names.emplace_back(name);
  }
  if (names.size() > kMaxSignals)
    throw InputError(
        fmt::format("synthetic: there can be at most {} signals, found {}", kMaxSignals, names.size()));
  return names;
}

SyntheticSignals::SyntheticSignals(std::vector<std::string> names)
    : names_(std::move(names)), sorted_(names_) {
  std::ranges::sort(sorted_);
}

void SyntheticSignals::add(Rng& rng, std::size_t probes, std::int64_t interval, std::int64_t tokens,
                           double shift, QuestionBuilder& builder) const {
  if (names_.empty()) return;
  std::vector<double> weights(probes, static_cast<double>(interval));
  weights.push_back(
      static_cast<double>(std::max<std::int64_t>(0, tokens - interval * static_cast<std::int64_t>(probes))));
  const double shared = normal(rng);
  for (std::size_t column = 0; column < sorted_.size(); ++column) {
    const double mean = shift + (shared + normal(rng)) / std::sqrt(2.0);
    const Scale scale = scale_of(sorted_[column]);
    std::vector<double> numbers = centred_draws(rng, weights);
    for (double& number : numbers) number = printed(scale, mean + number);
    builder.add_signal(column, numbers);
  }
}

}  // namespace replay
