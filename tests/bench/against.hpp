// against.hpp: this build and another one side by side: the same benchmarks, run in turns.
// Why:      on a machine that others use too, a time means little; two builds that take turns meet the same
//           disturbances, and the spread of their ratios says how far to trust the ratio.
// Use:      const Rival rival = rival_of("/path/of/the/other/build/release");
//           print_comparison(stdout, table, compare(table, rival, {"--benchmark_filter=cmc"}));
// Promises: neither program knows of the other. The ratio of a row is that of the least times over all turns;
//           its spread, the least and the largest ratio of one turn. Only rows that both builds know count.
// Throws:   std::runtime_error when there is no such program, or when either fails.
// Threads:  one thread.
#pragma once

#include <cstdio>
#include <filesystem>
#include <map>
#include <string>
#include <vector>

#include "tests/bench/table.hpp"

namespace bench {

struct Rival {
  std::filesystem::path program;
  int turns = 5;
};

// The benchmark program of a build folder, or the program itself.
Rival rival_of(const std::filesystem::path& build);

// Seconds of one thing in each turn, the least of the turn's repetitions.
struct Turns {
  std::vector<double> own, other;
};

// By the name of the row. The words are those of Google Benchmark.
std::map<std::string, Turns> compare(const Table& table, const Rival& rival,
                                     const std::vector<std::string>& words);

void print_comparison(std::FILE* out, const Table& table, const std::map<std::string, Turns>& turns);

}  // namespace bench
