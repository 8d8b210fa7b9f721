#include "tests/bench/against.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <fstream>
#include <limits>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <unistd.h>

#include "tests/support/run_process.hpp"
#include "tests/support/temporary_folder.hpp"

namespace bench {
namespace {

using Json = nlohmann::json;

double seconds_of(const std::string& unit) {
  if (unit == "ns") return 1e-9;
  if (unit == "us") return 1e-6;
  return unit == "ms" ? 1e-3 : 1;
}

// What Google Benchmark appends to the name under which a benchmark is registered.
std::string plain_name(const std::string& name) {
  std::size_t end = name.size();
  for (const char* added : {"/min_time:", "/iterations:", "/repeats:", "/real_time"})
    end = std::min(end, name.find(added));
  return name.substr(0, end);
}

// Seconds of one thing, the least of the repetitions, by row.
std::map<std::string, double> least_times(const Table& table, const std::filesystem::path& program,
                                          const std::vector<std::string>& words) {
  const tests::TemporaryFolder folder;
  const std::filesystem::path figures = folder.path() / "figures.json";
  std::vector<std::string> command = {program.string(), "--benchmark_out=" + figures.string(),
                                      "--benchmark_out_format=json"};
  command.insert(command.end(), words.begin(), words.end());
  const tests::Ran ran = tests::run_process(command);
  if (ran.exit_code != 0)
    throw std::runtime_error(
        fmt::format("{} ended with code {}: {}", program.string(), ran.exit_code, ran.err));
  std::ifstream file(figures);
  std::map<std::string, double> least;
  const Json all = Json::parse(file);
  for (const Json& run : all.at("benchmarks")) {
    if (run.at("run_type") != "iteration" || !run.contains("things")) continue;
    const std::string name = plain_name(run.at("name").get<std::string>());
    const Row* const row = table.find(name);
    if (row == nullptr || !row->timed) continue;
    const double seconds = run.at(row->wall ? "real_time" : "cpu_time").get<double>() *
                           seconds_of(run.at("time_unit").get<std::string>()) /
                           run.at("things").get<double>();
    const auto [known, first] = least.try_emplace(name, seconds);
    if (!first) known->second = std::min(known->second, seconds);
  }
  return least;
}

}  // namespace

Rival rival_of(const std::filesystem::path& build) {
  std::filesystem::path program = build;
  if (std::filesystem::is_directory(build)) program = build / "tests" / "bench" / "evotts_bench";
  if (::access(program.c_str(), X_OK) != 0)
    throw std::runtime_error(
        fmt::format("{} is no program; --against takes a build folder with "
                    "tests/bench/evotts_bench in it, or such a program",
                    program.string()));
  return {program};
}

std::map<std::string, Turns> compare(const Table& table, const Rival& rival,
                                     const std::vector<std::string>& words) {
  std::map<std::string, Turns> turns;
  const std::filesystem::path self = std::filesystem::read_symlink("/proc/self/exe");
  for (int turn = 0; turn < rival.turns; ++turn) {
    if (isatty(STDERR_FILENO) != 0) fmt::print(stderr, "turn {} of {}\n", turn + 1, rival.turns);
    // Whoever comes first in one turn is second in the next.
    std::map<std::string, double> own, other;
    if (turn % 2 == 0) own = least_times(table, self, words);
    other = least_times(table, rival.program, words);
    if (turn % 2 != 0) own = least_times(table, self, words);
    for (const auto& [name, seconds] : own) {
      const auto found = other.find(name);
      if (found == other.end()) continue;
      turns[name].own.push_back(seconds);
      turns[name].other.push_back(found->second);
    }
  }
  return turns;
}

void print_comparison(std::FILE* out, const Table& table, const std::map<std::string, Turns>& turns) {
  std::size_t width = 0;
  for (const auto& [name, each] : turns) width = std::max(width, table.find(name)->what.size() + 2);
  table.each_section([&](const std::string& title, const std::vector<Row>& rows) {
    bool titled = false;
    for (const Row& row : rows) {
      const auto found = turns.find(row.name);
      if (found == turns.end()) continue;
      if (!titled)
        fmt::print(out, "\n{}\n{:<{}}  {:>9}  {:>9}  {:>6}  {}\n", title, "", width, "other", "this", "times",
                   "in single turns");
      titled = true;
      const Turns& turn = found->second;
      const double own = std::ranges::min(turn.own), other = std::ranges::min(turn.other);
      double least = std::numeric_limits<double>::infinity(), most = 0;
      for (std::size_t i = 0; i < turn.own.size(); ++i) {
        least = std::min(least, turn.other[i] / turn.own[i]);
        most = std::max(most, turn.other[i] / turn.own[i]);
      }
      fmt::print(out, "  {:<{}}  {:>9}  {:>9}  {:>6.2f}  {:.2f} to {:.2f}\n", row.what, width - 2,
                 shown_seconds(other), shown_seconds(own), other / own, least, most);
    }
  });
}

}  // namespace bench
