// small_run.hpp: experiments of a few quick generations, and what git says of their runs.
// Why:      commands about runs are tested on real runs, made and resumed by the program itself.
// Use:      class VerifyTest : public tests::SmallRun {};  ... run("a"); EXPECT_EQ(trees("a"), trees("b"));
//           write("e.toml", tests::SmallExperiment{.seed = 7, .more = {{"model", "share = 0.5\n"}}}.toml());
// Promises: an experiment needs no file and no network. git() fails the test when git does.
// Threads:  one test at a time in a process.
#pragma once

#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "tests/support/command_line.hpp"

namespace tests {

// An experiment file. A test names what it is about and leaves the rest.
struct SmallExperiment {
  std::string name = "small";
  int seed = 3;
  int generations = 4;
  std::string search = "synthetic:seed=5,questions=6,branches=24";
  std::string betas = "[0, 0.5, 1]";
  int orderings = 3;
  int budget_low = 20'000;
  int budget_high = 300'000;
  int population = 13;
  int children = 12;
  std::map<std::string, std::string> more;  // by section: lines that are added to it

  std::string toml() const {
    std::map<std::string, std::string> sections = {
        {"environments", fmt::format("search = [\"{}\"]\n", search)},
        {"evaluation", fmt::format("betas = {}\norderings = {}\n", betas, orderings)},
        {"objective", fmt::format("budget_low = {}\nbudget_high = {}\n", budget_low, budget_high)},
        {"population", fmt::format("size = {}\nchildren = {}\n", population, children)}};
    for (const auto& [section, lines] : more) sections[section] += lines;
    std::string text = fmt::format("name = \"{}\"\nseed = {}\ngenerations = {}\n", name, seed, generations);
    for (const auto& [section, lines] : sections) text += fmt::format("[{}]\n{}", section, lines);
    return text;
  }
};

// A folder with runs in it.
class Runs : public CommandLine {
 protected:
  // A command that is to succeed.
  Ran good(const std::vector<std::string>& arguments) const {
    Ran ran = evotts(arguments);
    EXPECT_EQ(ran.exit_code, 0) << fmt::format("evotts {}\n", fmt::join(arguments, " ")) << ran.out
                                << ran.err;
    return ran;
  }

  nlohmann::json generation(const std::string& run) const {
    return nlohmann::json::parse(read(run + "/generation.json"));
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

// With an experiment in small.toml.
class SmallRun : public Runs {
 protected:
  static constexpr int kGenerations = 4;

  void SetUp() override {
    Runs::SetUp();
    write("small.toml", SmallExperiment{.generations = kGenerations}.toml());
  }

  // A run that has ended.
  void run(const std::string& name) const {
    const Ran ran = evotts({"run", "small.toml", "--out", name});
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
  }
};

}  // namespace tests
