// How far ranks help: a generation handed out over 2 to 64 ranks whose evaluator only takes its time, on
// networks as slow as said. Ranks are threads that sleep, so it runs on any machine; what the network costs
// rank 0 is real.
//
//   evotts_cluster_bench [MICROSECONDS (5.5)] [THREADS (1)] [STRETCH (1)] [LATENCY]
//
// of an episode, and of a rank. STRETCH makes time pass so many times slower, for a machine that is busy with
// other things, where sleeping threads are woken late; what is printed is as if it had not been. With a
// LATENCY, 1 or 10 ms, only that is simulated.
//
// Prints, by latency, bandwidth and number of ranks: seconds of a generation, how many times faster than one
// rank that is, its share of the ideal, and what the model of docs/cluster.md says. Then, of a population in
// eight islands, the same by jobs and by islands that are each searched on one rank.
#include <algorithm>
#include <chrono>
#include <cmath>
#include <cstdio>
#include <cstdlib>
#include <functional>
#include <memory>
#include <string>
#include <thread>
#include <utility>
#include <vector>

#include "cluster/coordinator.hpp"
#include "cluster/worker.hpp"
#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/known_controllers.hpp"
#include "tests/support/simulated_network.hpp"

namespace {

using namespace std::chrono_literals;
using Clock = std::chrono::steady_clock;

double episode_seconds = 5.5e-6;
unsigned threads_of_rank = 1;
double stretch = 1;

constexpr std::size_t kEnvironments = 12, kQuestions = 30, kBetas = 6;

// Calls of the search one after the other, of controllers on so many orderings and environments. Of many that
// are alike some are made, and counted so many times.
struct Calls {
  std::size_t count, controllers, orderings, environments;
  double times = 1;
  std::size_t questions() const { return environments * kQuestions; }
  double episodes() const { return static_cast<double>(controllers * orderings * kBetas * questions()); }
  double bytes() const { return 7.5 * static_cast<double>(controllers * kBetas * questions()); }  // of sums
};
using Generation = std::vector<Calls>;

// What a generation of experiments/aime24_qwen3.toml asks for, as counted, once founders are found: three
// controllers are tuned side by side in ten steps; simpler ones are tried; children climb the rungs.
const Generation kTuning = {{1, 27, 1, 12, 10}, {1, 27, 1, 6, 10}};
const Generation kChildren = {{4, 22, 1, 12}, {1, 82, 1, 12}, {1, 26, 2, 12}, {1, 8, 6, 12}, {1, 2, 21, 12},
                              {4, 24, 1, 6},  {2, 42, 1, 6},  {2, 14, 2, 6},  {2, 5, 6, 6},  {2, 2, 21, 6}};
constexpr std::size_t kMost = 82;
constexpr double kBetweenLooks = 0.0005;  // seconds, of rank 0 at its messages

Generation joined(Generation first, const Generation& second) {
  first.insert(first.end(), second.begin(), second.end());
  return first;
}
const Generation kGeneration = joined(kTuning, kChildren);

// Of eight islands: they share the children, and take turns at tuning.
constexpr std::size_t kIslands = 8;
Generation of_island() {
  Generation part = kChildren;
  for (Calls& each : part) each.controllers = (each.controllers + kIslands - 1) / kIslands;
  return part;
}
Generation of_islands() {
  Generation all = kTuning;
  for (std::size_t i = 0; i < kIslands; ++i) all = joined(std::move(all), of_island());
  return all;
}
// Their children's work in proportion to the mean, as measured, the most first.
constexpr double kUneven[kIslands] = {1.21, 1.19, 1.11, 1.05, 1.00, 1.00, 0.84, 0.60};

double work_of(const Generation& generation) {
  double episodes = 0;
  for (const Calls& each : generation)
    episodes += each.times * static_cast<double>(each.count) * each.episodes();
  return episodes * episode_seconds / threads_of_rank;
}

void sleep_seconds(double seconds) {
  std::this_thread::sleep_for(std::chrono::duration<double>(seconds * stretch));
}

double seconds_since(Clock::time_point begun) {
  return std::chrono::duration<double>(Clock::now() - begun).count() / stretch;
}

// Sleeps for as long as the episodes would take; its sums are as large as those of real ones.
std::vector<replay::QuestionSums> stand_in(std::span<const replay::EvaluationJob> jobs,
                                           const replay::QuestionSet& set,
                                           const replay::Evaluator::Progress& done) {
  std::size_t episodes = 0;
  std::vector<replay::QuestionSums> sums;
  for (const replay::EvaluationJob& job : jobs) {
    episodes += job.count * replay::count_of(set);
    const auto count = static_cast<std::int64_t>(job.count);
    sums.insert(sums.end(), replay::count_of(set), {count, 150'000 * count, 20'000 * count});
  }
  const double seconds = static_cast<double>(episodes) * episode_seconds / threads_of_rank;
  const std::size_t parts = done ? std::max<std::size_t>(1, std::lround(seconds / kBetweenLooks)) : 1;
  for (std::size_t i = 1; i <= parts; ++i) {
    sleep_seconds(seconds / static_cast<double>(parts));
    if (done) done(i, parts);
  }
  return sums;
}

// Controllers that are each a program of its own.
class Workload {
 public:
  Workload() {
    const auto known = genome::known_controllers();
    for (std::size_t i = 0; i < kMost; ++i) {
      controllers_.push_back(std::make_unique<genome::CheckedController>(
          *genome::check_text(known[i % known.size()].text).controller));
      programs_.push_back(std::make_unique<genome::Program>(genome::compile(*controllers_.back())));
      for (std::size_t b = 0; b < kBetas; ++b)
        bound_.push_back(genome::bind(*programs_.back(), static_cast<double>(b) / (kBetas - 1)));
    }
  }
  // Seconds that it takes.
  double run(cluster::Coordinator& coordinator, const Generation& generation) const {
    double seconds = 0;
    for (const Calls& each : generation) {
      replay::QuestionSet set;
      for (std::size_t e = 0; e < each.environments; ++e) {
        set.push_back({e, {}});
        for (std::size_t q = 0; q < kQuestions; ++q) set.back().questions.push_back(q);
      }
      std::vector<replay::EvaluationJob> jobs;
      std::vector<const genome::Controller*> controllers;
      for (std::size_t j = 0; j < each.controllers * kBetas; ++j) {
        jobs.push_back({&bound_[j], 0, each.orderings});
        controllers.push_back(&controllers_[j / kBetas]->tree());
      }
      const auto begun = Clock::now();
      for (std::size_t i = 0; i < each.count; ++i) coordinator.run(jobs, controllers, set);
      seconds += each.times * seconds_since(begun);
    }
    return seconds;
  }

