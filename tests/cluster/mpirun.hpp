// mpirun.hpp: the built program under mpirun, where there is one.
// Why:      what a launcher does to its processes (binding, signals, exit codes) shows only under it.
// Use:      class Mpirun : public tests::MpirunTest {};
//           const tests::Ran ran = mpirun(4, {"run", "small.toml", "--out", "a"});
// Promises: tests are skipped where mpirun or the program's part for MPI is not here.
// Threads:  one test at a time in a process.
#pragma once

#include <chrono>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <string>
#include <vector>

#include "cluster/plugin.hpp"
#include "tests/support/process.hpp"
#include "tests/support/small_run.hpp"

namespace tests {

class MpirunTest : public Runs {
 protected:
  void SetUp() override {
    Runs::SetUp();
    if (!std::filesystem::exists(std::filesystem::path(kEvotts).parent_path() / cluster::kPluginFile))
      GTEST_SKIP() << "the program is built without MPI";
    if (std::system("command -v mpirun >/dev/null 2>&1") != 0) GTEST_SKIP() << "mpirun is not here";
    for (const char* allowed : {"OMPI_ALLOW_RUN_AS_ROOT", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM"})
      ::setenv(allowed, "1", 1);
    write("small.toml", SmallExperiment{.generations = kGenerations}.toml());
  }

  static constexpr int kGenerations = 4;
  // Sometimes mpirun does not come back once a rank was killed: OpenMPI 4.1.4 waits for a lock in
  // PMIx_server_finalize of PMIx 4.2.2.
  static constexpr std::chrono::seconds kLongest{120};

  static std::vector<std::string> launched(int ranks, const std::vector<std::string>& arguments,
                                           const std::vector<std::string>& options = {"--oversubscribe"}) {
    std::vector<std::string> command = {"/usr/bin/env", "mpirun"};
    command.insert(command.end(), options.begin(), options.end());
    command.insert(command.end(), {"-n", std::to_string(ranks), kEvotts});
    for (const std::string& each : trusting(arguments)) command.push_back(each);
    return command;
  }

  Ran mpirun(int ranks, const std::vector<std::string>& arguments,
             const std::vector<std::string>& options = {"--oversubscribe"}) const {
    std::vector<std::string> command = launched(ranks, arguments, options);
    command.insert(command.begin() + 1, {"timeout", "--signal=KILL", std::to_string(kLongest.count())});
    return run_process(command, {.folder = folder_});
  }

  // More generations than a test has time for.
  void write_long() const { write("long.toml", SmallExperiment{.generations = 100'000}.toml()); }

  // Waits until the run has a generation after this one; whether it came.
  bool has_generation(const std::string& run, int generation) const {
    for (int tries = 0; tries < 600; ++tries) {
      std::ifstream log(folder_ / run / "run.log");
      int lines = 0;
      for (std::string line; std::getline(log, line);) ++lines;
      if (lines > generation) return true;
      ::usleep(50'000);
    }
    return false;
  }

  // The processes of a rank, found below mpirun.
  static pid_t rank_of(pid_t mpirun, int rank) {
    for (const auto& entry : std::filesystem::directory_iterator("/proc")) {
      const std::string name = entry.path().filename().string();
      if (name.find_first_not_of("0123456789") != name.npos) continue;
      std::ifstream status(entry.path() / "status"), variables(entry.path() / "environ");
      const std::string text{std::istreambuf_iterator<char>(status), {}};
      if (text.find("PPid:\t" + std::to_string(mpirun) + "\n") == text.npos) continue;
      const std::string environment{std::istreambuf_iterator<char>(variables), {}};
      const std::string wanted = "OMPI_COMM_WORLD_RANK=" + std::to_string(rank);
      if (environment.find(wanted + '\0') != environment.npos) return static_cast<pid_t>(std::stol(name));
    }
    return 0;
  }

  // Soon; who waits for it, now that mpirun does not, is not known.
  static bool is_gone(pid_t process) {
    for (int tries = 0; tries < 100; ++tries) {
      std::ifstream status("/proc/" + std::to_string(process) + "/status");
      const std::string text{std::istreambuf_iterator<char>(status), {}};
      if (text.empty() || text.find("State:\tZ") != text.npos) return true;
      ::usleep(50'000);
    }
    return false;
  }
};

}  // namespace tests
