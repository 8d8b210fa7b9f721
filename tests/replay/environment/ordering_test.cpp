#include "replay/environment/ordering.hpp"

#include <algorithm>
#include <cstdint>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <vector>

#include "tests/support/uniform.hpp"

namespace replay {
namespace {

using Order = std::vector<std::uint32_t>;

// The expected values of this file were printed by CPython 3.11:
//   l = list(range(n)); random.Random(s).shuffle(l)
TEST(Ordering, EqualsCPythonOnSmallSizes) {
  EXPECT_EQ(ordering(0, 0), Order{});
  EXPECT_EQ(ordering(0, 1), Order{0});
  EXPECT_EQ(ordering(0, 2), (Order{0, 1}));
  EXPECT_EQ(ordering(1, 2), (Order{1, 0}));
  EXPECT_EQ(ordering(7, 3), (Order{2, 0, 1}));
  EXPECT_EQ(ordering(0, 8), (Order{4, 1, 5, 2, 0, 3, 7, 6}));
  EXPECT_EQ(ordering(1, 8), (Order{3, 6, 1, 5, 7, 0, 4, 2}));
}

TEST(Ordering, EqualsCPythonOnSeedsBeyond32Bits) {
  EXPECT_EQ(ordering(0xFFFFFFFFU, 8), (Order{0, 6, 7, 2, 5, 4, 1, 3}));
  EXPECT_EQ(ordering(0x100000000U, 8), (Order{5, 7, 6, 4, 0, 3, 2, 1}));
  EXPECT_EQ(ordering(0x100000005U, 8), (Order{5, 6, 1, 0, 4, 7, 3, 2}));
  EXPECT_EQ(ordering(12345678901234567890U, 8), (Order{0, 3, 4, 1, 5, 2, 6, 7}));
  EXPECT_EQ(ordering(0xFFFFFFFFFFFFFFFFU, 8), (Order{5, 7, 3, 6, 4, 2, 1, 0}));
}

// A whole ordering in one number: h = h * 1000003 + x (mod 2^64) over its elements.
std::uint64_t folded(const Order& order) {
  std::uint64_t hash = 0;
  for (const std::uint32_t x : order) hash = hash * 1000003U + x;
  return hash;
}

TEST(Ordering, EqualsCPythonOnLargeSizes) {
  EXPECT_EQ(folded(ordering(0, 64)), 16017358028125019144U);
  EXPECT_EQ(folded(ordering(99, 64)), 17270833398984554942U);
  EXPECT_EQ(folded(ordering(0, 128)), 1276512554577469432U);
  EXPECT_EQ(folded(ordering(99, 128)), 428995736321685766U);
  EXPECT_EQ(folded(ordering(0x100000005U, 128)), 18109067316646832294U);
  EXPECT_EQ(folded(ordering(0, 1000)), 6007762927763264248U);
  EXPECT_EQ(folded(ordering(3, 1000)), 2748362637054793458U);
  EXPECT_EQ(folded(ordering(0x100000005U, 1000)), 12734771174898532350U);
}

RC_GTEST_PROP(Ordering, IsAPermutation, (std::uint64_t seed)) {
  const auto branches = *tests::uniform<std::size_t>(0, 300);
  Order order = ordering(seed, branches);
  RC_ASSERT(order.size() == branches);
  std::sort(order.begin(), order.end());
  for (std::size_t i = 0; i < branches; ++i) RC_ASSERT(order[i] == i);
}

TEST(Orderings, HoldsEverySeedForEverySize) {
  const Orderings orderings(5, 3, {8, 1, 128, 8});
  EXPECT_EQ(orderings.count(), 3U);
  for (const std::size_t branches : {1U, 8U, 128U}) {
    for (std::size_t index = 0; index < 3; ++index) {
      EXPECT_EQ(orderings.seed(index), 5 + index);
      const auto dealt = orderings.at(index, branches);
      EXPECT_EQ(Order(dealt.begin(), dealt.end()), ordering(5 + index, branches));
    }
  }
}

TEST(OrderingsDeathTest, RefusesWhatItWasNotMadeFor) {
  const Orderings orderings(0, 2, {8});
  EXPECT_DEATH(orderings.at(2, 8), "invariant broken");
  EXPECT_DEATH(orderings.at(0, 9), "invariant broken");
}

}  // namespace
}  // namespace replay
