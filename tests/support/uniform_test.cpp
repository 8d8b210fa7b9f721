#include "tests/support/uniform.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <gtest/gtest.h>
#include <limits>
#include <numeric>
#include <set>
#include <vector>

namespace tests {
namespace {

// Draws of a property in the order they were made, `many` in each of its 100 cases.
template <typename T>
std::vector<T> drawn_by_a_property(const rc::Gen<T>& gen, int many) {
  std::vector<T> draws;
  EXPECT_TRUE(rc::check([&] {
    for (int i = 0; i < many; ++i) draws.push_back(*gen);
  }));
  return draws;
}

double mean_of(const std::vector<int>& draws) {
  return std::accumulate(draws.begin(), draws.end(), 0.0) / static_cast<double>(draws.size());
}

TEST(Uniform, EveryTenthOfTheRangeIsDrawnEquallyOften) {
  const std::vector<int> draws = drawn_by_a_property(uniform(0, 1000), 200);
  ASSERT_EQ(draws.size(), 20'000U);
  std::array<int, 10> tenths{};
  for (const int draw : draws) ++tenths.at(static_cast<std::size_t>(draw / 100));
  double distance = 0;  // chi squared with nine degrees of freedom: above 34 once in ten thousand seeds
  for (const int count : tenths) distance += (count - 2000.0) * (count - 2000.0) / 2000.0;
  EXPECT_LT(distance, 34) << testing::PrintToString(tenths);
  EXPECT_NEAR(mean_of(draws), 499.5, 10);
}

// What it is for: the generator of rapidcheck is none of this.
TEST(Uniform, InRangeIsScaledByTheSize) {
  const std::vector<int> draws = drawn_by_a_property(rc::gen::inRange(0, 1000), 200);
  EXPECT_LT(mean_of(draws), 300);
  EXPECT_EQ(std::count(draws.begin(), draws.begin() + 200, 0), 200) << "the first case is the minimum";
}

TEST(Uniform, TheFirstCaseDrawsFromTheWholeRange) {
  const std::vector<int> draws = drawn_by_a_property(uniform(-50, 50), 200);
  const auto [least, most] = std::minmax_element(draws.begin(), draws.begin() + 200);
  EXPECT_LT(*least, -40);
  EXPECT_GT(*most, 40);
}

TEST(Uniform, BothEndsAreReachedAndNothingBeyond) {
  const std::vector<int> draws = drawn_by_a_property(uniform(-2, 3), 20);
  EXPECT_EQ(std::set<int>(draws.begin(), draws.end()), (std::set<int>{-2, -1, 0, 1, 2}));
  const auto wide = drawn_by_a_property(
      uniform(std::numeric_limits<std::int64_t>::min(), std::numeric_limits<std::int64_t>::max()), 20);
  const auto below = std::count_if(wide.begin(), wide.end(), [](std::int64_t draw) { return draw < 0; });
  EXPECT_NEAR(static_cast<double>(below), 1000, 150);
  EXPECT_THROW(uniform(3, 3), std::invalid_argument);
}

TEST(Uniform, BytesCoverTheirWholeRange) {
  const std::vector<char> bytes = drawn_by_a_property(uniform_char(), 50);
  EXPECT_EQ(std::set<char>(bytes.begin(), bytes.end()).size(), 256U);
}

TEST(Uniform, ADrawIsAFunctionOfTheSeedAlone) {
  std::set<int> different;
  for (std::uint64_t seed = 0; seed < 50; ++seed) {
    const rc::Random random(seed);
    const int draw = uniform(0, 1'000'000)(random, 0).value();
    for (const int size : {0, 1, 50, 100, 1000})
      EXPECT_EQ(uniform(0, 1'000'000)(random, size).value(), draw) << size;
    different.insert(draw);
  }
  EXPECT_GT(different.size(), 48U);
}

TEST(Uniform, AFailingDrawShrinksTowardsTheLeast) {
  const auto draw = uniform(10, 1000)(rc::Random(1), 100);
  ASSERT_GT(draw.value(), 10);
  EXPECT_EQ(draw.shrinks().next()->value(), 10);
}

}  // namespace
}  // namespace tests
