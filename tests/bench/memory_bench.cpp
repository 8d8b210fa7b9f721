#include <fmt/format.h>
#include <fstream>
#include <malloc.h>
#include <memory>
#include <unistd.h>

#include "genome/program/compiler.hpp"
#include "genome/text/known_controllers.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "tests/bench/benches.hpp"
#include "tests/support/library.hpp"

namespace bench {
namespace {

constexpr std::size_t kTwelve = 12;

std::size_t heap_bytes(const std::string& text) {
  return text.capacity() > std::string().capacity() ? text.capacity() + 1 : 0;
}

template <typename T>
std::size_t heap_bytes(const std::vector<T>& values) {
  return values.capacity() * sizeof(T);
}

// By the sizes of the containers alone, without what an allocator adds.
std::size_t bytes_of(const replay::Environment& environment) {
  std::size_t bytes = sizeof environment + heap_bytes(environment.questions);
  for (const replay::Question& q : environment.questions) {
    bytes += heap_bytes(q.text) + heap_bytes(q.gold) + heap_bytes(q.answers) + heap_bytes(q.blank) +
             heap_bytes(q.branches) + heap_bytes(q.probes);
    for (const std::string& answer : q.answers) bytes += heap_bytes(answer);
    for (const replay::SignalTable& table : q.signals)
      bytes +=
          sizeof table + heap_bytes(table.latest) + heap_bytes(table.mean) + heap_bytes(table.least_step);
  }
  return bytes;
}

// Resident memory of this process once the allocator has given back what is free.
double resident_bytes() {
  malloc_trim(0);
  std::ifstream file("/proc/self/statm");
  double pages = 0, resident = 0;
  file >> pages >> resident;
  return resident * static_cast<double>(sysconf(_SC_PAGESIZE));
}

double heap_in_use() {
  const auto info = mallinfo2();
  return static_cast<double>(info.uordblks + info.hblkhd);
}

void twelve_environments(benchmark::State& state, const Workload& work) {
  double containers = 0, resident = 0;
  for (auto _ : state) {
    const double before = resident_bytes();
    std::vector<replay::Environment> loaded;
    for (std::size_t i = 0; i < kTwelve; ++i) loaded.push_back(work.read(i % Workload::kEnvironments));
    resident = resident_bytes() - before;
    for (const replay::Environment& each : loaded) containers += static_cast<double>(bytes_of(each));
  }
  things(state, kTwelve);
  state.counters["containers"] = containers;
  state.counters["resident"] = resident;
}

// A machine and whatever it allocates, after it has run every known controller and many bred ones.
void working_memory(benchmark::State& state, const Workload& work) {
  std::vector<genome::Program> programs;
  for (const auto& known : tests::library_without_signals()) programs.push_back(known_program(known.name));
  for (const auto& bred : bred_controllers(100)) programs.push_back(genome::compile(bred));
  std::vector<genome::BoundProgram> bound;
  for (const genome::Program& program : programs) {
    for (const double beta : {0.0, 1.0}) bound.push_back(genome::bind(program, beta));
  }
  std::vector<std::size_t> sizes;
  for (const replay::Question& question : work.one().questions) sizes.push_back(question.branches.size());
  const replay::Orderings orderings(0, 1, sizes);
  const auto run_all_on = [&](replay::Machine& machine) {
    for (const replay::Question& question : work.one().questions) {
      for (const genome::BoundProgram& each : bound)
        benchmark::DoNotOptimize(machine.run(each, question, orderings.at(0, question.branches.size())));
    }
  };
  run_all_on(*std::make_unique<replay::Machine>());  // tables that all machines share are made on first use
  double in_use = 0;
  for (auto _ : state) {
    const double before = heap_in_use();
    const auto machine = std::make_unique<replay::Machine>();
    run_all_on(*machine);
    in_use = heap_in_use() - before;
  }
  things(state, 1);
  state.counters["in_use"] = in_use;
}

std::string second_level_cache() {
  for (const auto& cache : benchmark::CPUInfo::Get().caches) {
    if (cache.level == 2) return fmt::format("; the L2 cache holds {}", shown_bytes(cache.size));
  }
  return "";
}

}  // namespace

void add_memory_benches(const Workload& work, Table& table) {
  table.section("memory");
  table.add({.name = "memory/environments",
             .what = fmt::format("{} environments", kTwelve),
             .notes =
                 [](const Figures& figures) {
                   return fmt::format("{} resident, {} by the sizes of the containers",
                                      shown_bytes(figures.counter("resident")),
                                      shown_bytes(figures.counter("containers")));
                 },
             .timed = false,
             .repetitions = 1,
             .once = true},
            [&work](benchmark::State& state) { twelve_environments(state, work); });
  table.add({.name = "memory/thread",
             .what = "a thread's machine",
             .notes =
                 [](const Figures& figures) {
                   return fmt::format("{}, of it {} the object itself{}",
                                      shown_bytes(figures.counter("in_use")),
                                      shown_bytes(sizeof(replay::Machine)), second_level_cache());
                 },
             .timed = false,
             .repetitions = 1,
             .once = true},
            [&work](benchmark::State& state) { working_memory(state, work); });
}

}  // namespace bench
