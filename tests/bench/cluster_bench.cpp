// How far ranks help: a generation handed out over 2 to 64 ranks whose evaluator only takes its time, on
// networks as slow as said. Ranks are threads that sleep, so it runs on any machine; what the network costs
// rank 0 is real.
//
//   evotts_cluster_bench [MICROSECONDS of an episode (1)] [GENERATIONS (3)] [THREADS of a rank (1)]
//
// Prints, by latency, bandwidth and number of ranks: seconds of a generation, how many times faster than one
// rank that is, its share of the ideal, and what the model of docs/cluster.md says.
#include <algorithm>
#include <chrono>
#include <cstdio>
#include <cstdlib>
#include <memory>
#include <mutex>
#include <string>
#include <thread>
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

double episode_seconds = 1e-6;
unsigned threads_of_rank = 1;

// What a generation of experiments/aime24_qwen3.toml asks for: controllers, and orderings of each.
struct CallSize {
  std::size_t controllers, orderings;
};
const std::vector<CallSize> kGeneration = {{80, 1}, {27, 2}, {9, 6}, {3, 21}, {30, 9}, {30, 9}, {30, 9}};
constexpr std::size_t kEnvironments = 12, kQuestions = 30, kBetas = 6;

replay::QuestionSet all_questions() {
  replay::QuestionSet set;
  for (std::size_t e = 0; e < kEnvironments; ++e) {
    set.push_back({e, {}});
    for (std::size_t q = 0; q < kQuestions; ++q) set.back().questions.push_back(q);
  }
  return set;
}

// Sleeps for as long as the episodes would take; its sums are as large as those of real ones.
std::vector<replay::Cell> stand_in(std::span<const replay::EvaluationJob> jobs,
                                   const replay::QuestionSet& set) {
  std::size_t episodes = 0;
  std::vector<replay::Cell> cells;
  for (const replay::EvaluationJob& job : jobs) {
    episodes += job.count * replay::count_of(set);
    const auto count = static_cast<std::int64_t>(job.count);
    for (const replay::EnvironmentPart& part : set)
      cells.push_back({job.count, std::vector<replay::QuestionSums>(
                                      part.questions.size(), {count, 150'000 * count, 20'000 * count})});
  }
  std::this_thread::sleep_for(
      std::chrono::duration<double>(static_cast<double>(episodes) * episode_seconds / threads_of_rank));
  return cells;
}

// Controllers that are each a program of its own.
class Workload {
 public:
  Workload() {
    const auto known = genome::known_controllers();
    for (std::size_t i = 0; i < 80; ++i) {
      controllers_.push_back(std::make_unique<genome::CheckedController>(
          *genome::check_text(known[i % known.size()].text).controller));
      programs_.push_back(std::make_unique<genome::Program>(genome::compile(*controllers_.back())));
      for (std::size_t b = 0; b < kBetas; ++b)
        bound_.push_back(genome::bind(*programs_.back(), static_cast<double>(b) / (kBetas - 1)));
    }
  }
  void run(cluster::Coordinator& coordinator) const {
    for (const CallSize& call : kGeneration) {
      std::vector<replay::EvaluationJob> jobs;
      std::vector<const genome::Controller*> controllers;
      for (std::size_t j = 0; j < call.controllers * kBetas; ++j) {
        jobs.push_back({&bound_[j], 0, call.orderings});
        controllers.push_back(&controllers_[j / kBetas]->tree());
      }
      coordinator.run(jobs, controllers, set_);
    }
  }
  static double episodes() {
    double all = 0;
    for (const CallSize& call : kGeneration)
      all += static_cast<double>(call.controllers * call.orderings * kBetas * kEnvironments * kQuestions);
    return all;
  }
  static double bytes() {
    double sums = 0;
    for (const CallSize& call : kGeneration)
      sums += static_cast<double>(call.controllers * kBetas * kEnvironments * kQuestions);
    return 7.5 * sums;  // of one question's sums
  }

 private:
  std::vector<std::unique_ptr<genome::CheckedController>> controllers_;
  std::vector<std::unique_ptr<genome::Program>> programs_;
  std::vector<genome::BoundProgram> bound_;
  replay::QuestionSet set_ = all_questions();
};

// Median of so many generations after the first.
double seconds(const Workload& workload, int ranks, tests::NetworkSpeed speed, int generations) {
  tests::SimulatedNetwork network(ranks, speed);
  const cluster::Hello hello{
      .program = "bench", .c_library = "bench", .host = "bench", .threads = threads_of_rank, .cores = ""};
  const cluster::WorkerParts parts{
      [](const cluster::Setting&, cluster::Transport&) -> cluster::RunJobs { return stand_in; }, {}};
  std::vector<std::jthread> others;
  for (int rank = 1; rank < ranks; ++rank)
    others.emplace_back([&, rank] { cluster::serve(network.rank(rank), hello, parts); });
  std::vector<double> taken;
  {
    cluster::Team team(network.rank(0), hello);
    cluster::Coordinator coordinator(team, {.options = {.orderings = 30}}, stand_in);
    for (int i = 0; i <= generations; ++i) {
      const auto begun = Clock::now();
      workload.run(coordinator);
      if (i > 0) taken.push_back(std::chrono::duration<double>(Clock::now() - begun).count());
    }
    cluster::end_all(network.rank(0));
  }
  std::ranges::sort(taken);
  return taken[taken.size() / 2];
}

// The model: work shared by all; a call begins a message late and ends one late; sums pass rank 0's link.
double expected(int ranks, tests::NetworkSpeed speed) {
  const double work = Workload::episodes() * episode_seconds / threads_of_rank;
  if (ranks == 1) return work;
  const double waiting =
      static_cast<double>(kGeneration.size()) * 2 * speed.latency.count() * (ranks - 1) / ranks;
  const double link = Workload::bytes() * (ranks - 1) / ranks / speed.bytes_per_second;
  return std::min(work, std::max(work / ranks + waiting, link));
}

}  // namespace

int main(int argc, char** argv) {
  if (argc > 1) episode_seconds = std::atof(argv[1]) * 1e-6;
  const int generations = argc > 2 ? std::atoi(argv[2]) : 3;
  if (argc > 3) threads_of_rank = static_cast<unsigned>(std::atoi(argv[3]));
  if (episode_seconds <= 0 || generations < 1 || threads_of_rank < 1) {
    std::fputs("usage: evotts_cluster_bench [MICROSECONDS] [GENERATIONS] [THREADS], each above 0\n", stderr);
    return 2;
  }
  const Workload workload;
  const double alone = seconds(workload, 1, {}, generations);
  std::printf("%.0f episodes of %.2f us a generation, %u threads a rank; one rank %.3f s\n",
              Workload::episodes(), 1e6 * episode_seconds, threads_of_rank, alone);
  std::printf("%8s%8s%7s%10s%9s%8s%8s\n", "latency", "Gbit/s", "ranks", "seconds", "speed-up", "share",
              "model");
  for (const auto latency : {1ms, 10ms}) {
    for (const double gigabits : {1.0, 10.0}) {
      const tests::NetworkSpeed speed{latency, gigabits * 125e6};
      for (int ranks = 2; ranks <= 64; ranks *= 2) {
        const double taken = seconds(workload, ranks, speed, generations);
        std::printf("%6lldms%8.0f%7d%10.3f%9.1f%8.2f%8.3f\n", static_cast<long long>(latency.count()),
                    gigabits, ranks, taken, alone / taken, alone / taken / ranks, expected(ranks, speed));
        std::fflush(stdout);
      }
    }
  }
  return 0;
}
