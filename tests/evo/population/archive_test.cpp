#include "evo/population/archive.hpp"

#include <algorithm>
#include <cmath>
#include <cstdint>
#include <gtest/gtest.h>
#include <map>
#include <random>
#include <rapidcheck.h>
#include <span>
#include <string>
#include <utility>
#include <vector>

#include "genome/text/checker.hpp"
#include "tests/support/measured.hpp"

namespace evo {
namespace {

bool dominates(const ArchivePoint& a, const ArchivePoint& b) {
  return a.tokens <= b.tokens && a.accuracy >= b.accuracy && (a.tokens < b.tokens || a.accuracy > b.accuracy);
}

Individual with_curve(const std::string& id, const std::vector<CurvePoint>& curve) {
  const auto checked =
      genome::check_text("controller a\nstart\n  read 1\nanswer\n  top(finished)\n").controller;
  Individual individual = make_individual(*checked, {});
  individual.id = id;
  measure(individual, curve);
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

// Of several offers together, as those of islands, what the last one drops is not new.
TEST(Archive, CountsWhatIsNewSinceAnother) {
  Archive archive;
  archive.offer(std::vector{with_curve("a", {{0, 30, 1000}, {1, 50, 5000}})}, kAnyBudget);
  const Archive before = archive;
  EXPECT_EQ(archive.new_since(before), 0);
  EXPECT_EQ(archive.new_since(Archive()), 2);
  EXPECT_EQ(archive.offer(std::vector{with_curve("b", {{0, 40, 1000}})}, kAnyBudget), 1);
  EXPECT_EQ(archive.offer(std::vector{with_curve("c", {{0, 45, 900}})}, kAnyBudget), 1);
  EXPECT_EQ(archive.new_since(before), 1);
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

// Whole sums over two environments, of 300 and of 70 episodes; on them dominance is decided by hand.
struct Raw {
  std::int64_t right_a = 0, right_b = 0, tokens_a = 0, tokens_b = 0;
  std::int64_t right() const { return 7 * right_a + 30 * right_b; }  // times 4200
  std::int64_t tokens() const { return 7 * tokens_a + 30 * tokens_b; }
  bool dominates(const Raw& other) const {
    return tokens() <= other.tokens() && right() >= other.right() &&
           (tokens() < other.tokens() || right() > other.right());
  }
};

Individual with_sums(const std::string& id, const Raw& raw) {
  Individual individual = with_curve(id, {});
  individual.sums = {{raw.right_a, raw.tokens_a, 0, 300}, {raw.right_b, raw.tokens_b, 0, 70}};
  individual.curve = {point_of(0.5, individual.sums)};
  return individual;
}

// Few different figures, so that many means are equal.
std::vector<Raw> raws_from(const std::vector<std::pair<std::uint8_t, std::uint8_t>>& numbers) {
  std::vector<Raw> raws;
  for (const auto& [a, b] : numbers) {
    const std::int64_t right = a % 4, shift = b % 3, tokens = a / 4 % 8;
    raws.push_back({30 * (right + shift), 7 * (6 - shift), 300'000 + 3000 * (tokens + shift),
                    70'000 - 700 * shift + 700 * (b % 5)});
  }
  return raws;
}

std::map<std::pair<std::int64_t, std::int64_t>, int> kept_of(const Archive& archive,
                                                             const std::vector<Raw>& raws) {
  std::map<std::pair<std::int64_t, std::int64_t>, int> kept;
  for (const ArchivePoint& p : archive.points()) {
    const Raw& raw = raws[std::stoul(p.id)];
    ++kept[{raw.tokens(), raw.right()}];
  }
  return kept;
}

TEST(Archive, HoldsNothingThatAnythingOfferedDominatesWhateverTheOrder) {
  EXPECT_TRUE(rc::check("by integers",
                        [](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& numbers, unsigned seed) {
                          const std::vector<Raw> raws = raws_from(numbers);
                          std::vector<Individual> all;
                          for (std::size_t i = 0; i < raws.size(); ++i)
                            all.push_back(with_sums(std::to_string(i), raws[i]));
                          Archive at_once;
                          at_once.offer(all, kAnyBudget);
                          std::shuffle(all.begin(), all.end(), std::mt19937(seed));
                          Archive one_by_one;
                          for (const Individual& each : all)
                            one_by_one.offer(std::span(&each, 1), kAnyBudget);
                          const auto kept = kept_of(at_once, raws);
                          RC_ASSERT(kept_of(one_by_one, raws) == kept);
                          for (const auto& [figures, times] : kept) RC_ASSERT(times == 1);
                          for (const ArchivePoint& p : one_by_one.points()) {
                            for (const Raw& raw : raws) RC_ASSERT(!raw.dominates(raws[std::stoul(p.id)]));
                          }
                          RC_ASSERT(one_by_one.dominated().empty());
                        }));
}

// Environments swap their sums: in floating point the means come out apart in the last bit.
TEST(Archive, EqualMeansOfDifferentSumsAreEqual) {
  Individual cheap = with_curve("cheap", {}), dear = with_curve("dear", {});
  cheap.sums = {{1, 1000, 0, 10}, {1, 1000, 0, 10}, {9, 1000, 0, 10}};
  dear.sums = {{1, 1300, 0, 10}, {9, 1000, 0, 10}, {1, 1000, 0, 10}};
  std::vector<Individual> both = {dear, cheap};
  for (const Means means : {Means::kExact, Means::kRounded}) {
    for (Individual& each : both) each.curve = {point_of(0.5, each.sums, means)};
    Archive archive;
    archive.offer(both, kAnyBudget, means);
    EXPECT_EQ(archive.points().size(), means == Means::kExact ? 1U : 2U);
    EXPECT_EQ(archive.dominated().size(), means == Means::kExact ? 0U : 1U) << "what verify would say";
  }
}

}  // namespace
}  // namespace evo
