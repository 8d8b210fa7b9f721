// A first experiment for somebody's recordings.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "evo/scoring/successive_halving.hpp"
#include "experiments/config/experiment_file.hpp"
#include "tests/support/command_line.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using nlohmann::json;
using testing::Each;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::SizeIs;
using testing::StartsWith;
using tests::Ran;

class NewTest : public tests::CommandLine {
 protected:
  evo::Experiment made(const std::vector<std::string>& arguments) const {
    std::vector<std::string> all = {"new", "mine"};
    all.insert(all.end(), arguments.begin(), arguments.end());
    const Ran ran = evotts(all);
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    EXPECT_THAT(ran.out, StartsWith("mine/experiment.toml: written\n"));
    EXPECT_THAT(ran.out, HasSubstr("next: evotts run mine/experiment.toml --out mine/run --minutes 10\n"));
    return read_experiment(folder_ / "mine/experiment.toml", {});
  }
};

TEST_F(NewTest, BudgetsFollowFromTheRecordingsAndTheExperimentRuns) {
  const evo::Experiment e = made({"--env", "synthetic:seed=3"});
  EXPECT_EQ(e.name, "mine");
  EXPECT_THAT(e.search, SizeIs(1));
  EXPECT_GE(e.budget_high, 4 * e.budget_low);
  EXPECT_THAT(e.reweightings, SizeIs(2));  // thirty questions are few
  const Ran eval = evotts({"eval", "sc", "--env", "synthetic:seed=3", "--beta", "0,1", "--format", "json"});
  const json rows = json::parse(eval.out);
  EXPECT_GT(e.budget_low, rows[0]["tokens"].get<double>());
  EXPECT_LE(e.budget_high, 1.01 * rows[1]["tokens"].get<double>());
  const Ran run = evotts({"run", "mine/experiment.toml", "--out", "mine/run", "--generations", "1", "--set",
                          "population.size=20", "population.children=10", "population.founder_candidates=0",
                          "evaluation.orderings=3", "variation.tuned=0"});
  EXPECT_EQ(run.exit_code, 0) << run.err;
}

TEST_F(NewTest, EachRungHasThreeTimesTheOrderingsOfTheOneBefore) {
  for (const char* questions : {"5", "30", "61", "300", "900"}) {
    const evo::Experiment e =
        made({"--env", std::string("synthetic:seed=3,branches=8,questions=") + questions});
    const std::vector<int> rungs = evo::rungs(e);
    EXPECT_GE(rungs.size(), 2U) << questions;
    for (std::size_t i = 1; i < rungs.size(); ++i) EXPECT_EQ(rungs[i], 3 * rungs[i - 1]) << questions;
    fs::remove_all(folder_ / "mine");
  }
}

TEST_F(NewTest, ASplitHoldsTheSameQuestionsOutOfEachEnvironment) {
  for (const char* seed : {"1", "2"})
    ASSERT_EQ(
        evotts({"env", "synth", "--seed", seed, "--questions", "40", "-o", std::string("r") + seed + ".json"})
            .exit_code,
        0);
  const evo::Experiment e = made({"--env", "r1.json", "r2.json", "--split", "0.3"});
  EXPECT_THAT(e.search, SizeIs(2));
  EXPECT_THAT(e.held_out, SizeIs(2));
  EXPECT_THAT(e.search, Each(StartsWith((folder_ / "mine/search").string())));
  std::size_t searched = 0, held = 0;
  for (const std::string& file : e.search) searched += json::parse(read(fs::relative(file, folder_))).size();
  for (const std::string& file : e.held_out) held += json::parse(read(fs::relative(file, folder_))).size();
  EXPECT_EQ(searched + held, 80U);
  EXPECT_EQ(held, 24U);
}

TEST_F(NewTest, WhatIsHeldOutIsNotSearchedOnNorAreBudgetsOfIt) {
  fs::create_directory(folder_ / "all");
  for (const char* seed : {"1", "2"})
    ASSERT_EQ(evotts({"env", "synth", "--seed", seed, "--questions", "12", "-o",
                      std::string("all/r") + seed + ".json"})
                  .exit_code,
              0);
  const evo::Experiment alone = made({"--env", "all/r1.json"});
  fs::remove_all(folder_ / "mine");
  write("copy.json", json::parse(read("all/r2.json")).dump(2));  // the same questions in another file
  for (const char* held : {"all/r2.json", "copy.json"}) {
    const evo::Experiment e = made({"--env", "all", "--hold-out", held});
    EXPECT_EQ(e.search, std::vector{(folder_ / "all/r1.json").string()});
    EXPECT_EQ(e.held_out, std::vector{(folder_ / held).string()});
    EXPECT_EQ(e.budget_low, alone.budget_low);
    EXPECT_EQ(e.budget_high, alone.budget_high);
    const Ran run =
        evotts({"run", "mine/experiment.toml", "--out", "run", "--generations", "0", "--set",
                "population.size=20", "population.founder_candidates=0", "evaluation.orderings=3"});
    EXPECT_EQ(run.exit_code, 0) << run.err;
    fs::remove_all(folder_ / "run");
    fs::remove_all(folder_ / "mine");
  }
  rejects({"new", "mine", "--env", "all/r2.json", "--hold-out", "all"}, {"--hold-out", "nothing is left"});
  EXPECT_THAT(made({"--env", "all", "--hold-out", "synthetic:seed=9"}).search,
              ElementsAre((folder_ / "all").string()));
}

TEST_F(NewTest, MistakesAreToldAndNothingIsWritten) {
  rejects({"new", "mine"}, {"new: ", "--env"});
  rejects({"new", "mine", "--env", "no.json"}, {"no.json"});
  rejects({"new", "mine", "--env", "synthetic:seed=3", "--split", "2"}, {"--split"});
  rejects({"new", "mine", "--env", "synthetic:seed=3", "--split", "0.3", "--hold-out", "synthetic:seed=4"},
          {"give one of them"});
  write("taken/a.txt", "x");
  rejects({"new", "taken", "--env", "synthetic:seed=3"}, {"taken", "exists already"});
}

TEST_F(NewTest, WhereMoreBranchesBringNothingItSaysSo) {
  const Ran ran = evotts({"new", "mine", "--env", "synthetic:seed=3,questions=60,knows=0,options=4"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("self-consistency is right in"));
}

}  // namespace
}  // namespace experiments
