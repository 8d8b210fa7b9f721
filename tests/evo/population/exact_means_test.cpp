#include "evo/population/exact_means.hpp"

#include <algorithm>
#include <boost/multiprecision/cpp_int.hpp>
#include <cmath>
#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <random>
#include <rapidcheck.h>
#include <vector>

namespace evo {
namespace {

using Rational = boost::multiprecision::cpp_rational;

Rational mean_tokens(const std::vector<Sums>& sums) {
  Rational total = 0;
  for (const Sums& each : sums) total += Rational(each.tokens, each.episodes);
  return total / sums.size();
}

// Of few or of many digits, so that both ways to the nearest double are gone.
std::vector<Sums> sums_from(const std::vector<std::pair<std::uint32_t, std::uint16_t>>& numbers, bool large) {
  std::vector<Sums> sums;
  for (const auto& [tokens, episodes] : numbers) {
    const std::int64_t scale = large ? 4'000'000'007 : 1;
    sums.push_back({episodes / 2, tokens * (scale / 2 + 1), tokens,
                    1 + std::int64_t{episodes} * (large ? 1'000'003 : 1)});
  }
  return sums;
}

TEST(ExactMeans, AFigureIsTheDoubleNearestToItsExactMean) {
  EXPECT_TRUE(rc::check("no neighbouring double is nearer",
                        [](const std::vector<std::pair<std::uint32_t, std::uint16_t>>& numbers, bool large) {
                          RC_PRE(!numbers.empty());
                          const auto sums = sums_from(numbers, large);
                          const double found = point_of(0, sums).tokens;
                          const Rational exact = mean_tokens(sums);
                          const auto error = [&](double value) -> Rational {
                            return abs(Rational(value) - exact);
                          };
                          const double more = std::nextafter(found, std::numeric_limits<double>::infinity());
                          const double less = std::nextafter(found, -std::numeric_limits<double>::infinity());
                          RC_ASSERT(error(found) <= error(more));
                          RC_ASSERT(error(found) <= error(less));
                        }));
}

TEST(ExactMeans, TheOrderOfEnvironmentsDoesNotMatter) {
  EXPECT_TRUE(rc::check(
      "shuffled sums have the same place and the same digits",
      [](const std::vector<std::pair<std::uint32_t, std::uint16_t>>& numbers, bool large, unsigned seed) {
        RC_PRE(!numbers.empty());
        const auto sums = sums_from(numbers, large);
        auto shuffled = sums;
        std::shuffle(shuffled.begin(), shuffled.end(), std::mt19937(seed));
        RC_ASSERT(point_of(0.5, sums) == point_of(0.5, shuffled));
        const std::vector<Measured> points = {sums, shuffled};
        const auto places = places_of(points);
        RC_ASSERT(places[0].tokens == places[1].tokens);
        RC_ASSERT(places[0].accuracy == places[1].accuracy);
      }));
}

// Numbers of environments and of episodes that differ, and sums that no double can hold.
TEST(ExactMeans, PlacesAreThoseOfTheFractions) {
  constexpr std::int64_t kLarge = std::numeric_limits<std::int64_t>::max() / 2;
  const std::vector<Sums> third = {{1, 1, 0, 3}}, same = {{1, 1, 0, 6}, {1, 3, 0, 6}, {4, 2, 0, 6}},
                          more = {{34, 34, 0, 100}}, large = {{1, kLarge, 0, 1}, {1, 1, 0, 7}},
                          larger = {{1, 1, 0, 7}, {1, kLarge, 0, 1}, {1, kLarge, 0, 1}};
  const std::vector<Measured> points = {more, third, same, larger, large};
  const auto places = places_of(points);
  EXPECT_EQ(places[1].tokens, 0U);
  EXPECT_EQ(places[2].tokens, 0U);
  EXPECT_EQ(places[0].tokens, 1U);
  EXPECT_EQ(places[4].tokens, 2U);
  EXPECT_EQ(places[3].tokens, 3U);
  EXPECT_EQ(places[1].accuracy, places[2].accuracy);
}

TEST(ExactMeans, RoundedMeansAreThoseOfEarlierPrograms) {
  const std::vector<Sums> sums = {{1, 7, 9, 10}, {2, 8, 9, 10}, {3, 9, 9, 10}};
  EXPECT_EQ(point_of(0, sums, Means::kRounded).accuracy, 10.0 / 3 + 20.0 / 3 + 30.0 / 3);
  EXPECT_EQ(point_of(0, sums).accuracy, 20);
}

}  // namespace
}  // namespace evo
