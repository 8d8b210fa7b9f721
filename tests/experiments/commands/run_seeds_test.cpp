// One experiment under several seeds.
#include "experiments/commands/running/run_seeds.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "genome/base/error.hpp"
#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ContainsRegex;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using tests::Ran;

class RunSeedsTest : public tests::SmallRun {
 protected:
  Ran seeds(const std::string& list, const std::string& generations,
            std::vector<std::string> more = {}) const {
    std::vector<std::string> arguments = {"run",           "small.toml", "--out",   "all",
                                          "--generations", generations,  "--seeds", list};
    arguments.insert(arguments.end(), more.begin(), more.end());
    return evotts(arguments);
  }
};

TEST(SeedsOf, ReadsSeedsAndRanges) {
  EXPECT_THAT(seeds_of("1-3"), ElementsAre(1, 2, 3));
  EXPECT_THAT(seeds_of("7,1-2,2,0"), ElementsAre(7, 1, 2, 0));
  for (const char* wrong : {"", "a", "3-1", "1-", "-1", "1,,2", "0-5000", "1-2-3"})
    EXPECT_THROW(seeds_of(wrong), genome::base::Error) << wrong;
}

TEST_F(RunSeedsTest, EachIsTheRunThatItsSeedMakesAlone) {
  const Ran all = seeds("1-3", "2");
  ASSERT_EQ(all.exit_code, 0) << all.err;
  for (const char* part :
       {"seed 1\n", "seed 3\n", "champion", "score of the champion: median ", ", worst ", ", spread "})
    EXPECT_THAT(all.out, HasSubstr(part));
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "two", "--generations", "2", "--set", "seed=2"}).exit_code,
            0);
  EXPECT_EQ(trees("all/seed-2"), trees("two"));
}

// Questions of pure chance, and founders of the library alone: a seed has a gain, or finds nothing new.
TEST_F(RunSeedsTest, WhereNothingWasFoundBeyondAKnownControllerNoGainIsTold) {
  tests::SmallExperiment experiment{.search = "synthetic:seed=5,questions=10,branches=24,knows=0,options=4"};
  experiment.more["population"] = "founders = \"library\"\n";
  write("small.toml", experiment.toml());
  const std::string out =
      good({"run", "small.toml", "--out", "all", "--generations", "0", "--seeds", "1-3"}).out;
  const std::string table = out.substr(out.find("\nseed  generation  champion"));
  int measured = 0;
  std::string without;
  for (const std::string seed : {"1", "2", "3"}) {
    const auto json = generation("all/seed-" + seed);
    const bool known = json["champion"]["id"] == json["best"]["id"];
    const std::string against = json["expected"]["against"];
    const char* figures = known ? "- +- +- +" : "[-0-9.]+ +[-0-9.]+ +[-0-9.]+ +";
    EXPECT_THAT(table, ContainsRegex(fmt::format("\n +{} [^\n]* {}{}\n", seed, figures, against)));
    const auto line = ContainsRegex(
        fmt::format("\nseeds? [0-9, ]*{}[0-9, ]*: nothing was found beyond {} yet\n", seed, against));
    if (known)
      EXPECT_THAT(table, line);
    else
      EXPECT_THAT(table, Not(line));
    if (known) without = seed;
    measured += known ? 0 : 1;
  }
  ASSERT_TRUE(measured == 1 || measured == 2) << table;
  EXPECT_THAT(table,
              HasSubstr(fmt::format("\nexpected gain on new questions, of {} of 3 seeds: ", measured)));
  const Ran alone = good({"run", "small.toml", "--out", "one", "--generations", "0", "--seeds", without});
  EXPECT_THAT(alone.out, AllOf(HasSubstr("\nseed " + without + ": nothing was found beyond "),
                               Not(HasSubstr("expected gain"))));
}

TEST_F(RunSeedsTest, TheSameCommandGoesOnWithWhatIsNotAtItsEnd) {
  ASSERT_EQ(seeds("1-2", "1").exit_code, 0);
  const Ran again = seeds("1-2", "1");
  EXPECT_THAT(again.out, Not(HasSubstr("generation    1")));
  EXPECT_THAT(again.out, HasSubstr("score of the champion"));
  fs::remove(folder_ / "all/seed-2.ended");
  fs::remove_all(folder_ / "all/seed-1");
  fs::remove(folder_ / "all/seed-1.ended");
  fs::create_directories(folder_ / "all");
  const Ran longer = seeds("1-3", "3");
  ASSERT_EQ(longer.exit_code, 0) << longer.err;
  for (const char* run : {"all/seed-1", "all/seed-2", "all/seed-3"})
    EXPECT_EQ(git(run, {"rev-list", "--count", "main"}), "4\n") << run;
}

