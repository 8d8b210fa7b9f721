#include "replay/score.hpp"

#include <algorithm>
#include <cmath>

#include "genome/base/rng.hpp"

namespace replay {

Interval accuracy_interval(const Cell& cell, const BootstrapOptions& options) {
  const std::size_t questions = cell.questions.size();
  auto rng = genome::base::keyed_stream(options.seed, genome::base::Purpose::kBootstrap, questions);
  std::vector<std::int64_t> sums(static_cast<std::size_t>(options.resamples));
  for (std::int64_t& sum : sums) {
    for (std::size_t i = 0; i < questions; ++i)
      sum += cell.questions[genome::base::uniform_index(rng, questions)].right;
  }
  std::sort(sums.begin(), sums.end());
  const double scale = 100.0 / (static_cast<double>(questions) * static_cast<double>(cell.orderings));
  const auto quantile = [&](double q) {
    const auto index = static_cast<std::size_t>(std::llround(q * static_cast<double>(sums.size() - 1)));
    return static_cast<double>(sums[index]) * scale;
  };
  const double tail = (1 - options.coverage) / 2;
  return {quantile(tail), quantile(1 - tail)};
}

}  // namespace replay
