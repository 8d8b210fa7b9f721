#include "replay/evaluation/intervals.hpp"

#include <algorithm>
#include <cmath>
#include <map>
#include <utility>

#include "genome/base/rng.hpp"
#include "replay/parallel/interruption.hpp"

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
    take_breath();
    for (std::size_t i = 0; i < questions; ++i)
      sum += cell.questions[genome::base::uniform_index(rng, questions)].right;
  }
  const double scale = 100.0 / (static_cast<double>(questions) * static_cast<double>(cell.orderings));
  return percentiles(std::move(sums), options.coverage, scale);
}

Interval mean_interval(const std::vector<std::vector<double>>& groups, const DistinctQuestions& distinct,
                       const BootstrapOptions& options) {
  // What each distinct question adds to the mean, and where it was asked.
  std::vector<double> shares(distinct.count(), 0);
  std::vector<std::vector<std::size_t>> asked(distinct.count());
  for (std::size_t g = 0; g < groups.size(); ++g) {
    for (std::size_t q = 0; q < groups[g].size(); ++q) {
      shares[distinct.of(g, q)] += groups[g][q] / static_cast<double>(groups[g].size() * groups.size());
      asked[distinct.of(g, q)].push_back(g);
    }
  }
  std::map<std::vector<std::size_t>, std::vector<double>> strata;
  for (std::size_t q = 0; q < shares.size(); ++q) strata[asked[q]].push_back(shares[q]);
  std::vector<double> means(static_cast<std::size_t>(options.resamples), 0);
  std::uint64_t number = 0;
  for (const auto& [where, values] : strata) {
    auto rng =
        genome::base::keyed_stream(options.seed, genome::base::Purpose::kBootstrap, values.size(), number++);
    for (double& mean : means) {
      for (std::size_t i = 0; i < values.size(); ++i)
        mean += values[genome::base::uniform_index(rng, values.size())];
    }
  }
  return percentiles(std::move(means), options.coverage, 1.0);
}

}  // namespace replay
