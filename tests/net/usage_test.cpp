#include "net/usage.hpp"

#include <gtest/gtest.h>

namespace net {
namespace {

TEST(Usage, CountsEachTokenOnceAtItsPrice) {
  const Price price{.input = 3, .cached_read = 0.3, .cache_write = 3.75, .output = 15};
  EXPECT_DOUBLE_EQ(cost(price, {.input = 1'000'000, .output = 0}), 3);
  EXPECT_DOUBLE_EQ(cost(price, {.input = 1'000'000,
                                .cached_read = 600'000,
                                .cache_write = 200'000,
                                .output = 100'000,
                                .reasoning = 90'000}),
                   0.6 + 0.18 + 0.75 + 1.5);
  EXPECT_DOUBLE_EQ(cost(price, {.input = 10, .cached_read = 900, .output = 0}), 10 * 0.3 / 1e6);
  EXPECT_FALSE((Usage{.input = 4}).known());
  EXPECT_GE(worst_cost(price, 4000, 100), cost(price, {.input = 4000, .cache_write = 4000, .output = 100}));
}

}  // namespace
}  // namespace net
