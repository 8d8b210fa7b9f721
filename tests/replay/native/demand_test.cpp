// Which branches a slow function of lanes is computed for, and votes are looked up for.
#include "replay/native/demand.hpp"

#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "replay/native/flow.hpp"
#include "replay/native/program.hpp"
#include "replay/sources/synthetic.hpp"

namespace replay {
namespace {

using Sets = std::optional<std::vector<genome::Slot>>;
namespace slots = genome::slots;

// Of the only such instruction in the round.
Sets sets_of(genome::Code code, const std::string& round, const std::string& registers = "") {
  const auto checked = genome::check_text("controller c\n" + registers + "start\n  open 8\nround\n" + round +
                                          "\nanswer\n  top(finished)\n");
  EXPECT_TRUE(checked.controller.has_value()) << round;
  if (!checked.controller) return std::nullopt;
  const genome::Program program = genome::compile(*checked.controller);
  for (std::size_t at = program.round; at < program.answer; ++at) {
    if (program.code[at].code == code) return demanded_sets(program, program.answer, at);
  }
  ADD_FAILURE() << "no such instruction in " << round;
  return std::nullopt;
}
Sets sets_of_power(const std::string& round) { return sets_of(genome::Code::kBPower, round); }
Sets sets_of_votes(const std::string& round, const std::string& registers = "") {
  return sets_of(genome::Code::kBVotes, round, registers);
}

TEST(Demand, OfWeightsIsTheSetThatVotes) {
  const Sets finished = std::vector{slots::kFinished};
  EXPECT_EQ(sets_of_power("  advance active by 1\n  stop when support(finished, depth ^ 0.7) >= 2"),
            finished);
  EXPECT_EQ(sets_of_power("  advance active by 1\n  stop when support(finished, 3 * depth ^ 0.7 + 1) >= 2"),
            finished);
  EXPECT_EQ(sets_of_power("  advance active by 1\n  stop when sum(depth ^ 0.7, finished) >= 20"), finished);
}

TEST(Demand, IsOfAllWhereAnyMayBeRead) {
  EXPECT_EQ(sets_of_power("  advance active by 1\n  prune depth ^ 0.7 > 3"), std::nullopt);
  EXPECT_EQ(sets_of_power("  advance active by 1 when count(depth ^ 0.7 > 3) > 2"), std::nullopt);
  EXPECT_EQ(sets_of_votes("  stop when support(votes(answer, true) > 2) > 3"), std::nullopt);
  EXPECT_EQ(sets_of_votes("  v = votes(answer, active)\n  advance active by 1", "branch\n  v = 0\n"),
            std::nullopt);
}

TEST(Demand, IsOfThoseThatAnActionOrARegisterIsGivenItFor) {
  const Sets active = std::vector{slots::kActive};
  EXPECT_EQ(sets_of_power("  advance active by depth ^ 0.7"), active);
  EXPECT_EQ(sets_of_power("  advance active by 1 first depth ^ 0.7"), active);
  EXPECT_EQ(sets_of_votes("  prune active first -votes(answer, true) keep 2"), active);
  EXPECT_EQ(sets_of_votes("  prune active and votes(answer, true) < 3"), active);
  EXPECT_EQ(sets_of_votes("  v = if(votes(answer, true) > 2, votes(answer, true), 0) for active",
                          "branch\n  v = 0\n"),
            active);
}

// A set that is written after the instruction tells nothing before it.
TEST(Demand, IsOfAllWhereTheSetIsMadeOfIt) {
  EXPECT_EQ(sets_of_votes("  let v = votes(answer, true)\n  prune active and v < 2 first v"), std::nullopt);
  EXPECT_EQ(sets_of_votes("  v = v + 1 for votes(answer, true) > 2", "branch\n  v = 0\n"), std::nullopt);
}

TEST(Demand, IsOfEachSetThatVotes) {
  const Sets both = sets_of_power(
      "  let weight = depth ^ 0.7\n  advance active by 1 when sum(weight, finished) < sum(weight, active)");
  ASSERT_TRUE(both.has_value());
  EXPECT_EQ(both->size(), 2U);
}

TEST(Demand, IsOfAllWhereTheSetChangesMeanwhile) {
  EXPECT_EQ(
      sets_of_power("  let weight = depth ^ 0.7\n  advance active by 1 when support(active, weight) < 2\n"
                    "  stop when support(finished, weight) >= 2"),
      std::nullopt);
}

// What nobody else needs outside of a loop has to be at hand where the lanes are computed.
TEST(Demand, SetsAreReadByTheInstruction) {
  const auto checked = genome::check_text(
      "controller c\nstart\n  open 8\nround\n"
      "  prune active and depth > 4 first votes(answer, true) keep 2\n  advance active by 1\nanswer\n  "
      "top(true)\n");
  ASSERT_TRUE(checked.controller.has_value());
  const genome::Program program = genome::compile(*checked.controller);
  const SectionFlow flow(program, program.round, program.answer);
  std::vector<std::size_t> others;
  std::optional<std::size_t> votes;
  for (std::size_t at = 0; at < program.code.size(); ++at) {
    if (program.code[at].code == genome::Code::kBVotes)
      votes = at;
    else
      others.push_back(at);
  }
  ASSERT_TRUE(votes.has_value());
  const Sets sets = flow.demanded(*votes);
  ASSERT_TRUE(sets.has_value());
  ASSERT_EQ(sets->size(), 1U);
  const genome::SlotRef set{genome::Space::kBT, sets->front()};
  EXPECT_GE(set.slot, slots::kFirstBranchTruth);
  EXPECT_TRUE(flow.is_local(set));
  EXPECT_FALSE(flow.is_private_to(set, others));
}

// Native code, which leaves lanes out, against the interpreter, which does not.
TEST(Demand, LanesLeftOutChangeNothing) {
  if (all_native_targets().empty()) GTEST_SKIP() << "no code generator in this build, or no AVX2 here";
  const Environment environment = make_synthetic({.seed = 6, .questions = 12, .branches = 40});
  const auto order = ordering(1, environment.questions.front().branches.size());
  for (const char* round :
       {"  let weight = depth ^ 0.7\n  open 2\n  stop when support(active, weight) >= 30",
        "  let weight = log(1 + depth)\n  read 1\n  stop when support(finished, weight) >= 4",
        "  stop when support(finished, (tokens / mean(tokens, finished)) ^ 2.3) >= 3\n  open 1",
        "  prune active and answer != top(active) first -votes(answer, active) keep 2",
        "  let v = votes(answer, not pruned)\n  prune active and v < 2 first v keep 3\n  open 1",
        "  let v = votes(answer, active) ^ 1.5\n  prune active and (v < 2 or depth > 9) and depth > 2 keep 1",
        "  let late = depth > 4\n  advance active by if(late, votes(answer, late), 1) first votes(answer, "
        "true)",
        "  let weight = exp(-depth / 9)\n  prune active and weight < 0.1\n  stop when sum(weight, pruned) > "
        "1",
        "  stop when max(depth ^ 1.5, finished) - min(depth ^ 1.5, finished) > 40 or sum(depth ^ 0.5, "
        "active) > 90"}) {
    const auto checked =
        genome::check_text(std::string("controller c\nrounds 60\nstart\n  open 6\nround\n") + round +
                           "\n  advance active by 1\nanswer\n  top(finished, depth ^ 1.1)\n");
    ASSERT_TRUE(checked.controller.has_value()) << round;
    const genome::Program program = genome::compile(*checked.controller);
    for (const NativeTarget target : all_native_targets()) {
      const NativeProgram native(program, target);
      Machine interpreted, translated;
      for (const Question& question : environment.questions)
        EXPECT_EQ(translated.run(genome::bind(program, 0.5), question, order, {.native = native.sections()}),
                  interpreted.run(genome::bind(program, 0.5), question, order, {}))
            << round;
    }
  }
}

}  // namespace
}  // namespace replay
