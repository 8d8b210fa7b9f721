#include "llm_mutators/prompts/curve_text.hpp"

#include <gtest/gtest.h>

namespace llm_mutators {
namespace {

const std::vector<evo::CurvePoint> kCurve = {{0, 50, 10e3}, {0.5, 60, 40e3}, {1, 70, 160e3}};

TEST(CurveText, ReachesWhatTheScoreCounts) {
  EXPECT_EQ(reached(kCurve, 9999), std::nullopt);
  EXPECT_DOUBLE_EQ(reached(kCurve, 10e3).value(), 50);
  EXPECT_NEAR(reached(kCurve, 20e3).value(), 55, 1e-9);  // half way in the logarithm
  EXPECT_DOUBLE_EQ(reached(kCurve, 40e3).value(), 60);
  EXPECT_DOUBLE_EQ(reached(kCurve, 1e6).value(), 70);
  EXPECT_EQ(reached({}, 1e6), std::nullopt);
}

TEST(CurveText, SettingsThatCostNoMoreAreLost) {
  const std::vector<evo::CurvePoint> broken = {{0, 50, 10e3}, {0.5, 90, 10e3}, {0.7, 99, 0}, {1, 60, 40e3}};
  EXPECT_DOUBLE_EQ(reached(broken, 10e3).value(), 50);
  EXPECT_NEAR(reached(broken, 20e3).value(), 55, 1e-9);
}

TEST(CurveText, ShowsTheCurveBesideTheFrontier) {
  const evo::Archive archive({{"a", 0, 55, 15e3}, {"b", 1, 75, 240e3}}, {});
  EXPECT_EQ(
      settings_table(kCurve),
      "| beta | accuracy | tokens |\n| --- | --- | --- |\n| 0 | 50.00 | 10000 |\n| 0.5 | 60.00 | 40000 |\n"
      "| 1 | 70.00 | 160000 |\n\n");
  EXPECT_EQ(budget_table(kCurve, frontier_curve(&archive), {10e3, 320e3}),
            "| within tokens | it reaches | best known | behind |\n| --- | --- | --- | --- |\n"
            "| 10000 | 50.00 | - | - |\n| 20000 | 55.00 | 57.08 | 2.08 |\n| 40000 | 60.00 | 62.08 | 2.08 |\n"
            "| 80000 | 65.00 | 67.08 | 2.08 |\n| 160000 | 70.00 | 72.08 | 2.08 |\n"
            "| 320000 | 70.00 | 75.00 | 5.00 |\n\n");
  EXPECT_TRUE(budget_table(kCurve, frontier_curve(nullptr), {5e3, 320e3})
                  .starts_with("| within tokens | it reaches |\n| --- | --- |\n| 5000 | - |\n"));
}

}  // namespace
}  // namespace llm_mutators
