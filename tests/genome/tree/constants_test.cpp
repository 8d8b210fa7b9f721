#include "genome/tree/constants.hpp"

#include <gtest/gtest.h>
#include <optional>
#include <rapidcheck.h>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/program/program.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/parser.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

std::vector<double> cmc_at(double beta) {
  return schedule_at(parse(*known_controller("cmc")).controller, beta);
}

TEST(Constants, ScheduleOfCmc) {
  EXPECT_EQ(cmc_at(0), (std::vector<double>{2, 4, 2, 3, 2, 0.7, 0.85, 0.04, 1, 1, 0.04, 2}));
  // halves go to even: round(2.5) is 2, round(3.5) is 4
  EXPECT_EQ(cmc_at(0.5), (std::vector<double>{5, 34, 6, 8, 5, 0.5, 0.91, 0.025, 2, 2, 0.025, 4}));
  EXPECT_EQ(cmc_at(1), (std::vector<double>{8, 64, 10, 12, 8, 0.3, 0.97, 0.01, 3, 4, 0.01, 5}));
}

TEST(Constants, GridGoesFrom0To1) {
  EXPECT_EQ(direction_grid().size(), 101U);
  EXPECT_EQ(direction_grid().front(), 0);
  EXPECT_EQ(direction_grid().back(), 1);
  EXPECT_EQ(direction_grid()[7], 0.07);
}

TEST(Constants, TruthsThatNeverChangeAreFound) {
  std::vector<ConstantNames> grid;
  for (const double beta : direction_grid()) grid.push_back({{"beta", beta}});
  const auto truth_of = [&](Op op, double bound) {
    return same_truth(grid, apply(op, {name("beta"), number(bound)}));
  };
  EXPECT_EQ(truth_of(Op::kLessEqual, 1), true);
  EXPECT_EQ(truth_of(Op::kGreater, 1), false);
  EXPECT_EQ(truth_of(Op::kGreater, 0.99), std::nullopt);
}

// bind() and the checker's evaluation go different ways to the same digits.
TEST(Constants, EqualWhatAProgramIsBoundTo) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    for (int i = 0; i < 20; ++i) {
      const Controller c = tests::wild_controller(rng);
      const Program program = compile(*check(c).controller);
      const double beta = base::uniform_real(rng);
      const BoundProgram bound = bind(program, beta);
      const ConstantNames names = constant_names(c, beta);
      RC_ASSERT(bound.numbers[slots::kBeta] == beta);
      RC_ASSERT(bound.numbers[program.memory[0].slot] == evaluate_constant(c.memory[0].initial, names));
      RC_ASSERT((bound.truths[program.memory[1].slot] != 0) ==
                (evaluate_constant(c.memory[1].initial, names) != 0));
      RC_ASSERT(bound.branch_initial[0] == evaluate_constant(c.branch[0].initial, names));
    }
  }));
}

TEST(Constants, ManySettingsAtOnceAreOneAfterTheOther) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    for (int i = 0; i < 20; ++i) {
      const Controller c = tests::wild_controller(rng);
      const auto grid = direction_grid();
      NamedCurves curves{{"beta", {grid.begin(), grid.end()}}};
      for (const ScheduleEntry& entry : c.schedule) {
        const auto curve = evaluate_along(entry.value, grid.size(), curves);
        for (std::size_t at = 0; at < grid.size(); at += 10)
          RC_ASSERT(curve[at] == constant_names(c, grid[at]).at(entry.name));
        curves[entry.name] = curve;
      }
    }
  }));
}

}  // namespace
}  // namespace genome
