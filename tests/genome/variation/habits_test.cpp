#include "genome/variation/habits.hpp"

#include <gtest/gtest.h>

#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "genome/text/printer.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

// Opens a dozen branches and follows them to their ends.
Controller plain() {
  return check_text(
             "controller plain\nrounds 200\nstart\n  open 12\nround\n  advance active by 1\n"
             "  stop when not any(active)\nanswer\n  top(finished)\n  top(not pruned)\n")
      .controller->tree();
}

TEST(Habits, GoWithAnyControllerThatAdvances) {
  for (const Habit habit : all_habits()) {
    for (std::uint64_t i = 0; i < 40; ++i) {
      base::Rng rng = base::keyed_stream(i, base::Purpose::kTest, static_cast<std::uint64_t>(habit));
      Controller c = plain();
      ASSERT_TRUE(add_habit(rng, c, habit));
      const CheckResult result = check(c);
      EXPECT_TRUE(result.controller.has_value()) << render_all(result.diagnostics, "habit", print(c));
    }
  }
}

TEST(Habits, MostChangeWhatIsDone) {
  const auto world = replay::make_synthetic({.seed = 6, .questions = 6, .branches = 32});
  const auto order = replay::ordering(0, 32);
  replay::Machine machine;
  const auto spent = [&](const Controller& c) {
    const Program program = compile(*check(c).controller);
    const BoundProgram bound = bind(program, 0.5);
    std::vector<std::int64_t> tokens;
    for (const replay::Question& q : world.questions) {
      const auto result = machine.run(bound, q, order);
      tokens.push_back(result.tokens);
      tokens.push_back(result.latency_tokens);
    }
    return tokens;
  };
  const auto before = spent(plain());
  for (const Habit habit : all_habits()) {
    int changed = 0;
    for (std::uint64_t i = 0; i < 20; ++i) {
      base::Rng rng = base::keyed_stream(i, base::Purpose::kTest, static_cast<std::uint64_t>(habit));
      Controller c = plain();
      add_habit(rng, c, habit);
      changed += spent(c) != before;
    }
    // A late branch is caught up with only where another habit opens late ones.
    if (habit == Habit::kCatchUp) continue;
    EXPECT_GE(changed, 8) << static_cast<int>(habit);
  }
}

TEST(Habits, CatchingUpNeedsALineThatAdvances) {
  Controller c = check_text("controller a\nstart\n  read 3\nanswer\n  top(finished)\n").controller->tree();
  base::Rng rng = base::keyed_stream(1, base::Purpose::kTest);
  EXPECT_FALSE(add_habit(rng, c, Habit::kCatchUp));
  EXPECT_FALSE(add_habit(rng, c, Habit::kFavour));
}

}  // namespace
}  // namespace genome
