#include "evo/population/pareto.hpp"

#include <algorithm>
#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <span>

#include "tests/support/measured.hpp"

namespace evo {
namespace {

bool dominates(const ParetoPoint& a, const ParetoPoint& b) {
  return a.tokens <= b.tokens && a.accuracy >= b.accuracy && (a.tokens < b.tokens || a.accuracy > b.accuracy);
}

std::vector<ParetoPoint> points_of(const std::vector<std::pair<std::uint8_t, std::uint8_t>>& raw) {
  std::vector<ParetoPoint> points;
  for (const auto& [t, a] : raw) points.push_back({1.0 + t, static_cast<double>(a % 100)});
  return points;
}

// The sums that give those points.
class Sampled {
 public:
  explicit Sampled(const std::vector<ParetoPoint>& points) {
    for (const ParetoPoint& p : points) sums_.push_back(sums_of(p.accuracy, p.tokens));
    for (const Sums& each : sums_) measured_.emplace_back(&each, 1);
  }
  operator std::span<const Measured>() const { return measured_; }

 private:
  std::vector<Sums> sums_;
  std::vector<Measured> measured_;
};

TEST(Pareto, FrontIsWhatNothingDominates) {
  EXPECT_TRUE(rc::check("equal to the definition, in quadratic time",
                        [](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& raw) {
                          const auto points = points_of(raw);
                          std::vector<std::pair<double, double>> expected;
                          for (const auto& p : points) {
                            if (std::none_of(points.begin(), points.end(),
                                             [&](const auto& q) { return dominates(q, p); }))
                              expected.emplace_back(p.tokens, p.accuracy);
                          }
                          std::sort(expected.begin(), expected.end());
                          expected.erase(std::unique(expected.begin(), expected.end()), expected.end());
                          std::vector<std::pair<double, double>> found;
                          for (const std::size_t i : front(Sampled(points)))
                            found.emplace_back(points[i].tokens, points[i].accuracy);
                          RC_ASSERT(found == expected);
                        }));
}

TEST(Pareto, RankZeroIsTheFront) {
  EXPECT_TRUE(rc::check("points of rank 0 are those nothing dominates",
                        [](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& raw) {
                          const auto points = points_of(raw);
                          const auto standing = standings(Sampled(points));
                          RC_ASSERT(standing.size() == points.size());
                          for (std::size_t i = 0; i < points.size(); ++i) {
                            const bool free = std::none_of(points.begin(), points.end(), [&](const auto& q) {
                              return dominates(q, points[i]);
                            });
                            RC_ASSERT((standing[i].rank == 0) == free);
                          }
                        }));
}

// Sorting by what is not a number is no order at all.
TEST(Pareto, EqualPointsStandSomewhere) {
  for (const std::vector<ParetoPoint>& points :
       {std::vector<ParetoPoint>(3, {100, 50}), {{50, 60}, {100, 50}, {100, 50}, {100, 50}, {100, 50}}}) {
    for (const Standing& each : standings(Sampled(points))) EXPECT_FALSE(std::isnan(each.crowding));
  }
}

TEST(Pareto, HypervolumeOfOnePointIsARectangle) {
  // from 10 of [1, 100] on, half of the range in log tokens, at 60 percent
  EXPECT_NEAR(hypervolume({{10, 60}}, {1, 100}), 30, 1e-9);
  EXPECT_NEAR(hypervolume({{0.5, 60}}, {1, 100}), 60, 1e-9);
  EXPECT_EQ(hypervolume({{200, 60}}, {1, 100}), 0);
  EXPECT_EQ(hypervolume({}, {1, 100}), 0);
}

}  // namespace
}  // namespace evo