 private:
  std::vector<std::unique_ptr<genome::CheckedController>> controllers_;
  std::vector<std::unique_ptr<genome::Program>> programs_;
  std::vector<genome::BoundProgram> bound_;
};

double seconds_by_jobs(const Workload& workload, const Generation& generation, int ranks,
                       tests::NetworkSpeed speed) {
  tests::SimulatedNetwork network(ranks, speed);
  const cluster::Hello hello{
      .program = "bench", .c_library = "bench", .host = "bench", .threads = threads_of_rank, .cores = ""};
  const cluster::WorkerParts parts{
      [](const cluster::Setting&, cluster::Transport&) -> cluster::RunJobs { return stand_in; }, {}};
  std::vector<std::jthread> others;
  for (int rank = 1; rank < ranks; ++rank)
    others.emplace_back([&, rank] { cluster::serve(network.rank(rank), hello, parts); });
  cluster::Team team(network.rank(0), hello);
  cluster::Coordinator coordinator(team, {.options = {.orderings = 30}}, stand_in);
  // What an episode takes is known by then.
  workload.run(coordinator, {{1, kMost, 1, kEnvironments}});
  const double seconds = workload.run(coordinator, generation);
  cluster::end_all(network.rank(0));
  return seconds;
}

// Each island on one rank, the most work first to whoever has least: one message there, its children back.
double seconds_by_islands(int ranks, tests::NetworkSpeed speed) {
  double bytes = 0;
  for (const Calls& each : of_island()) bytes += static_cast<double>(each.count) * each.bytes();
  std::vector<double> load(static_cast<std::size_t>(ranks));
  std::vector<std::size_t> has(load.size());
  double tuning = work_of(kTuning);  // of the first
  for (const double uneven : kUneven) {
    const auto least = std::ranges::min_element(load);
    *least += uneven * work_of(of_island()) + std::exchange(tuning, 0);
    ++has[static_cast<std::size_t>(least - load.begin())];
  }
  tests::SimulatedNetwork network(ranks, speed);
  const auto awaited = [](cluster::Transport& transport) {
    while (!transport.receive()) std::this_thread::sleep_for(100us);
  };
  std::vector<std::jthread> others;
  for (int rank = 1; rank < ranks; ++rank) {
    others.emplace_back([&, rank] {
      const auto place = static_cast<std::size_t>(rank);
      awaited(network.rank(rank));
      sleep_seconds(load[place]);
      network.rank(rank).send(0, cluster::Tag::kSums,
                              std::string(static_cast<std::size_t>(bytes) * has[place], 'x'));
    });
  }
  const auto begun = Clock::now();
  for (int rank = 1; rank < ranks; ++rank) network.rank(0).send(rank, cluster::Tag::kUnit, "begin");
  sleep_seconds(load[0]);
  for (int rank = 1; rank < ranks; ++rank) awaited(network.rank(0));
  return seconds_since(begun);
}

// The model: a call is shared where that is sooner than rank 0 alone. Others begin a message later and must
// be done one earlier; what they found passes rank 0's link.
double expected(const Generation& generation, int ranks, tests::NetworkSpeed speed) {
  double seconds = 0;
  const double others = (ranks - 1.0) / ranks;
  for (const Calls& each : generation) {
    const double work = each.episodes() * episode_seconds / threads_of_rank;
    const double shared = work / ranks + 2 * speed.latency.count() * others;
    const double link = each.bytes() * others / speed.bytes_per_second;
    seconds += each.times * static_cast<double>(each.count) * std::min(work, std::max(shared, link));
  }
  return seconds;
}

// As it is, and as it is simulated.
using Row = std::function<void(int ranks, tests::NetworkSpeed speed, tests::NetworkSpeed stretched)>;

void for_each_network(int only, const Row& row) {
  for (const auto latency : {1ms, 10ms}) {
    if (only > 0 && latency.count() != only) continue;
    for (const double gigabits : {1.0, 10.0}) {
      const tests::NetworkSpeed speed{latency, gigabits * 125e6};
      for (int ranks = 2; ranks <= 64; ranks *= 2) {
        std::printf("%6lldms%8.0f%7d", static_cast<long long>(latency.count()), gigabits, ranks);
        row(ranks, speed, {stretch * speed.latency, speed.bytes_per_second / stretch});
        std::fflush(stdout);
      }
    }
  }
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) episode_seconds = std::atof(argv[1]) * 1e-6;
  if (argc > 2) threads_of_rank = static_cast<unsigned>(std::atoi(argv[2]));
  if (argc > 3) stretch = std::atof(argv[3]);
  const int latency = argc > 4 ? std::atoi(argv[4]) : 0;
  if (!(episode_seconds > 0) || threads_of_rank < 1 || threads_of_rank > 1024 || !(stretch >= 1)) {
    std::fputs("usage: evotts_cluster_bench [MICROSECONDS] [THREADS] [STRETCH] [LATENCY], each above 0\n",
               stderr);
    return 2;
  }
  const Workload workload;
  const double alone = work_of(kGeneration);
  std::printf("a generation of %.0f episodes of %.2f us, %u threads a rank: %.3f s on one rank\n",
              alone / episode_seconds * threads_of_rank, 1e6 * episode_seconds, threads_of_rank, alone);
  std::printf("%8s%8s%7s%10s%9s%8s%8s\n", "latency", "Gbit/s", "ranks", "seconds", "speed-up", "share",
              "model");
  for_each_network(latency, [&](int ranks, tests::NetworkSpeed speed, tests::NetworkSpeed stretched) {
    const double taken = seconds_by_jobs(workload, kGeneration, ranks, stretched);
    std::printf("%10.3f%9.1f%8.2f%8.3f\n", taken, alone / taken, alone / taken / ranks,
                expected(kGeneration, ranks, speed));
  });
  std::printf("\nin %zu islands: %.3f s on one rank\n%8s%8s%7s%10s%10s\n", kIslands, work_of(of_islands()),
              "latency", "Gbit/s", "ranks", "jobs", "islands");
  for_each_network(latency, [&](int ranks, tests::NetworkSpeed, tests::NetworkSpeed stretched) {
    std::printf("%10.3f", seconds_by_jobs(workload, of_islands(), ranks, stretched));
    std::printf("%10.3f\n", seconds_by_islands(ranks, stretched));
  });
  return 0;
}
