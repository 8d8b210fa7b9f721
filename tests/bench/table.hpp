// table.hpp: the benchmarks and the one table that their figures go into.
// Why:      a time says little alone; beside what it is compared with, and with their ratio, it can be
//           judged.
// Use:      Table table;
//           table.section("an episode, one thread");
//           table.add({.name = "machine/cmc", .what = "cmc, machine", .against = "specialised/cmc"},
//                     [](benchmark::State& state) { for (auto _ : state) work(); things(state, 3000); });
//           run_all(table); table.print(stdout);
// Promises: a figure is the minimum over the repetitions, of processor time where one thread works (what else
//           the machine does then disturbs it little), of wall time elsewhere; rows come in the order of
//           add(). A row whose benchmark did not run (a filter left it out) is not printed, nor a ratio to
//           it.
// Threads:  one thread.
#pragma once

#include <benchmark/benchmark.h>
#include <cstdio>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace bench {

// The fastest repetition of one benchmark.
struct Figures {
  double seconds = 0;  // of one iteration
  std::map<std::string, double> counters;

  double counter(const std::string& name) const {
    const auto found = counters.find(name);
    return found == counters.end() ? 0 : found->second;
  }
  double things() const { return counter("things"); }
  double seconds_each() const { return seconds / things(); }
};

enum class Ratio {
  kTimes,    // own time of a thing over the other's: 1.3 times
  kSpeedUp,  // the other's over the own
};

struct Row {
  std::string name;     // of the benchmark; filters match it
  std::string what;     // in the table
  std::string against;  // the name of another row, or empty
  Ratio ratio = Ratio::kTimes;
  std::string ratio_words = {};                           // after the number
  std::function<std::string(const Figures&)> notes = {};  // further figures of the row, in words
  bool timed = true;                                      // false: only the notes are worth showing
  bool wall = false;                                      // several threads work: wall time is what counts
  int repetitions = 9;
  bool once = false;  // one iteration a repetition, however short
};

// To be called in each benchmark: how many episodes, files or programs one iteration worked through.
inline void things(benchmark::State& state, std::size_t count) {
  state.counters["things"] = static_cast<double>(count);
}

class Table {
 public:
  void section(std::string title);
  // Registers the benchmark.
  void add(Row row, std::function<void(benchmark::State&)> run);

  // Keeps one repetition of the benchmark with that name when it is the fastest so far.
  void record(const std::string& name, const benchmark::BenchmarkReporter::Run& run);
  void print(std::FILE* out) const;

  const Row* find(const std::string& name) const;  // null when no row is named so
  template <typename Visit>
  void each_section(Visit visit) const {  // visit(title, rows)
    for (const Section& section : sections_) visit(section.title, section.rows);
  }

 private:
  struct Section {
    std::string title;
    std::vector<Row> rows;
  };
  const Row& row_named(const std::string& name) const;
  std::string ratio_of(const Row& row, const Figures& own) const;

  std::vector<Section> sections_;
  std::map<std::string, Figures> figures_;
};

// Runs the registered benchmarks that the filter of the command line leaves, repetitions interleaved, and
// records their figures. The result is how many ran.
std::size_t run_all(Table& table);

// "1.09 us": three digits and the unit that fits.
std::string shown_seconds(double seconds);
// "917 k"
std::string shown_count(double count);
// "12.3 MiB"
std::string shown_bytes(double bytes);

}  // namespace bench
