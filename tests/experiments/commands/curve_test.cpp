// `evotts curve`: accuracies at budgets with their intervals, and everything it must refuse.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <set>
#include <string>

#include "tests/support/small_run.hpp"

namespace {

using tests::Ran;

class CurveTest : public tests::SmallRun {};

TEST_F(CurveTest, ReadsCurvesOffAtBudgetsAndPairsDifferences) {
  const Ran ran = evotts({"curve", "cmc", "asc", "--against", "sc", "--at", "100000,150000,90000000", "--env",
                          "synthetic:seed=11,questions=12", "--orderings", "5", "--format", "json"});
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const auto rows = nlohmann::json::parse(ran.out);
  ASSERT_EQ(rows.size(), 9U);  // three controllers at three budgets
  for (const auto& row : rows) {
    if (row["tokens"] == 90000000) {
      EXPECT_TRUE(row["accuracy"].is_null());
      EXPECT_TRUE(row["difference"].is_null());
      continue;
    }
    EXPECT_LE(row["low"].get<double>(), row["accuracy"].get<double>());
    EXPECT_GE(row["high"].get<double>(), row["accuracy"].get<double>());
    if (row["controller"] == "sc") {
      EXPECT_TRUE(row["difference"].is_null());
      continue;
    }
    EXPECT_LE(row["difference_low"].get<double>(), row["difference"].get<double>());
    EXPECT_GE(row["difference_high"].get<double>(), row["difference"].get<double>());
  }
  EXPECT_NEAR(rows[0]["difference"].get<double>(),
              rows[0]["accuracy"].get<double>() - rows[6]["accuracy"].get<double>(), 0.011);
}

TEST_F(CurveTest, IsTheSameOnAnyNumberOfThreads) {
  const auto run = [&](const std::string& threads) {
    return evotts({"curve", "asc", "--env", "synthetic:seed=2,questions=5", "--orderings", "4", "--threads",
                   threads})
        .out;
  };
  EXPECT_EQ(run("1"), run("2"));
  EXPECT_NE(run("1").find("mean tokens at the ends of each curve"), std::string::npos);
}

TEST_F(CurveTest, SettingsThatCostNoMoreThanALowerOneAreCounted) {
  write("falls.ctl",
        "controller falls_down\nschedule\n  n falls round(8 - 6*beta)\nround\n  read 1 when opened < n\n"
        "  stop when opened >= n\nanswer\n  top(finished)\n");
  const Ran ran = evotts({"curve", "falls.ctl", "--env", "synthetic:questions=2,branches=16", "--orderings",
                          "3", "--beta", "0,0.5,1"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_NE(ran.out.find("controller  cheapest  dearest  left_out\n"), std::string::npos) << ran.out;
  EXPECT_TRUE(ran.out.ends_with("  2\n")) << ran.out;
}

TEST_F(CurveTest, WhereNoCurveReachesItSaysWhatTheyReach) {
  const auto at = [&](const std::string& budgets, const std::string& format) {
    const Ran ran = evotts({"curve", "asc", "sc", "--env", "synthetic:questions=2,branches=16", "--orderings",
                            "3", "--at", budgets, "--format", format});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    return ran.out;
  };
  const std::string told = "no curve reaches these budgets; they go from ", option = " tokens: --at ";
  const std::string dashes = at("3,5", "table");
  const std::size_t from = dashes.find(told), list = dashes.find(option);
  ASSERT_NE(from, std::string::npos) << dashes;
  ASSERT_NE(list, std::string::npos) << dashes;
  const std::size_t begin = list + option.size();
  const std::string named = dashes.substr(begin, dashes.find('\n', begin) - begin);
  EXPECT_EQ(at(named, "table").find(told), std::string::npos) << named;
  EXPECT_EQ(at("3," + named, "table").find(told), std::string::npos) << named;
  EXPECT_EQ(at("3,5", "csv").find(told), std::string::npos);
  EXPECT_EQ(nlohmann::json::parse(at("3,5", "json")).size(), 4U);
}

TEST_F(CurveTest, BudgetsAreThoseOfTheRunThatTheFirstIsOutOf) {
  good({"run", "small.toml", "--out", "r", "--generations", "0"});
  const auto budgets = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.begin(), "curve");
    arguments.insert(arguments.end(), {"--env", "synthetic:seed=5,questions=2", "--orderings", "2", "--beta",
                                       "0,1", "--format", "json"});
    std::set<int> all;
    for (const auto& row : nlohmann::json::parse(good(arguments).out)) all.insert(row["tokens"].get<int>());
    return all;
  };
  const std::set<int> usual = {100'000, 150'000, 250'000, 350'000, 500'000};
  EXPECT_EQ(budgets({"r:best", "asc"}),
            (std::set<int>{25'000, 35'000, 50'000, 70'000, 100'000, 150'000, 250'000}));
  EXPECT_EQ(budgets({"r:best", "--at", "40000"}), std::set<int>{40'000});
  EXPECT_EQ(budgets({"asc", "r:best"}), usual);
}

TEST_F(CurveTest, RefusesWhatItCannotUse) {
  const std::vector<std::string> world = {"--env", "synthetic:questions=2"};
  const auto with = [&](std::vector<std::string> arguments) {
    arguments.insert(arguments.end(), world.begin(), world.end());
    return arguments;
  };
  rejects(with({"curve"}), {"controller"});
  rejects({"curve", "cmc"}, {"--env"});
  rejects(with({"curve", "cmc", "--at", "1000,"}), {"--at"});
  rejects(with({"curve", "cmc", "--at", "0"}), {"--at"});
  rejects(with({"curve", "cmc", "--against", "nobody"}), {"nobody"});
}

}  // namespace
