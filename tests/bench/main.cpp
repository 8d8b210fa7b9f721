// Runs the benchmarks and prints their table. Arguments: a regular expression that picks benchmarks by name,
// and whatever Google Benchmark takes (--benchmark_list_tests, ...).
#include <cstdio>
#include <exception>
#include <fmt/format.h>
#include <fstream>
#include <string>
#include <vector>

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

// The words of the command line as Google Benchmark takes them.
std::vector<std::string> arguments_of(int argc, char** argv) {
  std::vector<std::string> arguments = {argv[0], "--benchmark_enable_random_interleaving=true"};
  for (int i = 1; i < argc; ++i) {
    const std::string word = argv[i];
    arguments.push_back(word.starts_with("--") ? word : "--benchmark_filter=" + word);
  }
  return arguments;
}

int run(int argc, char** argv) {
  std::vector<std::string> arguments = arguments_of(argc, argv);
  std::vector<char*> words;
  for (std::string& each : arguments) words.push_back(each.data());
  int count = static_cast<int>(words.size());
  benchmark::Initialize(&count, words.data());
  if (benchmark::ReportUnrecognizedArguments(count, words.data())) return 2;

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
  if (run_all(table) == 0) return 1;
  fmt::print(
      "\n{}, {} cores; {}, {}\n{}\nleast of the interleaved repetitions; processor time where one thread "
      "works, else wall time\n",
      processor(), benchmark::CPUInfo::Get().num_cpus, compiler(), EVOTTS_BUILD_TYPE, work.about());
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
