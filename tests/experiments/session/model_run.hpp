// model_run.hpp: a short experiment whose children come from a model behind a loopback server.
// Why:      what runs with models promise is tested on real runs, made and resumed by the program itself.
// Use:      class KillTest : public tests::ModelRun {};  ... run("a", model_at(server))
// Threads:  one test at a time in a process.
#pragma once

#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fmt/format.h>
#include <functional>
#include <sstream>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/command_line.hpp"
#include "tests/support/loopback_server.hpp"
#include "tests/support/places.hpp"
#include "tests/support/small_run.hpp"

namespace tests {

inline constexpr const char* kKey = "sk-evotts-test-7f3a9c51d2e84b60";

// A controller that a longer evolution found on environments like these, with other numbers each time.
inline std::string improved(std::uint64_t seed) {
  return fmt::format(R"(controller improved
rounds 500

schedule
  width rises round({} * {}^beta)
  level rises 0.831 + 0.257 * beta
  quorum rises round(3 + 1 * beta)

start
  open width

round
  stop when exists(top(finished))
  prune opened >= width when count(finished) >= 1
  advance active by 4
  stop when count(active) >= quorum and confidence(active) >= level

answer
  top(finished, streak)
  top(not pruned)
)",
                     2 + seed % 2, 20 + seed % 8);
}

inline std::string reply_with(const std::string& controller) {
  return "HYPOTHESIS: one finished branch is enough\n\n```\n" + controller + "```\n";
}

class ModelRun : public Runs {
 protected:
  void SetUp() override {
    Runs::SetUp();
    write("e.toml", SmallExperiment{.name = "modelled",
                                    .seed = 1,
                                    .search = "synthetic:seed=11",
                                    .orderings = 4,
                                    .budget_low = 40'000,
                                    .budget_high = 400'000,
                                    .population = 16,
                                    .more = {{"model", "share = 0.5\npatience = 0\ntuning_steps = 0\n"}}}
                        .toml());
  }

  // As settings of the command line: one model at this server.
  static std::vector<std::string> model_at(const LoopbackServer& server, const std::string& kind = "openai",
                                           const std::string& more = "") {
    return {
        "--set",
        fmt::format("models=[{{kind=\"{}\", model=\"small\", url=\"{}\", key_variable=\"TEST_MODEL_KEY\", "
                    "seconds=20, output_tokens=900, price={{input=2, output=8}}{}}}]",
                    kind, server.url(), more)};
  }
  Ran run(const std::string& out, const std::vector<std::string>& more) const {
    std::vector<std::string> arguments = {"run", "e.toml", "--out", out};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return evotts(arguments, {.variables = {{"TEST_MODEL_KEY", kKey}}});
  }
  // The digests of the exchanges that the processes of a run made themselves.
  std::vector<std::string> asked_in(const std::string& run) const {
    std::vector<std::string> digests;
    std::istringstream log(read(run + "/exchanges.log"));
    for (std::string line; std::getline(log, line);)
      digests.push_back(Json::parse(line)["exchange"].get<std::string>());
    return digests;
  }
  Json generation_of(const std::string& run) const { return Json::parse(read(run + "/generation.json")); }

  // Starts or resumes the run with these settings, and kills it once `enough` is true; true when it had ended
  // by itself before.
  bool run_until(const std::string& out, const std::vector<std::string>& more,
                 const std::function<bool()>& enough) const {
    const bool started = std::filesystem::exists(folder_ / out / "checkpoint.bin");
    if (!started) std::filesystem::remove_all(folder_ / out);
    std::vector<std::string> arguments = {"resume", out};
    if (!started) {
      arguments = {"run", "e.toml", "--out", out};
      arguments.insert(arguments.end(), more.begin(), more.end());
    }
    arguments = trusting(arguments);
    arguments.insert(arguments.begin(), tests::kEvotts);
    std::vector<char*> pointers;
    for (std::string& argument : arguments) pointers.push_back(argument.data());
    pointers.push_back(nullptr);
    const pid_t child = ::fork();
    EXPECT_GE(child, 0);
    if (child == 0) {
      if (::chdir(folder_.c_str()) != 0 || std::freopen("/dev/null", "w", stdout) == nullptr) ::_exit(126);
      ::setenv("TEST_MODEL_KEY", kKey, 1);
      ::execv(pointers.front(), pointers.data());
      ::_exit(127);
    }
    int status = 0;
    pid_t ended = 0;
    while ((ended = ::waitpid(child, &status, WNOHANG)) == 0 && !enough())
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    if (ended == child) {
      EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 0) << status;
      return true;
    }
    ::kill(child, SIGKILL);
    ::waitpid(child, &status, 0);
    return false;
  }
};

}  // namespace tests
