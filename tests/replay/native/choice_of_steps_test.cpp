// Branches that advance by a choice between two numbers, which are the same for some settings of the knob.
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "genome/program/compiler.hpp"
#include "genome/text/checker.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "replay/native/program.hpp"
#include "replay/sources/synthetic.hpp"

namespace replay {
namespace {

genome::Program with_round(const std::string& lines) {
  const std::string text =
      "controller c\nschedule\n  burst rises round(1 + 2 * beta)\n  pause falls round(1 - beta)\nmemory\n"
      "  seen = 0\nbranch\n  pace = 1\nstart\n  open 9\nround\n" +
      lines + "  stop when count(finished) >= 5\nanswer\n  top(finished)\n  top(not pruned)\n";
  const auto checked = genome::check_text(text);
  EXPECT_TRUE(checked.controller.has_value()) << text;
  return genome::compile(checked.controller.value());
}

const char* const kRounds[] = {
    "  advance active by if(answer == top(finished), burst, 1)\n",
    "  advance active by if(answer == top(finished), burst, 1) first depth\n",
    "  advance active by if(answer == top(finished), burst, 1) first -tokens\n",
    "  advance active by if(answer == top(finished), burst, pause)\n",
    "  advance active by if(blank(answer), 1, 1)\n",
    "  advance active by if(blank(answer), 2, 2)\n  advance active and depth < 9 by 1\n",
    "  advance depth < 6 by if(streak > 2, 1, burst)\n  advance active by 1\n",
    "  advance active by if(changes > 1, burst, 1)\n",
    "  continue active by if(answer == top(finished), burst, 1)\n  probe depth > 4\n",
    // Branches that are opened between the choice and the advance stay where they are.
    "  let paces = if(depth > 3, burst, 1)\n  open 1 when opened < 30\n  advance active by paces\n",
    "  let paces = if(depth > 3, 1, 1)\n  open 1 when opened < 30\n  advance active by paces\n",
    "  pace = if(depth > 3, burst, 1)\n  open 2 when round == 3\n  advance active by pace\n",
    // A number that changes in between.
    "  seen = 1\n  let paces = if(depth > 3, seen, 1)\n  seen = 3\n  advance active by paces\n",
    "  advance active by if(depth > 3, round / 0, 1)\n",
};

TEST(ChoiceOfSteps, IsAsTheInterpreterMakesIt) {
  const Environment environment = make_synthetic({.seed = 7, .questions = 3, .branches = 40});
  for (const NativeTarget target : all_native_targets()) {
    for (const char* const lines : kRounds) {
      const genome::Program program = with_round(lines);
      const NativeProgram native(program, target);
      Machine one, other;
      for (const Question& question : environment.questions) {
        const auto order = ordering(3, question.branches.size());
        for (const double beta : {0.0, 0.2, 0.5, 1.0}) {
          const genome::BoundProgram bound = genome::bind(program, beta);
          const EpisodeOptions singly{.probe_cost = 2, .one_by_one = true};
          const EpisodeResult expected = other.run(bound, question, order, {.episode = singly});
          ASSERT_EQ(
              one.run(bound, question, order, {.episode = {.probe_cost = 2}, .native = native.sections()}),
              expected)
              << lines << "at beta " << beta;
          ASSERT_EQ(other.run(bound, question, order, {.episode = {.probe_cost = 2}}), expected)
              << lines << "at beta " << beta;
        }
      }
    }
  }
}

}  // namespace
}  // namespace replay