TEST_F(RunSeedsTest, ForTheirFolderTheRunsWithinAreNamed) {
  ASSERT_EQ(seeds("1-2", "0").exit_code, 0);
  for (const char* command : {"status", "log", "resume"})
    rejects({command, "all"}, {"all: not a run: it holds the runs all/seed-1, all/seed-2\n"});
  rejects({"report", "all", "--out", "page.html"}, {"it holds the runs all/seed-1, all/seed-2"});
}

// What the file does not say is as the runs have it that are there, also those of an earlier program.
TEST_F(RunSeedsTest, RunsOfAnEarlierProgramGoOn) {
  ASSERT_EQ(seeds("1-2", "1", {"--set", "objective.expected_lead=false"}).exit_code, 0);
  EXPECT_THAT(git("all/seed-1", {"show", "HEAD:experiment.toml"}), Not(HasSubstr("expected_lead")));
  const Ran on = seeds("1-2", "2");
  ASSERT_EQ(on.exit_code, 0) << on.err;
  EXPECT_EQ(git("all/seed-2", {"rev-list", "--count", "main"}), "3\n");
  EXPECT_THAT(git("all/seed-2", {"show", "HEAD:experiment.toml"}), Not(HasSubstr("expected_lead")));
}

// Runs are told of together, so those that are still to come draw on the same edition.
TEST_F(RunSeedsTest, SeedsBesideRunsOfAnEarlierEditionAreOfThatEdition) {
  ASSERT_EQ(seeds("1", "1", {"--set", "population.edition=1"}).exit_code, 0);
  EXPECT_THAT(git("all/seed-1", {"show", "HEAD:experiment.toml"}), Not(HasSubstr("edition")));
  const Ran on = seeds("1-2", "2");
  ASSERT_EQ(on.exit_code, 0) << on.err;
  for (const char* run : {"all/seed-1", "all/seed-2"}) {
    EXPECT_EQ(git(run, {"rev-list", "--count", "main"}), "3\n") << run;
    EXPECT_THAT(git(run, {"show", "HEAD:experiment.toml"}), Not(HasSubstr("edition"))) << run;
  }
}

TEST_F(RunSeedsTest, BudgetsOfRunsThatAreThereStay) {
  const auto has = HasSubstr("budget_low = 1000\n");
  const std::vector<std::string> fixed = {"--set", "objective.budget_low=1000",
                                          "objective.budget_high=90000"};
  const std::vector<std::string> open = {"--set", "objective.budget_low=data", "objective.budget_high=data"};
  ASSERT_EQ(seeds("1", "1", fixed).exit_code, 0);
  const Ran on = seeds("1-2", "1", open);
  ASSERT_EQ(on.exit_code, 0) << on.err;
  EXPECT_THAT(git("all/seed-2", {"show", "HEAD:experiment.toml"}), has);
}

TEST_F(RunSeedsTest, MinutesThatWereUsedBeforeCount) {
  ASSERT_EQ(seeds("1", "1", {"--minutes", "5"}).exit_code, 0);
  EXPECT_THAT(read("all/seed-1/run.log"),
              testing::AllOf(HasSubstr(" generation 0 seconds "), HasSubstr(" generation 1 seconds ")));
  const Ran on = seeds("1", "2", {"--minutes", "5"});
  EXPECT_THAT(on.out,
              testing::AllOf(HasSubstr(" of 5 minutes were used before"), HasSubstr("generation    2")));
  fs::remove(folder_ / "all/seed-1.ended");
  write("all/seed-1/run.log",
        read("all/seed-1/run.log") + "2026-01-01T00:00:00Z generation 2 seconds 300.0 scored 1 episodes 1\n");
  const Ran up = seeds("1", "9", {"--minutes", "5"});
  EXPECT_EQ(up.exit_code, 0) << up.err;
  EXPECT_THAT(up.out, testing::AllOf(HasSubstr("5.0 of 5 minutes were used before"),
                                     HasSubstr("time is up after generation 2")));
  // A limit of its own is given by whoever goes on by hand.
  EXPECT_THAT(evotts({"resume", "all/seed-1", "--generations", "3", "--minutes", "5"}).out,
              HasSubstr("generation    3"));
}

TEST_F(RunSeedsTest, WhatDoesNotFitIsRefused) {
  ASSERT_EQ(seeds("1", "1").exit_code, 0);
  rejects({"run", "small.toml", "--out", "all", "--seeds", "1", "--generations", "2", "--set",
           "population.size=14"},
          {"another experiment"});
  rejects({"run", "small.toml", "--out", "all", "--seeds", "1", "--generations", "1", "--set",
           "population.size=14"},
          {"another experiment"});
  rejects({"run", "small.toml", "--out", "all/seed-1", "--seeds", "1"}, {"is one run"});
  rejects({"run", "small.toml", "--out", "b", "--seeds", "1", "--set", "seed=3"},
          {"--seeds gives the seeds"});
  rejects({"run", "small.toml", "--out", "b", "--seeds", "1", "--estimate"}, {"--estimate"});
  rejects({"run", "small.toml", "--seeds", "1"}, {"--out is required"});
}

}  // namespace
}  // namespace experiments
