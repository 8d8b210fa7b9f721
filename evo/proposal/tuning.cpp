#include "evo/proposal/tuning.hpp"

#include <algorithm>
#include <numeric>
#include <pagmo/algorithms/cmaes.hpp>
#include <pagmo/population.hpp>
#include <pagmo/problem.hpp>
#include <tbb/parallel_for.h>
#include <utility>

#include "genome/variation/tunables.hpp"

// CMA-ES holds matrices that libpagmo allocates and this file frees: see Pagmo in CMakeLists.txt.
static_assert(EIGEN_MALLOC_ALREADY_ALIGNED == 1 && EIGEN_MAX_ALIGN_BYTES == 16,
              "Eigen's allocator here is not that of libpagmo");

namespace evo {
namespace {

using genome::CheckedController;

constexpr double kHopeless = 1e300;  // value of moves that give no controller

// The values of points in the order in which CMA-ES asks for them. pagmo evaluates one point at a time, and
// the scorer is quick with many at once, so CMA-ES runs anew for each step. The steps before it are answered
// from here, its own points are noted with no value, and then they are scored together. Beside scoring, that
// costs next to nothing for tens of steps, and seconds for a thousand. The points are the very same, as all
// of it follows from the seed.
class Values {
 public:
  void ask_again() {
    asked_ = 0;
    unknown_.clear();
  }
  double operator()(const pagmo::vector_double& point) {
    if (asked_ < known_.size()) return known_[asked_++];
    unknown_.push_back(point);
    return 0;
  }
  const std::vector<pagmo::vector_double>& unknown() const { return unknown_; }
  void learn(const std::vector<double>& values) {
    known_.insert(known_.end(), values.begin(), values.end());
    unknown_.clear();
  }

 private:
  std::vector<double> known_;
  std::size_t asked_ = 0;
  std::vector<pagmo::vector_double> unknown_;  // asked for after the known ones
};

// What CMA-ES minimises over vectors of moves. pagmo copies its problems.
struct Moves {
  Values* values = nullptr;
  std::size_t size = 0;
  double range = 1;

