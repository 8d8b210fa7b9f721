#include "evo/population/archive.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <string>
#include <utility>
#include <vector>

#include "genome/text/checker.hpp"

namespace evo {
namespace {

bool dominates(const ArchivePoint& a, const ArchivePoint& b) {
  return a.tokens <= b.tokens && a.accuracy >= b.accuracy && (a.tokens < b.tokens || a.accuracy > b.accuracy);
}

Individual with_curve(const std::string& id, std::vector<CurvePoint> curve) {
  const auto checked =
      genome::check_text("controller a\nstart\n  read 1\nanswer\n  top(finished)\n").controller;
  Individual individual = make_individual(*checked, {});
  individual.id = id;
  individual.curve = std::move(curve);
  return individual;
}

constexpr BudgetRange kAnyBudget{1, 1e9};

TEST(Archive, OnlyPointsWithinTheRangeOfBudgetsCount) {
  Archive archive;
  EXPECT_EQ(archive.offer(std::vector{with_curve("a", {{0, 30, 999}, {0.5, 40, 1000}, {1, 50, 2001}})},
                          {1000, 2000}),
            1);
  ASSERT_EQ(archive.points().size(), 1U);
  EXPECT_EQ(archive.points()[0].tokens, 1000);
}

TEST(Archive, KeepsWhatIsBetterAndDropsWhatIsDominated) {
  Archive archive;
  EXPECT_EQ(archive.offer(std::vector{with_curve("a", {{0, 30, 1000}, {1, 50, 5000}})}, kAnyBudget), 2);
  EXPECT_EQ(archive.offer(std::vector{with_curve("b", {{0, 40, 1000}, {1, 45, 8000}})}, kAnyBudget), 1);
  ASSERT_EQ(archive.points().size(), 2U);
  EXPECT_EQ(archive.points()[0].id, "b");
  EXPECT_EQ(archive.points()[1].id, "a");
  EXPECT_EQ(archive.offer(std::vector{with_curve("c", {{0, 60, 900}})}, kAnyBudget), 1);
  ASSERT_EQ(archive.points().size(), 1U);
  EXPECT_EQ(archive.texts().size(), 1U);
  EXPECT_TRUE(archive.texts().contains("c"));
}

TEST(Archive, IsBoundedByTheRangeOfTokens) {
  EXPECT_TRUE(rc::check("no kept point dominates another and no two share a cell",
                        [](const std::vector<std::pair<std::uint16_t, std::uint8_t>>& raw) {
                          Archive archive;
                          int number = 0;
                          for (const auto& [t, a] : raw)
                            archive.offer(
                                std::vector{with_curve(std::to_string(number++),
                                                       {{0, static_cast<double>(a % 100), 1000.0 + t}})},
                                kAnyBudget);
                          std::vector<long> cells;
                          for (const ArchivePoint& p : archive.points()) {
                            cells.push_back(std::lround(std::floor(std::log(p.tokens) / Archive::kCell)));
                            for (const ArchivePoint& q : archive.points())
                              RC_ASSERT(p == q || !dominates(q, p));
                          }
                          RC_ASSERT(std::adjacent_find(cells.begin(), cells.end()) == cells.end());
                        }));
}

}  // namespace
}  // namespace evo
