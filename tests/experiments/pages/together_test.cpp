// Pages of several runs: how far seeds are apart, and differences that are paired by question.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <sstream>
#include <string>
#include <vector>

#include "tests/experiments/pages/report_page.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using Json = nlohmann::ordered_json;

class TogetherTest : public ReportPage {
 protected:
  void SetUp() override {
    ReportPage::SetUp();
    run("a");
    printed({"run", "small.toml", "--out", "b", "--set", "seed=4"});
  }
};

TEST_F(TogetherTest, SeveralRunsHaveASpreadAndPairedDifferences) {
  const Json data = page({"a", "b"});
  ASSERT_EQ(data["runs"].size(), 2U);
  const Json& together = data["together"];
  EXPECT_EQ(together["problems"], Json::array());
  EXPECT_EQ(together["table"]["rows"].size(), 2U);
  EXPECT_EQ(together["spread"]["table"]["rows"].size(), 5U);
  EXPECT_EQ(together["paired"]["table"]["columns"][5], "difference");
  printed({"run", "small.toml", "--out", "c", "--set", "objective.parsimony=0.5"});
  EXPECT_TRUE(page({"a", "c", "--no-episodes"})["together"]["spread"].is_null());
}

TEST_F(TogetherTest, AForkIsNoFurtherSeed) {
  printed({"fork", "a@2", "c", "--set", "seed=8"});
  printed({"resume", "c"});
  EXPECT_TRUE(page({"a", "c", "--no-episodes"})["together"]["spread"].is_null());
  const Json two = page({"a", "b", "--no-episodes"})["together"]["spread"];
  const Json three = page({"a", "c", "b"})["together"];
  EXPECT_EQ(three["spread"]["table"], two["table"]);
  EXPECT_EQ(three["spread"]["note"],
            two["note"].get<std::string>() + " c is left out, as it has its beginning in common with a.");
  EXPECT_THAT(three["paired"]["known_note"].get<std::string>(), HasSubstr("over the runs."));
}

TEST_F(TogetherTest, ASecondRunOfASeedIsNoFurtherSeed) {
  printed({"run", "small.toml", "--out", "c", "--generations", "2"});
  const Json spread = page({"a", "b", "c", "--no-episodes"})["together"]["spread"];
  EXPECT_THAT(spread["note"].get<std::string>(), HasSubstr(" c is left out, as "));
  EXPECT_EQ(spread["table"]["rows"].size(), 5U) << "c, which is shorter, does not count";
}

TEST_F(TogetherTest, DifferencesToKnownControllersAreThoseOfTheCommand) {
  const Json paired = page({"a", "b"})["together"]["paired"];
  std::map<std::string, std::vector<double>> differences;  // to asc, by budget
  std::size_t compared = 0;
  std::vector<std::string> budgets;
  for (const Json& row : paired["table"]["rows"]) {
    if (row[0] == "a") budgets.push_back(row[1]);
  }
  const std::string at = fmt::format("{}", fmt::join(budgets, ","));
  std::vector<std::string> curve = {"curve", "a:best", "b:best", "asc"};
  curve.insert(curve.end(), kSearch.begin(), kSearch.end());
  curve.insert(curve.end(), {"--beta", "0,0.5,1", "--orderings", "3", "--at", at, "--against", "asc"});
  curve.insert(curve.end(), {"--format", "csv"});
  const std::string told = printed(curve);
  for (const Json& row : paired["known"]["rows"]) {
    if (row[0] != "asc") continue;
    const auto text = [&](std::size_t cell) { return row[cell].get<std::string>(); };
    std::istringstream lines(told);
    for (std::string line; std::getline(lines, line);) {
      if (!line.starts_with(text(1) + ":best," + text(2) + "," + text(3) + ",")) continue;
      EXPECT_THAT(line, testing::EndsWith("," + text(4) + "," + text(5) + "," + text(6)));
      ++compared;
    }
    differences[text(2)].push_back(std::stod(text(4)));
  }
  EXPECT_GT(compared, 2U);
  std::size_t spread = 0;
  for (const Json& row : paired["known_spread"]["rows"]) {
    if (row[0] != "asc") continue;
    const std::vector<double>& all = differences[row[1].get<std::string>()];
    ASSERT_EQ(all.size(), 2U);
    EXPECT_DOUBLE_EQ(std::stod(row[2].get<std::string>()), std::min(all[0], all[1]));
    EXPECT_DOUBLE_EQ(std::stod(row[4].get<std::string>()), std::max(all[0], all[1]));
    EXPECT_NEAR(std::stod(row[3].get<std::string>()), (all[0] + all[1]) / 2, 0.01);
    ++spread;
  }
  EXPECT_GT(spread, 0U);
}

TEST_F(TogetherTest, ARunThatCannotBeReadLeavesTheOthers) {
  printed({"run", "small.toml", "--out", "c", "--set", "seed=5"});
  write("c/checkpoint.bin", "damaged");
  git("c", {"commit", "--quiet", "--all", "--message", "generation 5: damaged"});
  const Json data = page({"a", "c", "b"});
  EXPECT_EQ(data["runs"].size(), 3U);
  const Json& together = data["together"];
  ASSERT_EQ(together["problems"].size(), 1U) << together["problems"];
  EXPECT_THAT(together["problems"][0]["why"].get<std::string>(), HasSubstr("1 of 3 runs"));
  EXPECT_EQ(together["table"]["rows"].size(), 2U);
  EXPECT_FALSE(together["paired"]["known"]["rows"].empty());
}

}  // namespace
}  // namespace experiments
