// `evotts curve`: accuracies at budgets with their intervals, and everything it must refuse.
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/command_line.hpp"

namespace {

using tests::Ran;

class CurveTest : public tests::CommandLine {};

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
