#include "genome/variation/habits.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <gtest/gtest.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/printer.hpp"
#include "genome/tree/constants.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "replay/machine/signal_columns.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

const std::vector<RecordedSignal> kSignals = {{"logprob", -0.75, -0.25}};
const Material kWithSignals(kSignals);

// Opens a dozen branches and follows them to their ends.
Controller plain() {
  return check_text(
             "controller plain\nrounds 200\nstart\n  open 12\nround\n  advance active by 1\n"
             "  stop when not any(active)\nanswer\n  top(finished)\n  top(not pruned)\n")
      .controller->tree();
}

TEST(Habits, GoWithAnyControllerThatAdvances) {
  for (const Habit habit : all_habits(kWithSignals)) {
    for (std::uint64_t i = 0; i < 40; ++i) {
      base::Rng rng = base::keyed_stream(i, base::Purpose::kTest, static_cast<std::uint64_t>(habit));
      Controller c = plain();
      ASSERT_TRUE(add_habit(rng, c, habit, kWithSignals));
      const CheckResult result = check(c);
      EXPECT_TRUE(result.controller.has_value()) << render_all(result.diagnostics, "habit", print(c));
    }
  }
}

TEST(Habits, MostChangeWhatIsDone) {
  const auto world =
      replay::make_synthetic({.seed = 6, .questions = 6, .branches = 32, .signals = "logprob"});
  const auto order = replay::ordering(0, 32);
  replay::Machine machine;
  const auto done = [&](const Controller& c) {
    const Program program = compile(*check(c).controller);
    const BoundProgram bound = bind(program, 0.5);
    const auto columns = replay::signal_columns(program, world);
    std::vector<std::int64_t> all;
    for (const replay::Question& q : world.questions) {
      const auto result = machine.run(bound, q, order, {.columns = columns});
      all.insert(all.end(), {result.tokens, result.latency_tokens, std::int64_t{result.answer}});
    }
    return all;
  };
  const auto before = done(plain());
  for (const Habit habit : all_habits(kWithSignals)) {
    int changed = 0;
    for (std::uint64_t i = 0; i < 20; ++i) {
      base::Rng rng = base::keyed_stream(i, base::Purpose::kTest, static_cast<std::uint64_t>(habit));
      Controller c = plain();
      add_habit(rng, c, habit, kWithSignals);
      changed += done(c) != before;
    }
    // A late branch is caught up with only where another habit opens late ones.
    if (habit == Habit::kCatchUp) continue;
    EXPECT_GE(changed, 8) << static_cast<int>(habit);
  }
}

// A run draws on the habits of its edition, and on those of signals where there are some.
TEST(Habits, AreThoseOfTheEditionAndOfTheSignals) {
  const auto first = all_habits(Material(kSignals, kFirstEdition));
  const auto comparing = all_habits(Material({}, kComparingEdition)), all = all_habits(kWithSignals);
  EXPECT_EQ(first.size(), 10U);
  EXPECT_EQ(first.back(), Habit::kGiveUp);
  EXPECT_EQ(comparing.size(), 14U);
  EXPECT_EQ(all.size(), 17U);
  EXPECT_TRUE(std::ranges::equal(first, all.first(10)));
  EXPECT_TRUE(std::ranges::equal(comparing, all.first(14)));
  for (const Habit habit : all.subspan(14)) {
    Controller c = plain();
    base::Rng rng = base::keyed_stream(1, base::Purpose::kTest);
    EXPECT_FALSE(add_habit(rng, c, habit)) << "without a signal";
    EXPECT_EQ(c, plain());
  }
}

// The limits at both ends of the knob.
std::pair<double, double> limits(std::uint64_t i, const Material& material) {
  base::Rng rng = base::keyed_stream(i, base::Purpose::kTest);
  Controller c = plain();
  EXPECT_TRUE(add_habit(rng, c, Habit::kGiveUp, material));
  if (!c.schedule.empty()) {
    const Expr& limit = c.schedule.front().value;
    return {evaluate_constant(limit, {{"beta", 0.0}}), evaluate_constant(limit, {{"beta", 1.0}})};
  }
  constexpr std::string_view kBefore = "depth, active) >= ";
  const std::string text = print(c);
  const std::size_t at = text.find(kBefore);
  EXPECT_NE(at, std::string::npos) << text;
  if (at == std::string::npos) return {0, 0};
  const double same = std::stod(text.substr(at + kBefore.size()));
  return {same, same};
}

TEST(Habits, GivingUpWaitsUntilBranchesAreLong) {
  constexpr int kTries = 60;
  constexpr double kRounded = 1e-9;
  int same = 0, early = 0;
  for (std::uint64_t i = 0; i < kTries; ++i) {
    const auto [at_0, at_1] = limits(i, Material::plain());
    EXPECT_GE(std::min(at_0, at_1), 30 - kRounded);
    EXPECT_LE(std::max(at_0, at_1), 64 + kRounded);
    same += at_0 == at_1 ? 1 : 0;
    early += limits(i, Material({}, kDesignsEdition)).first < 30 ? 1 : 0;
  }
  EXPECT_NEAR(same, kTries / 3, kTries / 6);
  EXPECT_GT(early, kTries / 4) << "as editions before did";
}

// What it is for: a branch that errs alone ends where it leaves the others.
TEST(Habits, FollowingGivesUpWhoLeavesTheOthers) {
  int alone = 0;
  for (std::uint64_t i = 0; i < 20; ++i) {
    base::Rng rng = base::keyed_stream(i, base::Purpose::kTest);
    Controller c = plain();
    ASSERT_TRUE(add_habit(rng, c, Habit::kFollow));
    const auto prunes = std::ranges::find(c.round, Verb::kPrune, &Statement::verb);
    ASSERT_NE(prunes, c.round.end());
    EXPECT_FALSE(prunes->keep.empty()) << "somebody must go on";
    alone += print(c).contains("answer != top(active)") ? 1 : 0;
  }
  EXPECT_GT(alone, 8);
  EXPECT_LT(alone, 20);
}

TEST(Habits, VotesByLengthTakeLongOnesOrShortOnes) {
  int longer = 0;
  constexpr int kTries = 40;
  for (std::uint64_t i = 0; i < kTries; ++i) {
    base::Rng rng = base::keyed_stream(i, base::Purpose::kTest);
    Controller c = plain();
    ASSERT_TRUE(add_habit(rng, c, Habit::kByLength));
    EXPECT_TRUE(print(c).contains("top(finished, (tokens / mean(tokens, finished))^power)")) << print(c);
    const double at_0 = evaluate_constant(c.schedule.front().value, {{"beta", 0.0}});
    const double at_1 = evaluate_constant(c.schedule.front().value, {{"beta", 1.0}});
    EXPECT_GT(at_0 * at_1, 0) << "one way at every beta";
    longer += at_0 > 0 ? 1 : 0;
  }
  EXPECT_GT(longer, 8);
  EXPECT_LT(longer, kTries - 8);
}

TEST(Habits, CatchingUpNeedsALineThatAdvances) {
  Controller c = check_text("controller a\nstart\n  read 3\nanswer\n  top(finished)\n").controller->tree();
  base::Rng rng = base::keyed_stream(1, base::Purpose::kTest);
  EXPECT_FALSE(add_habit(rng, c, Habit::kCatchUp));
  EXPECT_FALSE(add_habit(rng, c, Habit::kFavour));
}

}  // namespace
}  // namespace genome
