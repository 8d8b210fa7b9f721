#include "evo/auditions.hpp"

#include <algorithm>
#include <numeric>

#include "evo/tuning.hpp"
#include "genome/base/check.hpp"
#include "genome/base/rng.hpp"
#include "genome/sampler.hpp"

namespace evo {
namespace {

namespace base = genome::base;

constexpr std::uint64_t kAuditionStream = 1;  // beside that of founders (0)

std::vector<genome::CheckedController> candidates(const Experiment& experiment) {
  std::vector<genome::CheckedController> all;
  for (int i = 0; i < experiment.auditions; ++i) {
    auto rng = base::keyed_stream(experiment.seed, base::Purpose::kFounders, static_cast<std::uint64_t>(i),
                                  kAuditionStream);
    auto checked = genome::check(genome::sample_controller(rng)).controller;
    EVOTTS_CHECK(checked.has_value());
    all.push_back(std::move(*checked));
  }
  return all;
}

}  // namespace

std::vector<Proposal> auditions(Scorer& scorer) {
  const Experiment& experiment = scorer.experiment();
  if (experiment.auditions == 0) return {};
  const int slice = Scorer::slices(experiment).front();
  const auto all = candidates(experiment);
  const std::vector<double> fitness = scorer.fitness_on(all, 0, slice);
  std::vector<std::size_t> order(all.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return fitness[a] > fitness[b]; });
  order.resize((all.size() * kCalledBack + 99) / 100);
  std::vector<Proposal> founders;
  for (const std::size_t i : order) {
    auto better = tuned(all[i], scorer, 0, {.steps = 2 * experiment.tuning_steps, .orderings = slice});
    const bool gained = better && scorer.fitness_on(std::span(&*better, 1), 0, slice).front() > fitness[i];
    founders.push_back({gained ? std::move(*better) : all[i], {}, gained ? "random+tuning" : "random", {}});
  }
  return founders;
}

}  // namespace evo
