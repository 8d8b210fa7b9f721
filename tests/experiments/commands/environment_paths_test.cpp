// Environments in folders that are hard to name or to enter.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>
#include <utility>
#include <vector>

#include "tests/support/places.hpp"
#include "tests/support/small_run.hpp"

namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using tests::Ran;
using tests::SmallExperiment;

class EnvironmentPaths : public tests::Runs {
 protected:
  void make_environment(const std::string& path) const {
    fs::create_directories((folder_ / path).parent_path());
    ASSERT_EQ(evotts({"env", "synth", "-o", path, "--questions", "4", "--branches", "12"}).exit_code, 0);
  }
};

TEST_F(EnvironmentPaths, NamesThatAreNoUtf8AreWrittenOut) {
  make_environment("all/no\xff/env.json");
  make_environment("all/two/env.json");
  make_environment("all/\xfe.json");
  write("e.toml", SmallExperiment{.search = "all"}.toml());
  const Ran ran = evotts({"run", "e.toml", "--out", "a"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(read("a/generation.json"), AllOf(HasSubstr("no\\\\xff/env"), HasSubstr("\"all/\\\\xfe\"")));
  EXPECT_EQ(evotts({"verify", "a"}).exit_code, 0);
  EXPECT_EQ(evotts({"resume", "a", "--generations", "5"}).exit_code, 0);
  EXPECT_EQ(evotts({"fork", "a@2", "b", "--set", "evaluation.orderings=4"}).exit_code, 0);
}

TEST_F(EnvironmentPaths, AnExperimentCannotNameAPathThatIsNoUtf8) {
  make_environment("no\xff/env.json");
  write("no\xff/e.toml", SmallExperiment{.search = "env.json"}.toml());
  rejects(
      {"run", "no\xff/e.toml", "--out", "a"},
      {"environments.search: the path of a file must be UTF-8 text, found \"$(printf 'no\\377/env.json')\""});
  write("e.toml", SmallExperiment{}.toml());
  rejects({"run", "e.toml", "--out", "a", "--set", "environments.search=[\"no\xff/env.json\"]"},
          {"environments.search", "UTF-8"});
}

TEST_F(EnvironmentPaths, OneThatIsNotThereIsAProblemOfTheKeyThatNamesIt) {
  const auto refused = [&](const std::string& search, const std::vector<std::string>& words,
                           const std::string& file = "e.toml") {
    write(file, SmallExperiment{.search = search}.toml());
    rejects({"run", file, "--out", "a"}, words);
  };
  refused("none.json", {"e.toml:5:10: environments.search: none.json: no such file or folder\n"});
  refused("none.json",
          {"deep/e.toml:5:10: environments.search: none.json: no such file or folder, neither in the current "
           "folder nor beside the experiment file"},
          "deep/e.toml");
  refused("synthetic:seeds=2", {"e.toml:5:10: environments.search: synthetic: there is no key \"seeds\""});
  write("e.toml", SmallExperiment{}.toml());
  rejects({"run", "e.toml", "--out", "a", "--set", "environments.held_out=[\"none.json\"]"},
          {"environments.held_out: none.json: no such file or folder"});
}

// As seen by the user nobody; a synthetic environment needs nothing of the folder where the run was started.
TEST_F(EnvironmentPaths, AFolderThatMayNotBeEnteredMattersOnlyToWhoNeedsIt) {
  if (::geteuid() != 0) GTEST_SKIP() << "only root can be somebody else";
  make_environment("home/env.json");
  write("home/e.toml", SmallExperiment{}.toml());
  for (const auto& [run, search] : {std::pair("needs", "env.json"), {"free", "synthetic:seed=5"}}) {
    write("home/e.toml", SmallExperiment{.search = search}.toml());
    const Ran made = tests::run_process({tests::kEvotts, "run", "e.toml", "--out", (folder_ / run).string()},
                                        {.folder = folder_ / "home"});
    ASSERT_EQ(made.exit_code, 0) << made.err;
  }
  fs::permissions(folder_ / "home", fs::perms::owner_all);
  const auto as_nobody = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), {"/usr/bin/env", "setpriv", "--reuid", "65534", "--regid", "65534",
                                         "--clear-groups", tests::kEvotts});
    return tests::run_process(arguments, {.folder = folder_});
  };
  if (as_nobody({"--version"}).exit_code != 0) GTEST_SKIP() << "setpriv is not here";
  for (const char* command : {"verify", "lineage"}) {
    const Ran ran = as_nobody({command, "free"});
    EXPECT_EQ(ran.exit_code, 0) << ran.out << ran.err;
  }
  const Ran needs = as_nobody({"verify", "needs"});
  EXPECT_EQ(needs.exit_code, 2);
  EXPECT_THAT(needs.out, AllOf(HasSubstr("home/env.json"), HasSubstr("ermission denied"),
                               HasSubstr("nothing is damaged, but the scores were not looked at")));
}

// With budgets as far apart as numbers go, no score is lost.
TEST_F(EnvironmentPaths, TheFarthestBudgetsOfAllCanBeRunWith) {
  write("e.toml", SmallExperiment{}.toml());
  const Ran ran = evotts({"run", "e.toml", "--out", "a", "--set", "objective.budget_low=5e-324",
                          "objective.budget_high=1e308", "objective.coverage_penalty=1e16",
                          "objective.parsimony=1e16", "objective.baseline_regret=1e16"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  const Ran verified = evotts({"verify", "a"});
  EXPECT_EQ(verified.exit_code, 0) << verified.out << verified.err;
  EXPECT_EQ(read("a/generation.json").find("null"), std::string::npos);
}

}  // namespace
