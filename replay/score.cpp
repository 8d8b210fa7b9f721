#include "replay/score.hpp"

#include <algorithm>
#include <cmath>
#include <utility>

#include "genome/base/rng.hpp"

namespace replay {
namespace {

template <typename Sum>
Interval percentiles(std::vector<Sum> sums, double coverage, double scale) {
  std::sort(sums.begin(), sums.end());
  const auto quantile = [&](double q) {
    const auto index = static_cast<std::size_t>(std::llround(q * static_cast<double>(sums.size() - 1)));
    return static_cast<double>(sums[index]) * scale;
  };
  const double tail = (1 - coverage) / 2;
  return {quantile(tail), quantile(1 - tail)};
}

}  // namespace

Interval accuracy_interval(const Cell& cell, const BootstrapOptions& options) {
  const std::size_t questions = cell.questions.size();
  auto rng = genome::base::keyed_stream(options.seed, genome::base::Purpose::kBootstrap, questions);
  std::vector<std::int64_t> sums(static_cast<std::size_t>(options.resamples));
  for (std::int64_t& sum : sums) {
    for (std::size_t i = 0; i < questions; ++i)
      sum += cell.questions[genome::base::uniform_index(rng, questions)].right;
  }
  const double scale = 100.0 / (static_cast<double>(questions) * static_cast<double>(cell.orderings));
  return percentiles(std::move(sums), options.coverage, scale);
}

Interval mean_interval(const std::vector<std::vector<double>>& groups, const BootstrapOptions& options) {
  std::vector<double> means(static_cast<std::size_t>(options.resamples), 0);
  for (std::size_t g = 0; g < groups.size(); ++g) {
    const std::vector<double>& values = groups[g];
    auto rng = genome::base::keyed_stream(options.seed, genome::base::Purpose::kBootstrap, values.size(), g);
    for (double& mean : means) {
      double sum = 0;
      for (std::size_t i = 0; i < values.size(); ++i) {
        sum += values[genome::base::uniform_index(rng, values.size())];
      }
      mean += sum / static_cast<double>(values.size());
    }
  }
  return percentiles(std::move(means), options.coverage, 1.0 / static_cast<double>(groups.size()));
}

}  // namespace replay
