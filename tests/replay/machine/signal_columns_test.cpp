#include "replay/machine/signal_columns.hpp"

#include <gtest/gtest.h>
#include <string>

#include "replay/analysis/diagnosis.hpp"
#include "replay/analysis/trace.hpp"
#include "replay/environment/input_error.hpp"
#include "tests/support/signals.hpp"
#include "tests/support/small_questions.hpp"

namespace replay {
namespace {

using tests::as_recorded;
using tests::controller;

// Two branches of two steps and one; a signal counts its numbers up from 1.
Environment counting() {
  double next = 0;
  const Question question = tests::small_question("A", {{"B", "A"}, {"", "B"}});
  return {"counted", "", "", {"count"}, {tests::with_signals(question, 1, [&] { return ++next; })}};
}

std::string why_refused(const genome::Program& program, const Environment& environment) {
  try {
    signal_columns(program, environment);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(SignalColumns, FollowTheProgramsOrder) {
  const genome::Program program = genome::compile(controller(
      "start\n  read 2\nround\n  let x = signal(c) + signal_min(a)\n  prune x > signal_mean(c)\nanswer\n  "
      "top(finished)\n"));
  EXPECT_EQ(program.signals, (std::vector<std::string>{"c", "a"}));
  const std::vector<std::string> recorded = {"a", "b", "c"};
  EXPECT_EQ(signal_columns(program, recorded), (SignalColumns{2, 0}));
}

TEST(SignalColumns, AMissingSignalIsNamedWithItsEnvironment) {
  const genome::Program program =
      genome::compile(controller("start\n  read 2\nanswer\n  top(finished, signal(logprob))\n"));
  Environment environment = counting();
  EXPECT_EQ(
      why_refused(program, environment),
      "the controller small needs the signal logprob, which the environment counted does not have (it has "
      "count)");
  environment.signals.clear();
  EXPECT_EQ(
      why_refused(program, environment),
      "the controller small needs the signal logprob, which the environment counted does not have (it has "
      "none)");
  environment.signals = {"entropy", "logprob"};
  EXPECT_EQ(why_refused(program, environment), "");
}

TEST(SignalColumns, WhoeverRunsEpisodesRefuses) {
  const genome::Program program =
      genome::compile(controller("start\n  read 2\nanswer\n  top(finished, signal(logprob))\n"));
  const std::vector<genome::Program> programs = {program};
  const std::vector<double> betas = {0.5};
  const std::vector<Environment> environments = {counting()};
  EXPECT_THROW(diagnose(environments, program, betas, {.orderings = 1}), InputError);
  EXPECT_THROW(Evaluator(environments, {.orderings = 1}).evaluate(programs, betas), InputError);
}

// What a controller sees of one branch, step by step: an episode stops where it is what is expected.
TEST(Signals, AreRevealedByTheStepThatEndsTheirInterval) {
  const Environment environment = counting();
  const Question& question = environment.questions[0];
  const auto stops = [&](std::string_view start, std::string_view guard) {
    const auto checked = controller(fmt::format(
        "rounds 1\nstart\n  {}\nround\n  stop when {}\n  read 1\nanswer\n  top(not pruned)\n", start, guard));
    const Trace trace = trace_episode(checked, 0, question, as_recorded(question), {}, environment.signals);
    return trace.actions.empty() || trace.actions.back().round < 0;
  };
  EXPECT_TRUE(stops("open 1", "max(signal(count), active) == 1"));
  EXPECT_TRUE(stops("open 1\n  continue active by 1", "max(signal(count), finished) == 2"));
  EXPECT_TRUE(stops("open 1\n  continue active by 1", "max(signal_min(count), finished) == 1"));
  // 100 tokens at 1, and 50 at 2.
  EXPECT_TRUE(stops("open 1\n  advance active by 1", "max(signal_mean(count), finished) == 200 / 150"));
  EXPECT_TRUE(stops("read 2", "sum(signal(count), finished) == 2 + 3"));
  EXPECT_TRUE(stops("open 1\n  prune active", "max(signal(count), pruned) == 1"));
  EXPECT_TRUE(stops("open 0", "sum(signal(count), not pruned) == 0"));
}

// A cut step reveals nothing: the branch shows what it showed before its first.
TEST(Signals, OfACutStepAreNotSeen) {
  const Environment environment = counting();
  const Question& question = environment.questions[0];
  const auto stops = [&](std::string_view guard) {
    const auto checked =
        controller(fmt::format("start\n  read 1\n  stop when {}\nanswer\n  top(true)\n", guard));
    return trace_episode(checked, 0, question, as_recorded(question), {.budget = 120}, environment.signals)
               .result.rounds == 0;
  };
  EXPECT_TRUE(stops("count(pruned) == 1"));
  for (const std::string_view measure : {"signal", "signal_mean", "signal_min"}) {
    EXPECT_TRUE(stops(fmt::format("max({}(count), pruned) == 0", measure)));
    EXPECT_FALSE(stops(fmt::format("max({}(count), pruned) > 0", measure)));
  }
}

}  // namespace
}  // namespace replay
