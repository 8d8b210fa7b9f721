#include "replay/analysis/trace.hpp"

#include <gtest/gtest.h>

#include "genome/text/known_controllers.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/support/library.hpp"
#include "tests/support/small_questions.hpp"

namespace replay {
namespace {

using tests::as_recorded;
using tests::controller;

Question three_branches() {
  return tests::small_question("A", {{"B B A A", "A"}, {"B B B B", "B"}, {"A A A A", "A"}});
}

Trace trace_of(std::string_view sections, const EpisodeOptions& options = {}) {
  const Question q = three_branches();
  return trace_episode(controller(sections), 0.5, q, as_recorded(q), options);
}

TEST(Trace, NamesTheStatementThatStopped) {
  const Trace trace = trace_of(
      "start\n  open 2\n"
      "round\n  stop when round > 8\n  advance active by 1\n  stop when round >= 1\n  stop when round >= 0 "
      "and spent > 1\n"
      "answer\n  top(finished)\n  top(active)\n");
  EXPECT_EQ(trace.ending, Ending::kStop);
  EXPECT_EQ(trace.stop_line, "stop when round >= 0 and spent > 1");
  EXPECT_EQ(trace.result.rounds, 1);
  EXPECT_EQ(trace.answer_line, "top(active)");
  EXPECT_EQ(trace.result.tokens, 400);
}

TEST(Trace, AStopInTheStartAndOneWithoutAGuard) {
  const Trace start =
      trace_of("start\n  open 1\n  stop when opened == 1\n  open 1\nround\n  stop\nanswer\n  top(active)\n");
  EXPECT_EQ(start.stop_line, "stop when opened == 1");
  EXPECT_EQ(start.result.rounds, 0);
  EXPECT_EQ(start.actions.size(), 2U);
  const Trace round = trace_of("start\n  open 1\nround\n  stop\nanswer\n  top(active)\n");
  EXPECT_EQ(round.stop_line, "stop");
  EXPECT_EQ(round.result.rounds, 1);
}

// The flag with which the statement is found must not be one of the controller's own names.
TEST(Trace, NamesOfTheControllerDoNotMatter) {
  const Trace trace = trace_of(
      "memory\n  stopped_here = 0\nstart\n  open 1\n"
      "round\n  let stopped_here_ = stopped_here + 1\n  stopped_here = stopped_here_\n  advance active by 1\n"
      "  stop when stopped_here == 2\nanswer\n  top(active)\n");
  EXPECT_EQ(trace.stop_line, "stop when stopped_here == 2");
  EXPECT_EQ(trace.result.rounds, 2);
}

TEST(Trace, TellsTheOtherEndings) {
  const std::string_view patient =
      "rounds 3\nstart\n  open 1\nround\n  advance active by 1\nanswer\n  top(finished)\n";
  const Trace rounds = trace_of(patient);
  EXPECT_EQ(rounds.ending, Ending::kRounds);
  EXPECT_EQ(rounds.stop_line, std::nullopt);
  EXPECT_EQ(rounds.result.answer, kNoAnswer);
  EXPECT_EQ(rounds.answer_line, std::nullopt);
  const Trace budget = trace_of(patient, {.budget = 250});
  EXPECT_EQ(budget.ending, Ending::kBudget);
  EXPECT_EQ(budget.result.tokens, 200);
  // The last step of a branch may need less than an interval: nobody knows beforehand.
  EXPECT_EQ(trace_of(patient, {.budget = 399}).result.tokens, 300);
  const Trace cut =
      trace_of("start\n  read 2\nround\n  advance active by 1\nanswer\n  top(not pruned)\n", {.budget = 700});
  EXPECT_EQ(cut.ending, Ending::kBudget);
  EXPECT_EQ(cut.result.tokens, 700);
  EXPECT_EQ(cut.result.latency_tokens, 450);
  ASSERT_EQ(cut.actions.size(), 2U);
  EXPECT_TRUE(!cut.actions[0].cut && cut.actions[1].cut && !cut.actions[1].finished);
  EXPECT_EQ(cut.actions[1].cost, 250);
  EXPECT_EQ(cut.actions[1].answer, kNoAnswer);
  // There is nothing left to do at any price, so it is not the budget that ended it.
  const std::string_view reader =
      "start\n  read 3\nround\n  let x = 1\n  read 0 * x\nanswer\n  top(finished)\n";
  EXPECT_EQ(trace_of(reader, {.budget = 1'000'000'000}).ending, Ending::kIdle);
  EXPECT_EQ(trace_of(reader, {.budget = trace_of(reader).result.tokens}).ending, Ending::kIdle);
  const Trace idle = trace_of("start\n  read 2\nround\n  let x = 1\n  read 0 * x\nanswer\n  top(finished)\n");
  EXPECT_EQ(idle.ending, Ending::kIdle);
  EXPECT_EQ(idle.answer_line, "top(finished)");
}

// Nothing was revealed, so there is no answer to tell by; the ending is still known.
TEST(Trace, AStopBeforeAnyAnswerWasRevealed) {
  const Trace trace = trace_of("start\n  stop when opened == 0\nround\n  read 1\nanswer\n  top(finished)\n");
  EXPECT_EQ(trace.result.rounds, 0);
  EXPECT_EQ(trace.ending, Ending::kStop);
  EXPECT_TRUE(trace.actions.empty());
  EXPECT_EQ(trace.stop_line, std::nullopt);
  EXPECT_EQ(trace.result.answer, kNoAnswer);
}

TEST(Trace, IsTheScoredEpisode) {
  const Environment environment = make_synthetic({.seed = 5, .questions = 4, .branches = 64});
  Machine machine;
  for (const genome::KnownController& known : tests::library_without_signals()) {
    SCOPED_TRACE(known.name);
    const auto checked = genome::check_text(known.text).controller.value();
    const genome::Program program = genome::compile(checked);
    for (const Question& question : environment.questions) {
      for (const double beta : {0.0, 0.7}) {
        const std::vector<std::uint32_t> dealt = ordering(3, question.branches.size());
        const EpisodeOptions options{.probe_cost = 2};
        const Trace trace = trace_episode(checked, beta, question, dealt, options);
        EXPECT_EQ(trace.result,
                  machine.run(genome::bind(program, beta), question, dealt, {.episode = options}));
        std::int64_t cost = 0;
        for (const Action& action : trace.actions) cost += action.cost;
        EXPECT_EQ(cost, trace.result.tokens);
        EXPECT_EQ(trace.answer_line.has_value(), trace.result.answer != kNoAnswer);
        EXPECT_EQ(trace.stop_line.has_value(), trace.ending == Ending::kStop);  // all reveal something
      }
    }
  }
}

}  // namespace
}  // namespace replay
