// Runs the benchmarks and prints their table. Arguments: a regular expression that picks benchmarks by name,
// --against BUILD to run them in turns with those of another build, --turns N for so many turns, and whatever
// Google Benchmark takes (--benchmark_list_tests, ...).
#include <charconv>
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <fstream>
#include <optional>
#include <stdexcept>
#include <string>
#include <vector>

#include "tests/bench/against.hpp"
#include "tests/bench/benches.hpp"

namespace bench {
namespace {

std::string processor() {
  std::ifstream file("/proc/cpuinfo");
  for (std::string line; std::getline(file, line);) {
    const auto colon = line.find(": ");
    if (line.starts_with("model name") && colon != std::string::npos) return line.substr(colon + 2);
  }
  return "unknown processor";
}

std::string compiler() {
#if defined(__clang__)
  return fmt::format("Clang {}.{}", __clang_major__, __clang_minor__);
#else
  return fmt::format("GCC {}.{}", __GNUC__, __GNUC_MINOR__);
#endif
}

struct Arguments {
  std::vector<std::string> words;  // as Google Benchmark takes them, without the program's name
  std::optional<Rival> rival;
};

int turns_of(const std::string& word) {
  int turns = 0;
  const auto [end, error] = std::from_chars(word.data(), word.data() + word.size(), turns);
  if (error != std::errc() || end != word.data() + word.size() || turns < 1 || turns > 1000)
    throw std::runtime_error("--turns takes a number from 1 to 1000, not '" + word + "'");
  return turns;
}

Arguments arguments_of(int argc, char** argv) {
  Arguments arguments;
  std::optional<int> turns;
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    if (word == "--against" || word == "--turns") {
      if (++i == argc) throw std::runtime_error(word + " needs a value");
      word == "--turns" ? void(turns = turns_of(argv[i])) : void(arguments.rival = rival_of(argv[i]));
    } else {
      arguments.words.push_back(word.starts_with("--") ? word : "--benchmark_filter=" + word);
    }
  }
  if (turns && !arguments.rival) throw std::runtime_error("--turns needs --against BUILD beside it");
  if (turns) arguments.rival->turns = *turns;
  return arguments;
}

// Google Benchmark goes on reading the words, so they must stay.
bool initialize(std::vector<std::string>& words) {
  std::vector<char*> pointers;
  for (std::string& each : words) pointers.push_back(each.data());
  int count = static_cast<int>(pointers.size());
  benchmark::Initialize(&count, pointers.data());
  return !benchmark::ReportUnrecognizedArguments(count, pointers.data());
}

void print_machine(const Workload& work) {
  fmt::print("\n{}, {} cores; {}, {}\n{}\n", processor(), benchmark::CPUInfo::Get().num_cpus, compiler(),
             EVOTTS_BUILD_TYPE, work.about());
}

int run(int argc, char** argv) {
  const Arguments arguments = arguments_of(argc, argv);
  std::vector<std::string> words = {argv[0], "--benchmark_enable_random_interleaving=true"};
  words.insert(words.end(), arguments.words.begin(), arguments.words.end());
  if (!initialize(words)) return 2;

  const Workload work = Workload::open();
  Table table;
  add_machine_benches(work, table);
  add_session_benches(work, table);
  add_evaluator_benches(work, table);
  add_parity_benches(work, table);
  add_reading_benches(work, table);
  add_compile_benches(work, table);
  add_memory_benches(work, table);
  add_repository_benches(work, table);
  if (arguments.rival) {
    const auto turns = compare(table, *arguments.rival, arguments.words);
    if (turns.empty()) throw std::runtime_error("no benchmark of that name is in both builds");
    print_machine(work);
    fmt::print("other: {}\nleast of {} turns; the last columns: the other's time over this one's\n",
               arguments.rival->program.string(), arguments.rival->turns);
    print_comparison(stdout, table, turns);
    return 0;
  }
  if (run_all(table) == 0) return 1;
  print_machine(work);
  fmt::print("least of the interleaved repetitions; processor time where one thread works, else wall time\n");
  table.print(stdout);
  return 0;
}

}  // namespace
}  // namespace bench

int main(int argc, char** argv) {
  try {
    return bench::run(argc, argv);
  } catch (const std::exception& error) {
    fmt::print(stderr, "evotts_bench: {}\n", error.what());
    return 1;
  }
}
