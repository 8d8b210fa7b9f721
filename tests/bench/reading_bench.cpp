#include <fmt/format.h>

#include "replay/environment/reader.hpp"
#include "tests/bench/benches.hpp"

namespace bench {

void add_reading_benches(const Workload& work, Table& table) {
  const double bytes = static_cast<double>(work.text(Workload::kOne).size());
  const auto rate = [bytes](const Figures& figures) {
    return fmt::format("{} a second", shown_bytes(bytes / figures.seconds_each()));
  };
  table.section(fmt::format("reading an environment file of {:.2f} MB, one thread", bytes / 1e6));
  table.add({.name = "reading/parse", .what = "from bytes in memory", .notes = rate},
            [&work](benchmark::State& state) {
              for (auto _ : state) {
                state.PauseTiming();
                std::string copy = work.text(Workload::kOne);
                state.ResumeTiming();
                benchmark::DoNotOptimize(replay::parse_environment(std::move(copy), "bench", "bench"));
              }
              things(state, 1);
            });
  if (!work.recorded()) return;
  table.add({.name = "reading/file", .what = "from the file, cached by the system", .notes = rate},
            [&work](benchmark::State& state) {
              for (auto _ : state) benchmark::DoNotOptimize(work.read(Workload::kOne));
              things(state, 1);
            });
}

}  // namespace bench
