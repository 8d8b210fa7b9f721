#include "evo/proposal/tuning.hpp"

#include <algorithm>
#include <numeric>
#include <pagmo/algorithms/cmaes.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>

#include "genome/variation/tunables.hpp"

// CMA-ES holds matrices that libpagmo allocates and this file frees: see Pagmo in CMakeLists.txt.
static_assert(EIGEN_MALLOC_ALREADY_ALIGNED == 1 && EIGEN_MAX_ALIGN_BYTES == 16,
              "Eigen's allocator here is not that of libpagmo");

namespace evo {
namespace {

using genome::CheckedController;

constexpr double kHopeless = 1e300;  // minimised fitness of moves that give no controller

// Slices of `orderings` orderings each, taken in turn: one a step.
struct Slices {
  int orderings = 0, count = 0;
  std::size_t sample = 0;  // candidates of a step
  std::size_t asked = 0;
  int first = 0;

  int next() {
    const int slices = orderings / count;
    const auto step = static_cast<int>(asked++ / sample % static_cast<std::size_t>(slices));
    return (first + step) % slices * count;
  }
};

// What CMA-ES minimises: a vector of moves -> less fitness. pagmo copies its problems.
struct Moves {
  const genome::Controller* controller = nullptr;
  const std::vector<genome::Tunable>* tunables = nullptr;
  QuestionScorer* scorer = nullptr;
  Slices* slices = nullptr;
  Work* work = nullptr;
  double range = 1;

  pagmo::vector_double fitness(const pagmo::vector_double& moves) const {
    const int first = slices->next();
    const auto child = genome::with_moves(*controller, *tunables, moves);
    const auto checked = child ? genome::check(*child).controller : std::nullopt;
    if (!checked) return {kHopeless};
    return {-scorer->fitness_on(std::span(&*checked, 1), {first, slices->count}, *work).front()};
  }
  std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
    return {pagmo::vector_double(tunables->size(), -range), pagmo::vector_double(tunables->size(), range)};
  }
};

// The mean of the better half: where the distribution stands, with the luck of single points averaged out.
pagmo::vector_double centre(const pagmo::population& population) {
  const auto& points = population.get_x();
  const auto& values = population.get_f();
  std::vector<std::size_t> order(points.size());
  std::iota(order.begin(), order.end(), std::size_t{0});
  std::stable_sort(order.begin(), order.end(),
                   [&](std::size_t a, std::size_t b) { return values[a][0] < values[b][0]; });
  order.resize((order.size() + 1) / 2);
  pagmo::vector_double mean(points.front().size(), 0.0);
  for (const std::size_t i : order) {
    for (std::size_t d = 0; d < mean.size(); ++d) mean[d] += points[i][d] / static_cast<double>(order.size());
  }
  return mean;
}

}  // namespace

std::optional<CheckedController> tuned(const CheckedController& controller, QuestionScorer& scorer,
                                       std::uint64_t seed, const TuningOptions& options, Work& work) {
  const auto numbers = genome::tunables(controller.tree(), static_cast<std::size_t>(options.most));
  if (numbers.size() < 2) return std::nullopt;
  const int orderings = scorer.experiment().orderings;
  const int count = std::min(options.orderings, orderings);
  const std::size_t sample = 8 + numbers.size() / 6;
  Slices slices{.orderings = orderings,
                .count = count,
                .sample = sample,
                .first = static_cast<int>(seed % static_cast<std::uint64_t>(orderings / count))};
  const pagmo::problem problem(Moves{&controller.tree(), &numbers, &scorer, &slices, &work, options.range});
  const auto key = static_cast<unsigned>(seed ^ (seed >> 32));
  pagmo::population population(problem, 0, key);
  // All at the start: CMA-ES takes its first centre from the population.
  const pagmo::vector_double start(numbers.size(), 0.0);
  // Its value does not matter to CMA-ES, which replaces all of the sample in its first step.
  for (std::size_t i = 0; i < sample; ++i) population.push_back(start, {0});
  const pagmo::cmaes method(static_cast<unsigned>(options.steps), -1, -1, -1, -1, options.sigma, 0, 0, false,
                            true, key);
  population = method.evolve(population);
  auto child = genome::with_moves(controller.tree(), numbers, centre(population));
  if (!child || *child == controller.tree()) return std::nullopt;
  child->name = "evolved";
  return genome::check(*child).controller;
}

}  // namespace evo
