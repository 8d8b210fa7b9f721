#include "net/ledger.hpp"

#include <gtest/gtest.h>

namespace net {
namespace {

TEST(Ledger, AllowsNothingThatCouldPassALimit) {
  Ledger ledger({.money = 1.0, .tokens = 100});
  EXPECT_TRUE(ledger.reserve({.money = 0.6, .input = 10}));
  EXPECT_FALSE(ledger.reserve({.money = 0.5, .input = 10}));
  EXPECT_FALSE(ledger.reserve({.money = 0.1, .input = 60, .output = 40}));
  ledger.settle({.money = 0.6, .input = 10}, {.money = 0.2, .input = 5});
  EXPECT_TRUE(ledger.reserve({.money = 0.5, .input = 10}));
  EXPECT_EQ(ledger.spent().money, 0.2);
}

TEST(Ledger, HoldsWhatWasAllowedBeforeWhateverTheLimits) {
  Ledger ledger({.money = 1.0});
  ledger.begin({.money = 0.9});
  ledger.hold({.money = 0.5});
  EXPECT_EQ(ledger.reserved().money, 0.5);
  EXPECT_FALSE(ledger.reserve({.money = 0.01}));
}

}  // namespace
}  // namespace net
