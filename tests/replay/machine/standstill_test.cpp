// A machine leaves out the rounds that are left where all of them would be the same.
#include <gtest/gtest.h>
#include <set>
#include <string>
#include <utility>

#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "genome/tree/observed.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "replay/sources/synthetic.hpp"

namespace replay {
namespace {

int rounds_run = 0, rounds_that_change = 0;

// Stands in for the translation of a round, of which the first so many change the state by one branch.
void count_round(NativeFrame* frame) {
  if (++rounds_run <= rounds_that_change) frame->branches->pruned ^= 1;
}
void do_nothing(NativeFrame*) {}

// How many rounds are run of a program of 500 rounds, none of which does anything. They count for the result
// even so.
int run_of(const std::string& before_round, const std::string& round) {
  const auto checked = genome::check_text("controller c\nrounds 500\n" + before_round +
                                          "start\n  open 4\nround\n" + round + "answer\n  top(true)\n");
  EXPECT_TRUE(checked.controller.has_value()) << round;
  if (!checked.controller) return -1;
  const genome::Program program = genome::compile(*checked.controller);
  const Environment environment = make_synthetic({.seed = 3, .questions = 1, .branches = 8});
  const auto order = ordering(0, 8);
  Machine machine;
  const auto bound = genome::bind(program, 0.5);
  rounds_run = 0;
  const EpisodeResult result =
      machine.run(bound, environment.questions.front(), order,
                  {.native = {.start = nullptr, .round = count_round, .answer = do_nothing}});
  EXPECT_EQ(result.rounds, 500) << round;
  return rounds_run;
}

TEST(Standstill, IsSeenByAFewComparisons) {
  for (const auto& [changing, run] :
       {std::pair{0, 2}, {1, 2}, {2, 3}, {3, 5}, {4, 5}, {8, 9}, {9, 17}, {40, 65}}) {
    rounds_that_change = changing;
    EXPECT_EQ(run_of("", "  advance active by 0\n"), run) << changing;
  }
  rounds_that_change = 0;
}

TEST(Standstill, IsNoneWhereProgramsLookAtTheTime) {
  EXPECT_EQ(run_of("", "  advance active by 1 when round >= 20\n"), 500);
  EXPECT_EQ(run_of("", "  advance active and age > 30 by 1\n"), 500);
  EXPECT_EQ(run_of("memory\n  m = 0\n", "  m = m + 1\n  advance active by 1 when ago(m, 3) > 30\n"), 500);
}

// The state holds active, pruned and probed branches, beside registers. Whatever else a program observes
// follows from where branches stand, which an idle round leaves as it is; or the program looks at the time.
TEST(Standstill, KnowsEveryObservedValueThatAnIdleRoundChanges) {
  const std::set<std::string_view> known = {"opened", "spent", "remaining", "active", "finished", "pruned",
                                            "answer", "depth", "tokens",    "streak", "changes"};
  for (const genome::Observed& value : genome::observed_values()) {
    if (value.varies <= genome::Varies::kEachRound) continue;
    EXPECT_TRUE(known.contains(value.name)) << value.name << ": can an idle round change it?";
  }
}

}  // namespace
}  // namespace replay
