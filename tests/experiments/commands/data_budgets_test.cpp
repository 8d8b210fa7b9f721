// Budgets that an experiment leaves out: they follow from its recordings and are numbers in its run.
#include "experiments/sources/data_budgets.hpp"

#include <cmath>
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "experiments/config/experiment_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "replay/sources/source.hpp"
#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::HasSubstr;
using testing::Not;
using tests::Ran;

constexpr const char* kWorld = "synthetic:seed=5,questions=6,branches=24";

std::vector<replay::Environment> opened(const std::string& source) {
  const std::vector<std::string> one = {source};
  return replay::open_environments(one);
}

// What is written in two digits, and read, is itself.
bool has_two_digits(double number) { return std::stod(fmt::format("{:.1e}", number)) == number; }

TEST(DataBudgets, HaveTwoDigitsAndAreApart) {
  for (const char* world : {kWorld, "synthetic:seed=3", "synthetic:seed=3,knows=0,options=4"}) {
    for (const evo::Charge& charge :
         {evo::Charge{}, evo::Charge{0, 1}, evo::Charge{0.7, 0.3}, evo::Charge{2e-6, 1e-8}}) {
      const DataBudgets found = budgets_on(opened(world), charge, {});
      EXPECT_GT(found.low, 0);
      EXPECT_GE(found.high, 2 * found.low) << world;
      EXPECT_LE(found.high, found.dearest) << world;
      EXPECT_TRUE(has_two_digits(found.low) && has_two_digits(found.high)) << found.low << ' ' << found.high;
    }
  }
}

TEST(DataBudgets, AreInTheUnitOfTheCharge) {
  const auto environments = opened(kWorld);
  const DataBudgets tokens = budgets_on(environments, {}, {});
  const DataBudgets money = budgets_on(environments, {1e-6, 0}, {});
  EXPECT_DOUBLE_EQ(money.low * 1e6, tokens.low);
  EXPECT_DOUBLE_EQ(money.high * 1e6, tokens.high);
}

// Where there are few branches, or episodes may not go on, no budget is beyond what any setting spends.
TEST(DataBudgets, AreWithinReach) {
  for (const char* world :
       {"synthetic:seed=5,questions=6,branches=1", "synthetic:seed=5,questions=6,branches=2",
        "synthetic:seed=5,questions=6,branches=8", kWorld}) {
    for (const std::int64_t budget : {5'000, 30'000, 1'000'000}) {
      replay::EpisodeOptions options;
      options.budget = budget;
      const DataBudgets found = budgets_on(opened(world), {}, options);
      EXPECT_LE(found.high, found.dearest) << world << ' ' << budget;
      EXPECT_LE(found.high, static_cast<double>(budget)) << world;
      EXPECT_GE(found.high, 2 * found.low) << world << ' ' << budget;
    }
  }
}

TEST(DataBudgets, OpenOnesAreThoseFound) {
  for (const char* world :
       {"synthetic:seed=5,questions=6,branches=1", "synthetic:seed=1,questions=3,branches=2"}) {
    evo::Experiment e;
    e.search = {world};
    e.budget_low = e.budget_high = evo::Experiment::kFromData;
    resolve_budgets(e);
    const DataBudgets found = budgets_on(opened(world), {}, {});
    EXPECT_EQ(e.budget_low, found.low) << world;
    EXPECT_EQ(e.budget_high, found.high) << world;
  }
}

TEST(DataBudgets, LatencyAsksForFewerThanTokens) {
  const auto environments = opened("synthetic:seed=3");
  EXPECT_LT(budgets_on(environments, {0, 1}, {}).high, budgets_on(environments, {}, {}).high);
}

TEST(DataBudgets, WhatIsGivenStaysAndTheOtherFits) {
  evo::Experiment e;
  e.search = {kWorld};
  e.reweightings = {4};
  resolve_budgets(e);
  const evo::Experiment both = e;
  e.reweightings.clear();
  e.budget_low = evo::Experiment::kFromData;
  resolve_budgets(e);
  EXPECT_EQ(e.budget_low, both.budget_low) << "variants count for nothing";
  e.budget_low = both.budget_high;
  e.budget_high = evo::Experiment::kFromData;
  resolve_budgets(e);
  EXPECT_EQ(e.budget_low, both.budget_high);
  EXPECT_GT(e.budget_high, both.budget_high);
  e.budget_low = 1e9;
  e.budget_high = evo::Experiment::kFromData;
  EXPECT_THROW(resolve_budgets(e), UsageError) << "nothing is so dear";
  e.budget_low = evo::Experiment::kFromData;
  e.budget_high = 100;
  resolve_budgets(e);
  EXPECT_EQ(e.budget_low, 25);
  const evo::Experiment given = e;
  resolve_budgets(e);
  EXPECT_EQ(e, given);
}

class DataBudgetsTest : public tests::Runs {
 protected:
  void SetUp() override {
    Runs::SetUp();
    ASSERT_EQ(evotts({"env", "synth", "--seed", "5", "--questions", "6", "-o", "world.json"}).exit_code, 0);
    write("open.toml", without_budgets("world.json"));
    write("synthetic.toml", without_budgets(kWorld));
  }

  static std::string without_budgets(const std::string& search) {
    std::string text = tests::SmallExperiment{.search = search}.toml();
    const auto begin = text.find("budget_low"), end = text.find("[population]");
    return text.erase(begin, end - begin);
  }

  evo::Experiment of_run(const std::string& run) const {
    return parse_run_experiment(read(run + "/experiment.toml"), run);
  }
};

