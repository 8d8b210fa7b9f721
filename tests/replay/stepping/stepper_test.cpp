#include "replay/stepping/stepper.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "genome/program/compiler.hpp"
#include "replay/environment/ordering.hpp"
#include "tests/support/odd_questions.hpp"

namespace replay {
namespace {

TEST(Stepper, WithNothingToProvideIsTheMachine) {
  EXPECT_TRUE(rc::check([] {
    tests::Rng rng = tests::any_stream();
    for (int i = 0; i < 20; ++i) {
      const genome::Program program = genome::compile(*genome::check(tests::wild_controller(rng)).controller);
      const Question question = tests::any_question(rng);
      const auto order = ordering(tests::uniform_index(rng, 100), question.branches.size());
      const genome::BoundProgram bound = genome::bind(program, tests::any_beta(rng));
      ActionLog expected_log, log;
      const EpisodeOptions episode = tests::any_options(rng, question);
      Machine machine;
      const EpisodeResult expected =
          machine.run(bound, question, order, {.episode = episode, .log = &expected_log});
      Stepper stepper(bound, question, order, {.episode = episode, .log = &log},
                      genome::answer_reads(program));
      while (stepper.next()) stepper.carry_out();
      RC_ASSERT(stepper.result() == expected);
      RC_ASSERT(log == expected_log);
    }
  }));
}

TEST(Stepper, StandsBeforeAStatementUntilItIsCarriedOut) {
  const genome::Program program = genome::compile(*genome::check_text(R"(controller two
rounds 1
start
  open 2
round
  advance active by 3 first -depth
answer
  top(true)
)")
                                                       .controller);
  const genome::BoundProgram bound = genome::bind(program, 0);
  QuestionBuilder builder("q", "1", 10);
  for (int i = 0; i < 2; ++i) {
    builder.add_probe("1");
    builder.add_probe("1");
    builder.end_branch(25, "1");
  }
  const Question question = std::move(builder).finish();
  const std::vector<std::uint32_t> order{0, 1};
  Stepper stepper(bound, question, order, {}, genome::answer_reads(program));
  ASSERT_TRUE(stepper.next());
  ASSERT_TRUE(stepper.next());  // the same
  EXPECT_EQ(stepper.statement().kind, Statement::Kind::kOpen);
  EXPECT_EQ(stepper.statement().count, 2);
  EXPECT_EQ(stepper.episode().opened(), 0U);
  stepper.carry_out();
  ASSERT_TRUE(stepper.next());
  const Statement move = stepper.statement();
  EXPECT_EQ(move.kind, Statement::Kind::kMove);
  EXPECT_TRUE(move.probing);
  ASSERT_EQ(move.lane_count, 2U);
  EXPECT_EQ(move.steps[1], 3);
  stepper.leave();
  ASSERT_TRUE(stepper.next());
  EXPECT_EQ(stepper.statement().kind, Statement::Kind::kReads);
  EXPECT_EQ(stepper.statement().set, 3U);
  stepper.carry_out();
  EXPECT_FALSE(stepper.next());
  EXPECT_EQ(stepper.result().tokens, 20);
}

}  // namespace
}  // namespace replay
