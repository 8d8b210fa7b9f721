#include "llm_mutators/proposers/mate_choice.hpp"

#include <gtest/gtest.h>

#include "genome/text/known_controllers.hpp"

namespace llm_mutators {
namespace {

constexpr evo::BudgetRange kBudgets{10e3, 160e3};

evo::Individual with(std::vector<evo::CurvePoint> curve) {
  evo::Individual individual =
      evo::make_individual(genome::check_text(*genome::known_controller("sc")).controller.value(), {});
  individual.curve = std::move(curve);
  return individual;
}

class Strengths : public testing::Test {
 protected:
  const evo::Individual cheap_ = with({{0, 60, 10e3}, {1, 61, 20e3}});
  const evo::Individual dear_ = with({{0, 50, 10e3}, {1, 80, 160e3}});
  const evo::Individual behind_ = with({{0, 50, 10e3}, {1, 60, 160e3}});
};

TEST_F(Strengths, ALeadIsCountedWhereThereIsOne) {
  EXPECT_GT(lead(cheap_, dear_, kBudgets), 0);
  EXPECT_GT(lead(dear_, cheap_, kBudgets), 0);
  EXPECT_EQ(lead(behind_, cheap_, kBudgets), 0);
  EXPECT_EQ(lead(cheap_, cheap_, kBudgets), 0);
  EXPECT_NEAR(lead(with({{0, 60, 10e3}}), with({{0, 50, 10e3}}), kBudgets), 10, 1e-9);
}

TEST_F(Strengths, AMateIsStrongWhereTheParentIsWeak) {
  const evo::Individual* all[] = {&behind_, &cheap_, &dear_};
  EXPECT_EQ(complement(cheap_, all, kBudgets), &dear_);
  EXPECT_EQ(complement(behind_, all, kBudgets), &dear_);
  EXPECT_EQ(complement(dear_, all, kBudgets), &cheap_);
  const evo::Individual* weak[] = {&behind_, &cheap_};
  EXPECT_EQ(complement(cheap_, weak, kBudgets), nullptr);
  EXPECT_EQ(complement(cheap_, {}, kBudgets), nullptr);
}

}  // namespace
}  // namespace llm_mutators
