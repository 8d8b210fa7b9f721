#include "live/session/session.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <memory>
#include <rapidcheck.h>
#include <string>
#include <vector>

#include "genome/program/compiler.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/ordering.hpp"
#include "replay/machine/machine.hpp"
#include "tests/support/odd_questions.hpp"
#include "tests/support/recorded_upstream.hpp"

namespace live {
namespace {

using testing::HasSubstr;
using tests::chance;
using tests::Rng;
using tests::uniform_index;
using tests::uniform_int;

// A program, bound, that stays where it is.
struct Bound {
  genome::Program program;
  genome::BoundProgram bound;
  explicit Bound(const genome::CheckedController& checked, double beta = 0.5)
      : program(genome::compile(checked)), bound(genome::bind(program, beta)) {}
  explicit Bound(const std::string& text) : Bound(*genome::check_text(text).controller) {}
  Bound(const Bound&) = delete;
};

std::string told(const std::vector<Want>& wants) {
  constexpr const char* kNames[] = {"open", "advance", "look", "read", "prune"};
  std::string all;
  for (const Want& want : wants) {
    all += fmt::format("{} {}@{}", kNames[static_cast<int>(want.kind)], want.branch, want.depth);
    if (want.kind == Want::Kind::kAdvance) all += fmt::format("+{}", want.intervals);
    if (want.look) all += " look";
    if (want.most_tokens) all += fmt::format(" most {}", *want.most_tokens);
    all += "; ";
  }
  return all;
}

Result steps(std::size_t branch, std::vector<std::string> answers) {
  Result result{.branch = branch};
  for (std::string& answer : answers) result.steps.push_back({.answer = std::move(answer)});
  return result;
}

Result end(std::size_t branch, std::string answer, std::int64_t tokens, std::size_t whole = 0) {
  Result result{.branch = branch, .finished = true, .answer = std::move(answer), .tokens = tokens};
  result.steps.resize(whole);
  return result;
}

std::string error_of(Session& session, Result result) {
  try {
    session.give(std::move(result));
  } catch (const replay::InputError& error) {
    return error.what();
  }
  return "no error";
}

constexpr const char* kTwoStreaks = R"(controller streaks
rounds 3
start
  open 2
round
  stop when any(streak >= 2)
  advance active by 2 first -depth
answer
  top(streak >= 2)
)";

TEST(Session, AsksForAllOfAStatementAtOnceAndAppliesItWhenAllIsThere) {
  const Bound of(kTwoStreaks);
  Session session(of.bound, {.interval = 100});
  ASSERT_TRUE(session.next());
  EXPECT_EQ(told(session.wants()), "open 0@0 look; open 1@0 look; ");
  session.give(steps(1, {"7"}));
  EXPECT_EQ(session.missing(), 1U);
  ASSERT_TRUE(session.next());  // still waits
  EXPECT_EQ(session.usage().opened, 0U);
  session.give(steps(0, {"5"}));
  ASSERT_TRUE(session.next());
  EXPECT_EQ(told(session.wants()), "advance 0@1+2 look; advance 1@1+2 look; ");
  session.give(end(1, "7", 230, 1));  // the look that is missing at 200 is ERR, so its streak is 1
  session.give(steps(0, {"5", "5"}));
  EXPECT_FALSE(session.next());
  EXPECT_EQ(told(session.wants()), "prune 0@3; ");
  EXPECT_EQ(session.answer(), "5");
  EXPECT_EQ(session.answer_branch(), 0U);
}

TEST(Session, ALookThatBroughtNothingIsErrAndKept) {
  const Bound of(kTwoStreaks);
  Session session(of.bound, {.interval = 100});
  ASSERT_TRUE(session.next());
  session.give(Result{.branch = 0, .steps = {{}}});
  session.give(steps(1, {"7"}));
  ASSERT_TRUE(session.next());
  session.give(steps(0, {"ERR", "4"}));
  session.give(steps(1, {"8", "9"}));
  ASSERT_TRUE(session.next());
  EXPECT_EQ(session.question().text_of(session.question().answer_at(0, 1)), "ERR");
}

TEST(Session, LooksWaitUntilTheAnswerIsRead) {
  const Bound of(R"(controller late
rounds 2
start
  open 2
round
  advance active by 3
  prune active and depth > 6
answer
  top(not finished)
)");
  Session session(of.bound, {.interval = 100, .probe_cost = 10});
  ASSERT_TRUE(session.next());
  EXPECT_EQ(told(session.wants()), "open 0@0; open 1@0; ");
  session.give(steps(0, {"ignored, as nobody wanted it"}));
  session.give(steps(1, {""}));
  ASSERT_TRUE(session.next());
  EXPECT_EQ(told(session.wants()), "advance 0@1+3; advance 1@1+3; ");
  session.give(Result{.branch = 0, .steps = std::vector<SeenStep>(3)});
  session.give(end(1, "no vote", 333, 2));
  ASSERT_TRUE(session.next());
  EXPECT_EQ(told(session.wants()), "advance 0@4+3; ");
  session.give(Result{.branch = 0, .steps = std::vector<SeenStep>(3)});
  ASSERT_TRUE(session.next());
  EXPECT_EQ(told(session.wants()), "prune 0@7; look 0@7; ");  // of a pruned branch, too
  session.give(Result{.branch = 0, .steps = {{.answer = "12"}}, .look_tokens = 9});
  EXPECT_FALSE(session.next());
  EXPECT_EQ(session.answer(), "12");
  EXPECT_EQ(session.answer_branch(), 0U);
  EXPECT_EQ(session.usage().look_tokens, 9);
  EXPECT_EQ(session.usage().spent, 700 + 333 + 7 * 10 + 4 * 10);
  EXPECT_EQ(session.usage().generated, 700 + 333);
}

TEST(Session, NothingIsLookedAtThatNobodyReads) {
  const auto known = genome::check_text(R"(controller ends_only
rounds 9
start
  open 3
round
  advance active by 2
  stop when count(finished and answer == top(finished)) >= 2
answer
  top(finished and not pruned)
)");
  const Bound of(*known.controller);
  Session session(of.bound, {.interval = 100});
  int round = 0;
  while (session.next()) {
    ++round;
    for (const Want& want : session.wants()) {
      EXPECT_FALSE(want.look || want.kind == Want::Kind::kLook);
      if (round < 3)
        session.give(Result{.branch = want.branch,
                            .steps = std::vector<SeenStep>(static_cast<std::size_t>(want.intervals))});
      else
        session.give(end(want.branch, "4", 440));
    }
  }
  EXPECT_EQ(session.answer(), "4");
  EXPECT_EQ(session.usage().look_tokens, 0);
}

TEST(Session, ABudgetIsSharedOutAtAnIntervalEachAndAgainWhenSomeTookLess) {
  const Bound of(R"(controller spender
rounds 1
start
  open 4
round
  advance active by 9 first -depth
answer
  top(true)
)");
  Session session(of.bound, {.interval = 100, .branches = 4, .budget = 1000});
  ASSERT_TRUE(session.next());
  for (const Want& want : std::vector<Want>(session.wants())) session.give(steps(want.branch, {"1"}));
  ASSERT_TRUE(session.next());
  EXPECT_EQ(told(session.wants()), "advance 0@1+6; ");  // 600 are left
  session.give(end(0, "1", 210, 1));                    // 110 of them
  ASSERT_TRUE(session.next());
  EXPECT_EQ(told(session.wants()), "advance 1@1+4; ");
  session.give(end(1, "2", 100));  // nothing more
  ASSERT_TRUE(session.next());
  EXPECT_EQ(told(session.wants()), "advance 2@1+4; ");
  session.give(Result{.branch = 2, .steps = std::vector<SeenStep>(4)});
  EXPECT_TRUE(session.next());  // who answers reads what was not looked at
  session.lose_missing();
  EXPECT_FALSE(session.next());
  EXPECT_EQ(session.usage().spent, 4 * 100 + 110 + 400);
}

TEST(Session, AReadSaysWhatTheBudgetHasLeftAndIsCutThere) {
  const Bound of(R"(controller reader
rounds 1
start
  read 2
round
  stop when true
answer
  top(finished)
)");
  Session session(of.bound, {.interval = 100, .budget = 700});
  ASSERT_TRUE(session.next());
  EXPECT_EQ(told(session.wants()), "read 0@0 most 700; read 1@0 most 700; ");
  EXPECT_THAT(error_of(session, Result{.branch = 1, .tokens = 10}),
              HasSubstr("the 700 tokens that the budget allows"));
  session.give(end(0, "3", 450, 4));
  session.give(Result{.branch = 1, .steps = std::vector<SeenStep>(7), .tokens = 700});
  EXPECT_FALSE(session.next());
  EXPECT_EQ(session.answer(), "3");
  EXPECT_EQ(session.usage().spent, 700);
  EXPECT_EQ(session.usage().generated, 450 + 700);
  EXPECT_EQ(session.usage().pruned, 1U);
  EXPECT_EQ(session.usage().finished, 1U);
}

// A branch that ends without a probe shows what it showed before, which nobody may have looked at.
TEST(Session, AFinishedBranchIsLookedAtWhereItWasProbedLast) {
  const Bound of(R"(controller continued
rounds 3
start
  open 2
round
  continue active by 9
  stop when count(finished and blank(answer)) >= 1
answer
  top(finished)
)");
  Session session(of.bound, {.interval = 100});
  ASSERT_TRUE(session.next());
  for (std::size_t i = 0; i < 2; ++i) session.give(Result{.branch = i, .steps = {{}}});
  ASSERT_TRUE(session.next());
  for (std::size_t i = 0; i < 2; ++i) session.give(end(i, "8", 230, 1));
  ASSERT_TRUE(session.next());
  EXPECT_EQ(told(session.wants()), "look 0@1; look 1@1; ");
  session.give(steps(0, {"7"}));
  session.give(steps(1, {"7"}));
  EXPECT_FALSE(session.next());
  EXPECT_EQ(session.usage().rounds, 2);
  EXPECT_EQ(session.answer(), "7");
}

TEST(Session, AProbeThatIsDearerThanAnIntervalLeavesStepsToBeTaken) {
  const Bound of(R"(controller dear
rounds 1
start
  open 1
round
  advance active by 99
answer
  top(finished)
)");
  Session session(of.bound, {.interval = 10, .budget = 1100, .probe_cost = 500});
  ASSERT_TRUE(session.next());
  session.give(Result{.branch = 0, .steps = {{}}});
  ASSERT_TRUE(session.next());
  EXPECT_EQ(told(session.wants()), "advance 0@1+9; ");  // 590 are left: one step with a probe, eight without
}

TEST(Session, StopCarriesOutWhatIsThere) {
  const Bound of(R"(controller reads
rounds 1
start
  read 3
round
  stop when true
answer
  top(true)
)");
  Session session(of.bound, {.interval = 100});
  ASSERT_TRUE(session.next());
  for (std::size_t i = 0; i < 2; ++i) session.give(end(i, "5", 150, 1));
  session.stop();
  EXPECT_FALSE(session.next());
  EXPECT_EQ(session.answer(), "5");
  EXPECT_EQ(session.usage().opened, 3U);
  EXPECT_EQ(session.usage().lost, 1U);
  EXPECT_EQ(session.usage().spent, 300);
}

TEST(Session, LostBranchesArePrunedAndTheirTokensKept) {
  const Bound of(kTwoStreaks);
  Session session(of.bound, {.interval = 100});
  ASSERT_TRUE(session.next());
  session.give(Result{.branch = 0, .tokens = 40, .lost = true});
  session.give(steps(1, {"7"}));
  ASSERT_TRUE(session.next());
  EXPECT_EQ(told(session.wants()), "advance 1@1+2 look; ");
  session.give(Result{.branch = 1, .steps = {{.answer = "7"}}, .tokens = 260, .lost = true});
  EXPECT_FALSE(session.next());
  EXPECT_EQ(session.answer(), "7");
  EXPECT_EQ(session.usage().spent, 300);
  EXPECT_EQ(session.usage().lost, 2U);
  EXPECT_EQ(session.usage().pruned, 0U);
  EXPECT_TRUE(session.wants().empty());
}

TEST(Session, ARefusedResultChangesNothing) {
  const Bound of(kTwoStreaks);
  Session session(of.bound, {.interval = 100});
  EXPECT_THAT(error_of(session, steps(0, {"1"})), HasSubstr("nothing is wanted of branch 0"));
  ASSERT_TRUE(session.next());
  const std::string wants = told(session.wants());
  EXPECT_THAT(error_of(session, steps(7, {"1"})), HasSubstr("nothing is wanted of branch 7"));
  EXPECT_THAT(error_of(session, steps(0, {})), HasSubstr("must have 1 intervals"));
  EXPECT_THAT(error_of(session, steps(0, {"1", "2"})), HasSubstr("must have 1 intervals"));
  EXPECT_THAT(error_of(session, end(0, "1", 100, 1)), HasSubstr("ends after 1 intervals"));
  EXPECT_THAT(error_of(session, end(0, "1", -1)), HasSubstr("tokens of -1"));
  EXPECT_THAT(error_of(session, end(0, "\xff", 1)), HasSubstr("not UTF-8"));
  Result result = end(0, "1", 100);
  result.lost = true;
  EXPECT_THAT(error_of(session, result), HasSubstr("finished and lost"));
  result = steps(0, {"1"});
  result.steps[0].signals = {0.5};
  EXPECT_THAT(error_of(session, result), HasSubstr("must have 0 signals at interval 0, found 1"));
  std::vector<Result> twice{steps(0, {"1"}), steps(0, {"1"})};
  EXPECT_THROW(session.give(twice), replay::InputError);
  std::vector<Result> half{steps(0, {"1"}), steps(1, {})};
  EXPECT_THROW(session.give(half), replay::InputError);
  EXPECT_EQ(told(session.wants()), wants);
  EXPECT_EQ(session.missing(), 2U);
  session.give(steps(0, {"1"}));
  EXPECT_THAT(error_of(session, steps(0, {"1"})), HasSubstr("was given already"));
}

TEST(Session, StopsWithTheAnswerThatItHas) {
  const Bound of(kTwoStreaks);
  Session session(of.bound, {.interval = 100});
  ASSERT_TRUE(session.next());
  session.give(steps(0, {"1"}));
  session.give(steps(1, {"1"}));
  ASSERT_TRUE(session.next());
  session.give(steps(0, {"1", "1"}));
  session.stop();
  EXPECT_EQ(session.missing(), 0U);
  EXPECT_FALSE(session.next());
  EXPECT_EQ(session.usage().rounds, 1);
  EXPECT_EQ(told(session.wants()), "prune 0@3; ");  // the other one was lost
  Session early(of.bound, {.interval = 100});
  early.stop();
  EXPECT_FALSE(early.next());
  EXPECT_EQ(early.answer(), std::nullopt);
}

// Whatever is lost, whenever it stops: a session ends, and its sums hold.
TEST(Session, IsTotalWhateverIsLost) {
  EXPECT_TRUE(rc::check([] {
    Rng rng = tests::any_stream();
    for (int i = 0; i < 20; ++i) {
      const auto checked = genome::check(tests::wild_controller(rng)).controller;
      const Bound of(*checked, tests::any_beta(rng));
      const replay::Question question = tests::any_question(rng);
      const auto order = replay::ordering(uniform_index(rng, 100), question.branches.size());
      const tests::RecordedUpstream upstream(question, order);
      const replay::EpisodeOptions episode = tests::any_options(rng, question);
      Session session(of.bound, {.interval = question.interval,
                                 .branches = std::min(replay::kMaxOpened, question.branches.size()),
                                 .budget = episode.budget,
                                 .probe_cost = episode.probe_cost,
                                 .look_always = chance(rng, 0.3)});
      while (session.next()) {
        for (const Want& want : std::vector<Want>(session.wants())) {
          if (want.kind == Want::Kind::kPrune || chance(rng, 0.1)) continue;
          Result result = upstream.answer(want);
          if (chance(rng, 0.15)) {
            if (want.kind != Want::Kind::kLook && want.kind != Want::Kind::kRead)
              result.steps.resize(std::min<std::size_t>(
                  result.steps.size(),
                  uniform_index(rng, static_cast<std::size_t>(std::min<std::int64_t>(want.intervals, 9)))));
            result.finished = false;
            result.lost = true;
            result.tokens = static_cast<std::int64_t>(result.steps.size()) * question.interval +
                            (want.depth * question.interval) + uniform_int(rng, 0, 3);
          }
          session.give(result);
        }
        if (chance(rng, 0.02)) session.stop();
        session.lose_missing();
      }
      const SessionUsage usage = session.usage();
      RC_ASSERT(usage.finished + usage.lost + usage.pruned <= question.branches.size());
      if (episode.budget) RC_ASSERT(usage.spent <= *episode.budget);
      if (session.answer()) RC_ASSERT(session.answer_branch().has_value() || usage.opened > 0);
    }
  }));
}

}  // namespace
}  // namespace live
