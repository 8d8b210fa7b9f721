#include "genome/variation/tunables.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "genome/material/schedule_entries.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/tree/constants.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

TEST(Tunables, TurnedControllersCheckAndDifferInNumbersOnly) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    const Controller c = tests::bred_controller(rng);
    const auto numbers = tunables(c, 20);
    RC_ASSERT(numbers.size() <= 20U);
    std::vector<double> moves;
    for (std::size_t i = 0; i < numbers.size(); ++i) moves.push_back(2 * base::uniform_real(rng) - 1);
    const auto child = with_moves(c, numbers, moves);
    if (!child) return;
    RC_ASSERT(checks(*child));
    RC_ASSERT(child->round.size() == c.round.size());
    RC_ASSERT(child->schedule.size() == c.schedule.size());
    for (std::size_t i = 0; i < c.round.size(); ++i) RC_ASSERT(child->round[i].verb == c.round[i].verb);
  }));
}

TEST(Tunables, NoMoveChangesNothing) {
  for (const KnownController& known : known_controllers()) {
    const Controller c = check_text(known.text).controller->tree();
    const auto numbers = tunables(c, 50);
    const auto same = with_moves(c, numbers, std::vector<double>(numbers.size(), 0.0));
    ASSERT_TRUE(same.has_value()) << known.name;
    EXPECT_EQ(*same, c) << known.name;
  }
}

TEST(Tunables, EntriesComeAsTheirEnds) {
  const Controller c =
      check_text(
          "controller a\nschedule\n  n rises round(2^(1 + 5 * beta))\n  k falls 0.7 - 0.4 * beta\n"
          "start\n  read n\nround\n  stop when confidence(finished) > k\nanswer\n  top(finished)\n")
          .controller->tree();
  const auto numbers = tunables(c, 50);
  ASSERT_EQ(numbers.size(), 4U);
  EXPECT_DOUBLE_EQ(numbers[0].value, 2);
  EXPECT_DOUBLE_EQ(numbers[1].value, 64);
  EXPECT_DOUBLE_EQ(numbers[2].value, 0.7);
  EXPECT_NEAR(numbers[3].value, 0.3, 1e-12);
  const auto child = with_moves(c, numbers, std::vector<double>{0, -1, 0.2, 0});
  ASSERT_TRUE(child.has_value());
  const auto low = schedule_at(*child, 0), high = schedule_at(*child, 1);
  EXPECT_EQ(low[0], 2);
  EXPECT_NEAR(high[0], 64 / 1.5, 1);
  EXPECT_NEAR(low[1], 0.7 * std::pow(1.5, 0.2), 0.005);
  EXPECT_NEAR(high[1], 0.3, 0.005);
}

TEST(Tunables, NewEndsOfAnEntryAreMetAndItsDirectionFollows) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    const bool whole = base::chance(rng, 0.5);
    const ScheduleEntry entry = sample_entry(rng, "n", 3, 40, whole);
    const double low = 1 + 60 * base::uniform_real(rng), high = 1 + 60 * base::uniform_real(rng);
    const auto moved = with_ends(entry, low, high);
    RC_ASSERT(moved.has_value());
    const double at_0 = evaluate_constant(moved->value, {{"beta", 0.0}});
    const double at_1 = evaluate_constant(moved->value, {{"beta", 1.0}});
    const double most = whole ? 0.8 : 0.3;  // three digits, and rounding
    RC_ASSERT(std::abs(at_0 - low) <= most);
    RC_ASSERT(std::abs(at_1 - high) <= most);
    RC_ASSERT(moved->direction == (at_1 >= at_0 ? Direction::kRises : Direction::kFalls) || at_0 == at_1);
  }));
}

TEST(Tunables, AnUnusualEntryKeepsItsShape) {
  const ScheduleEntry unusual{
      .name = "n", .value = apply(Op::kMax, {number(3), apply(Op::kMultiply, {number(9), name("beta")})})};
  EXPECT_FALSE(with_ends(unusual, 1, 2).has_value());
}

}  // namespace
}  // namespace genome