  pagmo::vector_double fitness(const pagmo::vector_double& moves) const { return {(*values)(moves)}; }
  std::pair<pagmo::vector_double, pagmo::vector_double> get_bounds() const {
    return {pagmo::vector_double(size, -range), pagmo::vector_double(size, range)};
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

// One of the controllers that are tuned side by side.
class Tuning {
 public:
  Tuning(const TuningTask& task, const TuningOptions& options)
      : task_(task),
        options_(options),
        numbers_(genome::tunables(task.controller->tree(), static_cast<std::size_t>(options.most))),
        sample_(8 + numbers_.size() / 6) {
    const int orderings = task.scorer->experiment().orderings;
    count_ = std::min(options.orderings, orderings);
    slices_ = orderings / count_;
    first_ = static_cast<int>(task.seed % static_cast<std::uint64_t>(slices_));
  }

  // Otherwise there is too little to turn.
  bool is_worth_it() const { return numbers_.size() >= 2; }
  QuestionScorer* scorer() const { return task_.scorer; }

  // Makes the points of a step; none once CMA-ES has come to its end.
  void go_to(int step) { after_steps(step + 1); }
  const std::vector<pagmo::vector_double>& points() const { return values_.unknown(); }
  std::optional<CheckedController> at(const pagmo::vector_double& point) const {
    const auto child = genome::with_moves(task_.controller->tree(), numbers_, point);
    return child ? genome::check(*child).controller : std::nullopt;
  }
  // On which a step's points are scored.
  OrderingSlice orderings_of(int step) const { return {(first_ + step) % slices_ * count_, count_}; }
  void learn(const std::vector<double>& values) { values_.learn(values); }

  std::optional<CheckedController> result() {
    auto child = genome::with_moves(task_.controller->tree(), numbers_, centre(after_steps(options_.steps)));
    if (!child || *child == task_.controller->tree()) return std::nullopt;
    child->name = "evolved";
    return genome::check(*child).controller;
  }

 private:
  // The sample then.
  pagmo::population after_steps(int steps) {
    values_.ask_again();
    const auto key = static_cast<unsigned>(task_.seed ^ (task_.seed >> 32));
    pagmo::population population(pagmo::problem(Moves{&values_, numbers_.size(), options_.range}), 0, key);
    // All at the start: CMA-ES takes its first centre from the population.
    const pagmo::vector_double start(numbers_.size(), 0.0);
    // Its value does not matter to CMA-ES, which replaces all of the sample in its first step.
    for (std::size_t i = 0; i < sample_; ++i) population.push_back(start, {0});
    const pagmo::cmaes method(static_cast<unsigned>(steps), -1, -1, -1, -1, options_.sigma, 0, 0, false, true,
                              key);
    return method.evolve(population);
  }

  TuningTask task_;
  TuningOptions options_;
  std::vector<genome::Tunable> numbers_;
  std::size_t sample_;  // points of a step
  int count_ = 0, slices_ = 0, first_ = 0;
  Values values_;
};

// A point of the step at hand.
struct Point {
  Tuning* tuning = nullptr;
  const pagmo::vector_double* moves = nullptr;
  std::optional<CheckedController> child;
  double value = kHopeless;
};

// Scores what there is to be scored, in one call for each set of questions.
void score(std::vector<Point>& points, int step, Work& work) {
  std::vector<QuestionScorer*> scorers;
  for (const Point& each : points) {
    if (std::ranges::find(scorers, each.tuning->scorer()) == scorers.end())
      scorers.push_back(each.tuning->scorer());
  }
  for (QuestionScorer* const scorer : scorers) {
    std::vector<CheckedController> children;
    std::vector<OrderingSlice> orderings;
    std::vector<Point*> of;  // by child
    for (Point& each : points) {
      if (each.tuning->scorer() != scorer || !each.child) continue;
      children.push_back(std::move(*each.child));
      orderings.push_back(each.tuning->orderings_of(step));
      of.push_back(&each);
    }
    const std::vector<double> fitness = scorer->fitness_on(children, orderings, work);
    for (std::size_t i = 0; i < of.size(); ++i) of[i]->value = -fitness[i];
  }
}

// The same step of each of them; whether there was one.
bool take_step(std::vector<Tuning>& tunings, int step, Work& work) {
  tbb::parallel_for(std::size_t{0}, tunings.size(), [&](std::size_t i) {
    if (tunings[i].is_worth_it()) tunings[i].go_to(step);
  });
  std::vector<Point> points;
  for (Tuning& each : tunings) {
    for (const pagmo::vector_double& moves : each.points()) points.push_back({&each, &moves, {}});
  }
  if (points.empty()) return false;
  tbb::parallel_for(std::size_t{0}, points.size(),
                    [&](std::size_t i) { points[i].child = points[i].tuning->at(*points[i].moves); });
  score(points, step, work);
  for (Tuning& each : tunings) {
    std::vector<double> values;
    for (const Point& point : points) {
      if (point.tuning == &each) values.push_back(point.value);
    }
    each.learn(values);
  }
  return true;
}

}  // namespace

std::vector<std::optional<CheckedController>> tuned(std::span<const TuningTask> tasks,
                                                    const TuningOptions& options, Work& work) {
  std::vector<Tuning> tunings;
  for (const TuningTask& task : tasks) tunings.emplace_back(task, options);
  for (int step = 0; step < options.steps && take_step(tunings, step, work); ++step) {
  }
  std::vector<std::optional<CheckedController>> better;
  for (Tuning& each : tunings) better.push_back(each.is_worth_it() ? each.result() : std::nullopt);
  return better;
}

std::optional<CheckedController> tuned(const CheckedController& controller, QuestionScorer& scorer,
                                       std::uint64_t seed, const TuningOptions& options, Work& work) {
  const TuningTask task{&controller, &scorer, seed};
  return std::move(tuned(std::span(&task, 1), options, work).front());
}

}  // namespace evo
