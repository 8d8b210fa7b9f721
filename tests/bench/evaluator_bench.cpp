#include <chrono>
#include <cstdlib>
#include <ctime>
#include <fmt/format.h>
#include <memory>
#include <tbb/global_control.h>
#include <tbb/info.h>

#include "genome/program/compiler.hpp"
#include "replay/evaluation/evaluator.hpp"
#include "tests/bench/benches.hpp"

namespace bench {
namespace {

constexpr std::array<double, 5> kBetas = {0, 0.25, 0.5, 0.75, 1};
constexpr std::size_t kChildren = 200;

using Clock = std::chrono::steady_clock;
double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

void by_threads(benchmark::State& state, const replay::Evaluator& evaluator, std::size_t threads) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
  std::vector<genome::Program> programs;
  for (const char* const name : {"cmc", "parallel_probe", "asc", "esc"})
    programs.push_back(known_program(name));
  const std::clock_t start = std::clock();
  std::size_t times = 0;
  for (auto _ : state) {
    benchmark::DoNotOptimize(evaluator.evaluate(programs, kBetas));
    ++times;
  }
  // Beside the wall time it tells whether the threads had processors to themselves.
  state.counters["processor"] = static_cast<double>(std::clock() - start) /
                                static_cast<double>(CLOCKS_PER_SEC) / static_cast<double>(times);
  things(state, programs.size() * kBetas.size() * static_cast<std::size_t>(evaluator.episodes()));
}

// What a generation asks of the evaluator: new controllers compiled, bound and run. Binding is part of
// evaluate(); it is timed once more by itself to tell its share.
void generation(benchmark::State& state, const replay::Evaluator& evaluator) {
  const std::vector<genome::CheckedController> children = bred_controllers(kChildren);
  double compiling = 0, binding = 0;
  for (auto _ : state) {
    const auto start = Clock::now();
    std::vector<genome::Program> programs;
    for (const genome::CheckedController& child : children) programs.push_back(genome::compile(child));
    compiling = since(start);
    benchmark::DoNotOptimize(evaluator.evaluate(programs, kBetas));
    state.PauseTiming();
    const auto again = Clock::now();
    for (const genome::Program& program : programs) {
      for (const double beta : kBetas) benchmark::DoNotOptimize(genome::bind(program, beta));
    }
    binding = since(again);
    state.ResumeTiming();
  }
  things(state, kChildren * kBetas.size() * static_cast<std::size_t>(evaluator.episodes()));
  state.counters["compiling"] = compiling;
  state.counters["binding"] = binding;
}

std::string stages(const Figures& figures) {
  const auto stage = [&](const char* name) {
    const double seconds = figures.counter(name);
    return fmt::format("{} {} ({:.2f}%)", name, shown_seconds(seconds), 100 * seconds / figures.seconds);
  };
  return fmt::format("{} episodes in {}, {} controllers a second; of it {}, {}",
                     shown_count(figures.things()), shown_seconds(figures.seconds),
                     shown_count(kChildren / figures.seconds), stage("compiling"), stage("binding"));
}

std::string whole_work(const Figures& figures) {
  return fmt::format("{} episodes in {}, {} of processor time", shown_count(figures.things()),
                     shown_seconds(figures.seconds), shown_seconds(figures.counter("processor")));
}

void add_by_threads(const Workload& work, Table& table) {
  const auto evaluator = std::make_shared<const replay::Evaluator>(
      work.environments(), replay::EvaluatorOptions{.orderings = 300});
  std::vector<std::size_t> counts = {1, 2};
  const auto all = static_cast<std::size_t>(tbb::info::default_concurrency());
  if (all > 2) counts.push_back(all);
  table.section("episodes in bulk: 4 controllers, 5 betas, 8 environments, 300 orderings");
  for (const std::size_t threads : counts) {
    table.add({.name = fmt::format("evaluator/threads/{}", threads),
               .what = fmt::format("{} thread{}", threads, threads == 1 ? "" : "s"),
               .against = threads == 1 ? "" : "evaluator/threads/1",
               .ratio = Ratio::kSpeedUp,
               .ratio_words = "times as fast as one",
               .notes = whole_work,
               .wall = true,
               .repetitions = 3},
              [=](benchmark::State& state) { by_threads(state, *evaluator, threads); });
  }
}

}  // namespace

void add_evaluator_benches(const Workload& work, Table& table) {
  add_by_threads(work, table);
  // All 12 million episodes only on request; a slice has the same programs and fewer orderings.
  const bool whole = std::getenv("EVOTTS_BENCH_WHOLE") != nullptr;
  const std::size_t orderings = whole ? 100 : 5;
  const auto evaluator = std::make_shared<const replay::Evaluator>(
      work.four(), replay::EvaluatorOptions{.orderings = orderings});
  table.section(fmt::format("a generation: {} new controllers, 5 betas, 4 environments, {} orderings",
                            kChildren, orderings));
  table.add({.name = "evaluator/generation",
             .what = "all threads",
             .notes = stages,
             .wall = true,
             .repetitions = whole ? 1 : 3,
             .once = true},
            [=](benchmark::State& state) { generation(state, *evaluator); });
}

}  // namespace bench
