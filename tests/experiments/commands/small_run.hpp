// small_run.hpp: an experiment of a few quick generations, and what git says of its runs.
// Why:      commands about runs are tested on real runs, made and resumed by the program itself.
// Use:      class VerifyTest : public SmallRun {};  ... evotts({"run", "small.toml", "--out", "a"})
// Threads:  one test at a time in a process.
#pragma once

#include <string>
#include <vector>

#include "tests/experiments/commands/command_fixture.hpp"

namespace tests {

class SmallRun : public CommandLine {
 protected:
  static constexpr int kGenerations = 4;

  void SetUp() override {
    CommandLine::SetUp();
    write("small.toml", experiment(""));
  }

  // The experiment with more lines under [environments].
  static std::string experiment(const std::string& environments) {
    return fmt::format(R"(name = "small"
seed = 3
generations = {}
[environments]
search = ["synthetic:seed=5,questions=6,branches=24"]
{}
[evaluation]
betas = [0, 0.5, 1]
orderings = 3
[objective]
budget_low = 20000
budget_high = 300000
[population]
size = 12
children = 12
)",
                       kGenerations, environments);
  }

  // A run that has ended.
  void run(const std::string& name) const {
    const Ran ran = evotts({"run", "small.toml", "--out", name});
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
  }

  std::string git(const std::string& run, std::vector<std::string> arguments) const {
    arguments.insert(arguments.begin(), {"/usr/bin/env", "git", "-c", "safe.directory=*", "-c", "user.name=x",
                                         "-c", "user.email=x@localhost", "-C", (folder_ / run).string()});
    const Ran ran = run_process(arguments, {});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.out;
  }

  // Trees and messages of all commits, newest first: everything that must not depend on how a run came about.
  std::string trees(const std::string& run) const { return git(run, {"log", "--format=%T %s", "main"}); }
  std::string tree(const std::string& run) const { return git(run, {"rev-parse", "main^{tree}"}); }
};

}  // namespace tests
