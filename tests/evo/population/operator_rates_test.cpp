#include "evo/population/operator_rates.hpp"

#include <array>
#include <gtest/gtest.h>
#include <string_view>

namespace evo {
namespace {

TEST(OperatorRates, WithoutCreditAllWeighTheSame) {
  const OperatorRates rates;
  EXPECT_EQ(rates.weight("subtree"), OperatorRates::kFloor + OperatorRates::kPrior);
  EXPECT_EQ(rates.weight("guard"), rates.weight("subtree"));
}

TEST(OperatorRates, EachNameOfAnOperationIsCredited) {
  OperatorRates rates;
  rates.credit("subtree+constants", true);
  rates.credit("constants", false);
  ASSERT_EQ(rates.records().size(), 2U);
  EXPECT_EQ(rates.records().at("subtree"), (OperatorRates::Record{1, 1}));
  EXPECT_EQ(rates.records().at("constants"), (OperatorRates::Record{2, 1}));
  EXPECT_GT(rates.weight("subtree"), rates.weight("constants"));
  EXPECT_GT(rates.weight("constants"), rates.weight("never tried"));
}

TEST(OperatorRates, WhatNeverGainsKeepsTheFloor) {
  OperatorRates rates;
  for (int i = 0; i < 100'000; ++i) rates.credit("guard", false);
  EXPECT_NEAR(rates.weight("guard"), OperatorRates::kFloor, 1e-4);
}

TEST(OperatorRates, BothSidesFadeTowardsThePrior) {
  OperatorRates rates;
  for (int i = 0; i < 10; ++i) rates.credit("subtree", true);
  rates.fade();
  EXPECT_EQ(rates.records().at("subtree"),
            (OperatorRates::Record{10 * OperatorRates::kFade, 10 * OperatorRates::kFade}));
  for (int i = 0; i < 300; ++i) rates.fade();
  EXPECT_NEAR(rates.weight("subtree"), OperatorRates().weight("subtree"), 1e-9);
}

TEST(OperatorRates, DrawsFollowTheWeights) {
  OperatorRates rates;
  for (int i = 0; i < 50; ++i) {
    rates.credit("subtree", true);
    rates.credit("guard", false);
  }
  constexpr std::array<std::string_view, 3> names = {"guard", "subtree", "register"};
  std::array<int, 3> drawn{};
  genome::base::Rng rng(7);
  constexpr int kDraws = 20'000;
  for (int i = 0; i < kDraws; ++i) ++drawn.at(rates.draw(rng, names));
  double sum = 0;
  for (const std::string_view name : names) sum += rates.weight(name);
  for (std::size_t i = 0; i < names.size(); ++i)
    EXPECT_NEAR(drawn.at(i), kDraws * rates.weight(names.at(i)) / sum, 300) << names.at(i);
}

}  // namespace
}  // namespace evo