TEST_F(DataBudgetsTest, StandResolvedInTheRunAndAreThoseOfNew) {
  const Ran ran = good({"run", "open.toml", "--out", "a", "--generations", "1"});
  const evo::Experiment e = of_run("a");
  EXPECT_GE(e.budget_high, 2 * e.budget_low);
  EXPECT_THAT(ran.out, HasSubstr(fmt::format("budgets: {} to {} tokens, from the recordings\n", e.budget_low,
                                             e.budget_high)));
  EXPECT_THAT(read("a/experiment.toml"), Not(HasSubstr("\"data\"")));
  EXPECT_THAT(good({"status", "a"}).out,
              HasSubstr(fmt::format("budgets       {} to {} tokens\n", e.budget_low, e.budget_high)));
  good({"new", "mine", "--env", "world.json"});
  const evo::Experiment drafted = read_experiment(folder_ / "mine/experiment.toml", {});
  EXPECT_EQ(drafted.budget_low, e.budget_low);
  EXPECT_EQ(drafted.budget_high, e.budget_high);
}

TEST_F(DataBudgetsTest, SyntheticSourcesTellThemTooAndGivenOnesAreKept) {
  good({"run", "synthetic.toml", "--out", "a", "--generations", "0"});
  good({"run", "synthetic.toml", "--out", "b", "--generations", "0", "--set", "objective.budget_low=7000"});
  EXPECT_EQ(of_run("b").budget_low, 7000);
  EXPECT_EQ(of_run("b").budget_high, of_run("a").budget_high);
}

TEST_F(DataBudgetsTest, ResumeForkAndVerifyTakeThemFromTheRun) {
  good({"run", "open.toml", "--out", "whole", "--threads", "1"});
  good({"run", "open.toml", "--out", "parts", "--generations", "2", "--threads", "2"});
  const std::string toml = read("parts/experiment.toml");
  good({"resume", "parts", "--generations", "4"});
  EXPECT_EQ(trees("whole"), trees("parts"));
  EXPECT_EQ(read("parts/experiment.toml"), toml);
  good({"fork", "parts@2", "forked"});
  good({"resume", "forked", "--generations", "4"});
  EXPECT_EQ(tree("forked"), tree("whole"));
  EXPECT_THAT(good({"verify", "whole"}).out, HasSubstr("the same to the last digit"));
  good({"run", "open.toml", "--out", "again", "--replay-journal", "whole"});
  EXPECT_EQ(trees("again"), trees("whole"));
}

// The figures are written as if they had been given.
TEST_F(DataBudgetsTest, AreTheSameAsIfTheyWereGiven) {
  good({"run", "open.toml", "--out", "a"});
  const evo::Experiment e = of_run("a");
  good({"run", "open.toml", "--out", "b", "--set", fmt::format("objective.budget_low={}", e.budget_low),
        fmt::format("objective.budget_high={}", e.budget_high)});
  EXPECT_EQ(trees("a"), trees("b"));
}

TEST_F(DataBudgetsTest, AForkMayAskForThemAnew) {
  good({"run", "open.toml", "--out", "a", "--generations", "1"});
  good({"fork", "a", "b", "--set", "objective.budget_high=900000"});
  EXPECT_EQ(of_run("b").budget_high, 900'000);
  good({"fork", "b", "c", "--set", "objective.budget_high=data"});
  EXPECT_EQ(of_run("c").budget_high, of_run("a").budget_high);
  good({"resume", "c", "--generations", "2"});
  good({"verify", "c"});
}

TEST_F(DataBudgetsTest, SeveralSeedsHaveTheSame) {
  const Ran ran = good({"run", "open.toml", "--out", "many", "--seeds", "1-2", "--generations", "1"});
  const auto told = ran.out.find("budgets: ");
  EXPECT_NE(told, std::string::npos);
  EXPECT_EQ(ran.out.find("budgets: ", told + 1), std::string::npos) << "once for all";
  EXPECT_EQ(of_run("many/seed-1").budget_low, of_run("many/seed-2").budget_low);
  good({"run", "open.toml", "--out", "many", "--seeds", "1-3", "--generations", "1"});
  EXPECT_TRUE(fs::exists(folder_ / "many/seed-3/.git"));
}

TEST_F(DataBudgetsTest, OfAnotherChargeTheyAreThoseOfThatCharge) {
  const Ran ran = good(
      {"run", "open.toml", "--out", "a", "--generations", "1", "--set", "objective.charge=latency_tokens"});
  EXPECT_THAT(ran.out, HasSubstr(" latency_tokens, from the recordings\n"));
  good({"run", "open.toml", "--out", "b", "--generations", "0"});
  EXPECT_LT(of_run("a").budget_high, of_run("b").budget_high);
}

// Nothing can be gained where nobody spends so much, or so little.
TEST_F(DataBudgetsTest, ThoseThatNoFounderSpendsAreWarnedOf) {
  const auto told = [&](const std::string& run, const std::string& low, const std::string& high) {
    return good({"run", "synthetic.toml", "--out", run, "--generations", "0", "--set",
                 "objective.budget_low=" + low, "objective.budget_high=" + high})
        .err;
  };
  EXPECT_THAT(told("above", "70000000", "500000000"),
              AllOf(HasSubstr("evotts: warning: no founder spends from 70000000 to 500000000 tokens an "
                              "episode; they spend from "),
                    HasSubstr(": see objective.budget_low, or leave both budgets out")));
  EXPECT_THAT(told("below", "2", "5"), HasSubstr(": see objective.budget_high, or leave both budgets out"));
  EXPECT_THAT(told("within", "20000", "300000"), Not(HasSubstr("no founder spends")));
}

}  // namespace
}  // namespace experiments
