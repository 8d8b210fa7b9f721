#include "tests/bench/table.hpp"

#include <algorithm>
#include <array>
#include <fmt/format.h>
#include <stdexcept>
#include <unistd.h>

namespace bench {
namespace {

// Three significant digits, never in powers of ten.
std::string three_digits(double x) { return fmt::format("{:.{}f}", x, x < 9.995 ? 2 : x < 99.95 ? 1 : 0); }

struct Unit {
  double size;
  const char* name;
};

template <std::size_t N>
std::string in_units(double x, const std::array<Unit, N>& falling) {
  for (const Unit& unit : falling) {
    if (x < unit.size && &unit != &falling.back()) continue;
    const std::string digits = three_digits(x / unit.size);
    return *unit.name == 0 ? digits : fmt::format("{} {}", digits, unit.name);
  }
  return {};
}

// Hands the figures over; whoever waits at a terminal sees what has run.
class Recorder : public benchmark::BenchmarkReporter {
 public:
  explicit Recorder(Table& table) : table_(table) {}

  bool ReportContext(const Context&) override { return true; }

  void ReportRuns(const std::vector<Run>& runs) override {
    for (const Run& run : runs) {
      if (run.run_type != Run::RT_Iteration || run.iterations == 0) continue;
      table_.record(run.run_name.function_name, run);
    }
    if (isatty(STDERR_FILENO) != 0 && !runs.empty())
      fmt::print(stderr, "ran {}\n", runs.front().run_name.function_name);
  }

 private:
  Table& table_;
};

}  // namespace

std::string shown_seconds(double seconds) {
  static constexpr std::array<Unit, 4> kUnits = {{{1, "s"}, {1e-3, "ms"}, {1e-6, "us"}, {1e-9, "ns"}}};
  return in_units(seconds, kUnits);
}

std::string shown_count(double count) {
  static constexpr std::array<Unit, 3> kUnits = {{{1e6, "M"}, {1e3, "k"}, {1, ""}}};
  return in_units(count, kUnits);
}

std::string shown_bytes(double bytes) {
  static constexpr std::array<Unit, 3> kUnits = {{{1 << 20, "MiB"}, {1 << 10, "KiB"}, {1, "bytes"}}};
  return in_units(bytes, kUnits);
}

void Table::section(std::string title) { sections_.push_back({std::move(title), {}}); }

void Table::add(Row row, std::function<void(benchmark::State&)> run) {
  auto* const registered = benchmark::RegisterBenchmark(row.name.c_str(), std::move(run));
  registered->Repetitions(row.repetitions);
  if (row.wall) registered->UseRealTime();
  if (row.once)
    registered->Iterations(1);
  else
    registered->MinTime(0.05);
  sections_.back().rows.push_back(std::move(row));
}

const Row* Table::find(const std::string& name) const {
  for (const Section& section : sections_) {
    for (const Row& row : section.rows) {
      if (row.name == name) return &row;
    }
  }
  return nullptr;
}

const Row& Table::row_named(const std::string& name) const {
  const Row* const row = find(name);
  if (row == nullptr) throw std::logic_error("no row is named " + name);
  return *row;
}

void Table::record(const std::string& name, const benchmark::BenchmarkReporter::Run& run) {
  const double seconds = row_named(name).wall ? run.real_accumulated_time : run.cpu_accumulated_time;
  Figures figures{.seconds = seconds / static_cast<double>(run.iterations)};
  for (const auto& [counter, value] : run.counters) figures.counters[counter] = value.value;
  const auto [known, first] = figures_.try_emplace(name, figures);
  if (!first && figures.seconds < known->second.seconds) known->second = figures;
}

std::string Table::ratio_of(const Row& row, const Figures& own) const {
  const auto other = figures_.find(row.against);
  if (other == figures_.end()) return "";
  const double times = own.seconds_each() / other->second.seconds_each();
  return fmt::format("{} {}", three_digits(row.ratio == Ratio::kTimes ? times : 1 / times), row.ratio_words);
}

void Table::print(std::FILE* out) const {
  std::size_t width = 0;
  for (const Section& section : sections_) {
    width = std::max(width, section.title.size());
    for (const Row& row : section.rows) width = std::max(width, row.what.size() + 2);
  }
  for (const Section& section : sections_) {
    bool titled = false;
    for (const Row& row : section.rows) {
      const auto own = figures_.find(row.name);
      if (own == figures_.end()) continue;
      if (!titled) fmt::print(out, "\n{:<{}}  {:>9}  {:>9}\n", section.title, width, "one", "a second");
      titled = true;
      const double each = own->second.seconds_each();
      const std::string ratio = ratio_of(row, own->second);
      const std::string notes = row.notes ? row.notes(own->second) : "";
      const std::string line = fmt::format(
          "  {:<{}}  {:>9}  {:>9}  {}{}{}", row.what, width - 2, row.timed ? shown_seconds(each) : "",
          row.timed ? shown_count(1 / each) : "", ratio, ratio.empty() || notes.empty() ? "" : "; ", notes);
      fmt::print(out, "{}\n", line.substr(0, line.find_last_not_of(' ') + 1));
    }
  }
}

std::size_t run_all(Table& table) {
  Recorder recorder(table);
  return benchmark::RunSpecifiedBenchmarks(&recorder);
}

}  // namespace bench
