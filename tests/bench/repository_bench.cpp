#include <algorithm>
#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <memory>
#include <span>
#include <unistd.h>

#include "evo/population/exact_means.hpp"
#include "evo/proposal/genetic_proposer.hpp"
#include "evo/record/run_files.hpp"
#include "evo/search/generation.hpp"
#include "genome/base/rng.hpp"
#include "genome/text/checker.hpp"
#include "tests/bench/benches.hpp"

namespace bench {
namespace {

namespace fs = std::filesystem;
namespace base = genome::base;

using Clock = std::chrono::steady_clock;
double since(Clock::time_point start) { return std::chrono::duration<double>(Clock::now() - start).count(); }

constexpr int kPopulation = 200;
constexpr int kEarly = 50;  // the generation that later ones are compared with

// All of it takes half an hour, so most times less is done.
int generations() { return std::getenv("EVOTTS_BENCH_WHOLE") != nullptr ? 5'000 : 200; }

class TemporaryFolder {
 public:
  TemporaryFolder() {
    std::string pattern = (fs::temp_directory_path() / "evotts-bench-XXXXXX").string();
    if (mkdtemp(pattern.data()) == nullptr) throw std::runtime_error("no temporary folder");
    path_ = pattern;
  }
  ~TemporaryFolder() { fs::remove_all(path_); }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
};

// Evolution without evaluation: children are made with numbers drawn at random, and so are their scores; half
// of the population is replaced each generation, and the frontier moves slowly, as in real runs.
class StandIn {
 public:
  StandIn() {
    experiment_.betas = {0, 0.2, 0.4, 0.6, 0.8, 1};
    experiment_.population = experiment_.children = kPopulation;
  }

  evo::Step next(int generation) {
    evo::Step step{.state = state_};
    auto rng = base::keyed_stream(1, base::Purpose::kTest, static_cast<std::uint64_t>(generation));
    for (int i = 0; i < kPopulation; ++i) step.born.push_back(child(rng, generation));
    evo::State& state = step.state;
    state.generation = generation;
    state.counters.evaluations = state.counters.births;
    step.frontier_gain = state.archive.offer(std::span(step.born).first(1), {1, 1e9});
    std::vector<evo::Individual>& living = state.islands.front().population;
    if (living.size() == kPopulation) living.erase(living.begin() + kPopulation / 2, living.end());
    for (const evo::Individual& each : step.born) {
      if (living.size() < kPopulation) living.push_back(each);
    }
    std::ranges::sort(living, std::greater<>(), &evo::Individual::fitness);
    state_ = state;
    return step;
  }

  const evo::State& state() const { return state_; }
  const evo::Experiment& experiment() const { return experiment_; }

 private:
  evo::Individual child(base::Rng& rng, int generation) {
    const auto number = [&](int low, int high) { return base::uniform_int(rng, low, high); };
    const auto real = [&](int low, int high) {
      return static_cast<double>(number(low * 1000, high * 1000)) / 1000;
    };
    const std::string text = fmt::format(
        "controller evolved\nrounds 500\n\nschedule\n  width rises round({} + {} * beta)\n  level rises 0.{} "
        "+ 0.{} * "
        "beta\n  quorum rises round({} + {} * beta)\n\nmemory\n  ema = 0.{}\n\nstart\n  open "
        "width\n\nround\n  ema = "
        "mix(ema, confidence(finished), 0.{})\n  stop when ema >= level and count(finished) >= quorum\n  "
        "prune depth >= "
        "{} when count(finished) >= {}\n  advance active by {}\n\nanswer\n  top(finished)\n  top(not "
        "pruned)\n",
        number(2, 60), number(2, 60), number(100, 999), number(100, 300), number(1, 9), number(1, 9),
        number(100, 999), number(100, 999), number(3, 300), number(1, 9), number(1, 4));
    evo::Birth birth{
        .number = ++state_.counters.births, .generation = generation, .operation = "constants+subtree"};
    const std::vector<evo::Individual>& living = state_.islands.front().population;
    if (!living.empty())
      birth.parents = {living[static_cast<std::size_t>(number(0, kPopulation / 2 - 1))].id};
    evo::Individual made = evo::make_individual(*genome::check_text(text).controller, birth);
    made.orderings = 20;
    for (const double beta : experiment_.betas) {
      for (int environment = 0; environment < 4; ++environment)
        made.sums.push_back(
            {number(0, 3000), number(300'000'000, 900'000'000), number(1'000'000, 9'000'000), 3000});
      made.curve.push_back(evo::point_of(beta, std::span(made.sums).last(4)));
    }
    made.score = made.fitness = real(0, 100);
    made.level = {made.fitness};
    return made;
  }

  evo::Experiment experiment_;
  evo::State state_;
};

double median(std::vector<double> values) {
  std::ranges::sort(values);
  return values[values.size() / 2];
}

double mean(const std::vector<double>& values) {
  double sum = 0;
  for (const double value : values) sum += value;
  return sum / static_cast<double>(values.size());
}

// Memory of this process that no file backs.
double anonymous_bytes() {
  std::ifstream file("/proc/self/statm");
  double pages = 0, resident = 0, shared = 0;
  file >> pages >> resident >> shared;
  return (resident - shared) * static_cast<double>(sysconf(_SC_PAGESIZE));
}

struct Folder {
  double files = 0, packs = 0, bytes = 0;
};

Folder size_of(const fs::path& folder) {
  Folder size;
  for (const auto& entry : fs::recursive_directory_iterator(folder)) {
    if (!entry.is_regular_file()) continue;
    ++size.files;
    if (entry.path().extension() == ".pack") ++size.packs;
    size.bytes += static_cast<double>(entry.file_size());
  }
  return size;
}

// The time of `git log` for the newest so many generations, or 0 where there is no git.
double git_log_seconds(const fs::path& run, int commits) {
  const std::string command = fmt::format(
      "git -c safe.directory='*' -C '{}' log --oneline -n {} >/dev/null 2>&1", run.string(), commits);
  const auto start = Clock::now();
  return std::system(command.c_str()) == 0 ? since(start) : 0;
}

// A run that grows by stand-in generations, and what each commit took.
class GrowingRun {
 public:
  explicit GrowingRun(fs::path path)
      : path_(std::move(path)),
        first_(evolution_.next(0)),
        repository_(
            evo::RunRepository::create(path_, evo::files_after(first_, nullptr, evolution_.experiment()),
                                       evo::commit_message(first_, nullptr, evolution_.experiment()))) {}

  // Seconds.
  double commit() {
    const evo::State before = evolution_.state();
    const evo::Step step = evolution_.next(before.generation + 1);
    const auto start = Clock::now();
    repository_.commit(evo::files_after(step, &before, evolution_.experiment()),
                       evo::commit_message(step, &before, evolution_.experiment()));
    return since(start);
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  StandIn evolution_;
  evo::Step first_;
  evo::RunRepository repository_;
};

// Commits of the old run and of one at generation 51 to 100, in turn: what else the machine does slows both.
void compare_with_young(benchmark::State& bench, GrowingRun& old, const fs::path& folder) {
  GrowingRun young(folder / "young");
  for (int g = 1; g <= kEarly; ++g) young.commit();
  std::vector<double> early, late;
  for (int g = 1; g <= kEarly; ++g) {
    early.push_back(young.commit());
    late.push_back(old.commit());
  }
  bench.counters["early"] = median(early);
  bench.counters["late"] = median(late);
  bench.counters["early_mean"] = mean(early);
  bench.counters["late_mean"] = mean(late);
  bench.counters["early_log"] = git_log_seconds(young.path(), 2 * kEarly);
  bench.counters["late_log"] = git_log_seconds(old.path(), 2 * kEarly);
}

void many_commits(benchmark::State& bench) {
  const int last = generations();
  for (auto _ : bench) {
    const TemporaryFolder folder;
    GrowingRun run(folder.path() / "run");
    std::vector<double> seconds;
    double most_memory = 0, most_packs = 0;
    for (int g = 1; g <= last; ++g) {
      seconds.push_back(run.commit());
      if (g % kEarly != 0) continue;
      const double memory = anonymous_bytes();
      if (g == 2 * kEarly) bench.counters["early_memory"] = memory;
      if (g == last / 2) bench.counters["middle_memory"] = memory;
      most_memory = std::max(most_memory, memory);
      most_packs = std::max(most_packs, size_of(run.path() / ".git" / "objects" / "pack").packs);
    }
    bench.counters["all_mean"] = mean(seconds);
    bench.counters["longest"] = *std::ranges::max_element(seconds);
    bench.counters["late_memory"] = anonymous_bytes();
    bench.counters["most_memory"] = most_memory;
    bench.counters["most_packs"] = most_packs;
    const Folder size = size_of(run.path() / ".git");
    bench.counters["files"] = size.files;
    bench.counters["packs"] = size.packs;
    bench.counters["bytes"] = size.bytes;
    bench.counters["work_files"] = size_of(run.path()).files - size.files;
    bench.counters["log"] = git_log_seconds(run.path(), last);
    const auto start = Clock::now();
    benchmark::DoNotOptimize(evo::state_in(evo::RunRepository::open(run.path()), {}));
    bench.counters["load"] = since(start);
    compare_with_young(bench, run, folder.path());
  }
  things(bench, static_cast<std::size_t>(last));
}

// A generation of the default experiment on the four environments of the main job, and its commit.
void default_generation(benchmark::State& bench, const Workload& work) {
  evo::Experiment experiment;
  const replay::Evaluator evaluator(work.four(),
                                    {.orderings = static_cast<std::size_t>(experiment.orderings)});
  evo::Scorer scorer(experiment, evaluator);
  evo::GeneticProposer proposer({});
  const TemporaryFolder folder;
  double committing = 0, evolving = 0;
  evo::Step step = evo::found(scorer);
  auto repository = evo::RunRepository::create(folder.path() / "run",
                                               evo::files_after(step, nullptr, experiment), "first\n");
  for (auto _ : bench) {
    for (int g = 0; g < 5; ++g) {
      const evo::State before = step.state;
      auto start = Clock::now();
      step = evo::advance(before, scorer, proposer);
      evolving += since(start);
      start = Clock::now();
      repository.commit(evo::files_after(step, &before, experiment),
                        evo::commit_message(step, &before, experiment));
      committing += since(start);
    }
  }
  things(bench, 5);
  bench.counters["committing"] = committing;
  bench.counters["evolving"] = evolving;
}

std::string scale_notes(const Figures& f) {
  const auto seconds = [&](const char* name) { return shown_seconds(f.counter(name)); };
  const auto bytes = [&](const char* name) { return shown_bytes(f.counter(name)); };
  return fmt::format(
      "{} at generation 51-100, {} at the end, in turn ({:.2f} times); with folds {}, {} ({:.2f} times) and "
      "{} over "
      "all, "
      "longest {}; memory at generation 100 {}, half way {}, at the end {}, at most {}; .git {} in {:.0f} "
      "files, "
      "{:.0f} packs (at most {:.0f}), {:.0f} files beside it; git log of 100 commits {} early, {} at the "
      "end, of "
      "all {}; loading {}",
      seconds("early"), seconds("late"), f.counter("late") / f.counter("early"), seconds("early_mean"),
      seconds("late_mean"), f.counter("late_mean") / f.counter("early_mean"), seconds("all_mean"),
      seconds("longest"), bytes("early_memory"), bytes("middle_memory"), bytes("late_memory"),
      bytes("most_memory"), bytes("bytes"), f.counter("files"), f.counter("packs"), f.counter("most_packs"),
      f.counter("work_files"), seconds("early_log"), seconds("late_log"), seconds("log"), seconds("load"));
}

}  // namespace

void add_repository_benches(const Workload& work, Table& table) {
  table.section("a run's repository, a synced commit a generation");
  table.add({.name = "repository/scale",
             .what = fmt::format("{} generations of {}", generations(), kPopulation),
             .notes = scale_notes,
             .timed = false,
             .repetitions = 1,
             .once = true},
            many_commits);
  table.add({.name = "repository/share",
             .what = "the default experiment",
             .notes =
                 [](const Figures& f) {
                   const double committing = f.counter("committing"), evolving = f.counter("evolving");
                   return fmt::format("a generation {}, of it committing {} ({:.2f}%)",
                                      shown_seconds((committing + evolving) / 5),
                                      shown_seconds(committing / 5),
                                      100 * committing / (committing + evolving));
                 },
             .timed = false,
             .repetitions = 1,
             .once = true},
            [&work](benchmark::State& state) { default_generation(state, work); });
}

}  // namespace bench
