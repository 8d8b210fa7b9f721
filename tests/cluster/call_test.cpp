#include "cluster/call.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <set>
#include <span>
#include <utility>

#include "tests/cluster/jobs.hpp"

namespace cluster {
namespace {

TEST(Call, PiecesOfAnySizeInAnyOrderAreTheWhole) {
  const replay::Evaluator evaluator = made_evaluator();
  const Jobs jobs({0, 0.3, 1}, 1, 4);
  for (const replay::QuestionSet& set : {replay::all_questions(evaluator.environments()), some_questions()}) {
    const auto whole = evaluator.run(jobs.jobs(), set);
    EXPECT_TRUE(rc::check([&] {
      Call call(jobs.jobs(), jobs.controllers(), set);
      call.deal_together(0.1 * *rc::gen::inRange(0, 11));
      std::uint64_t left = call.episodes_left();
      RC_ASSERT(left == jobs.jobs().size() * 4 * replay::count_of(set));
      std::vector<Piece> pieces;
      while (!call.all_given()) {
        const double episodes = *rc::gen::inRange(0, 300);
        pieces.push_back(call.take(episodes, *rc::gen::element(From::kFront, From::kBack)));
        RC_ASSERT(call.episodes_left() == left - pieces.back().episodes);
        left = call.episodes_left();
      }
      RC_ASSERT(left == 0U);
      for (std::size_t i = pieces.size(); i-- > 0;) {
        const std::size_t other = *rc::gen::inRange<std::size_t>(0, i + 1);
        std::swap(pieces[i], pieces[other]);
        RC_ASSERT(!call.complete());
        call.put(pieces[i], evaluator.sums(call.jobs_of(pieces[i]), call.questions_of(pieces[i])));
      }
      RC_ASSERT(call.complete());
      RC_ASSERT(std::move(call).cells() == whole);
    }));
  }
}

// Whatever the stretches, they are the whole, each in the set's order and of questions from all over it.
TEST(Call, QuestionsAreCountedInStepsThroughTheSet) {
  replay::QuestionSet set;
  for (std::size_t e = 0; e < 12; ++e) {
    set.push_back({e, {}});
    for (std::size_t q = 0; q < 30; ++q) set.back().questions.push_back(q);
  }
  EXPECT_EQ(part_of(set, 0, 360), set);
  std::set<std::pair<std::size_t, std::size_t>> seen;
  for (std::size_t first = 0; first < 360; first += 24) {
    const replay::QuestionSet part = part_of(set, first, 24);
    EXPECT_GE(part.size(), 10U) << "environments of " << first;
    for (const replay::EnvironmentPart& each : part) {
      EXPECT_TRUE(std::ranges::is_sorted(each.questions));
      for (const std::size_t question : each.questions)
        EXPECT_TRUE(seen.emplace(each.environment, question).second);
    }
    EXPECT_TRUE(std::ranges::is_sorted(part, {}, &replay::EnvironmentPart::environment));
  }
  EXPECT_EQ(seen.size(), 360U);
}

TEST(Call, OfNothingIsComplete) {
  const Jobs jobs({0.5}, 0, 2);
  EXPECT_TRUE(Call({}, {}, some_questions()).complete());
  Call without_questions(jobs.jobs(), jobs.controllers(), {});
  EXPECT_TRUE(without_questions.complete());
  EXPECT_TRUE(without_questions.all_given());
  EXPECT_TRUE(std::move(without_questions).cells().empty());
}

TEST(Call, WholeControllersStayTogether) {
  const Jobs jobs({0, 1}, 0, 3);
  Call call(jobs.jobs(), jobs.controllers(), some_questions());
  const Piece two = call.take(2 * 2 * 3 * 3);
  EXPECT_EQ(two.controllers, 2U);
  EXPECT_EQ(two.questions, 3U);
  const Unit unit = call.unit_of(two);
  ASSERT_EQ(unit.controllers.size(), 2U);
  EXPECT_EQ(unit.controllers[1].jobs.size(), 2U);
  EXPECT_EQ(unit.controllers[1].jobs[1].beta, 1);
  EXPECT_EQ(unit.controllers[1].jobs[1].count, 3U);
  const Piece part = call.take(1);
  EXPECT_EQ(part.controllers, 1U);
  EXPECT_EQ(part.questions, 1U);
}

TEST(Call, TheLastControllersAreDealtOutTogether) {
  const Jobs jobs({0, 1}, 0, 3);
  Call call(jobs.jobs(), jobs.controllers(), some_questions());
  const std::size_t all = call.controllers();
  call.deal_together(0.25);
  const Piece whole = call.take(1e9);
  EXPECT_EQ(whole.questions, 3U);
  const std::size_t last = all - whole.controllers;
  EXPECT_EQ(last, (all + 3) / 4);
  for (std::size_t question = 0; question < 3; ++question) {
    const Piece part = call.take(1);
    EXPECT_EQ(part.controllers, last);
    EXPECT_EQ(part.question, question);
    EXPECT_EQ(part.questions, 1U);
    EXPECT_EQ(part.episodes, last * 2 * 3);
  }
  EXPECT_TRUE(call.all_given());
}

// Whoever takes at an end has what is at that end, in each call of as many questions.
TEST(Call, QuestionsAreTakenAtEitherEnd) {
  const Jobs jobs({0, 1}, 0, 3);
  Call call(jobs.jobs(), jobs.controllers(), some_questions());
  call.deal_together(1);
  EXPECT_EQ(call.take(1, From::kBack).question, 2U);
  EXPECT_EQ(call.take(1, From::kFront).question, 0U);
  EXPECT_EQ(call.take(1e9, From::kBack).question, 1U);
  EXPECT_TRUE(call.all_given());
}

TEST(Call, ACallOfOneControllerMayBeDealtOut) {
  const Jobs jobs({0, 1}, 0, 3);
  Call call(std::span(jobs.jobs()).first(2), jobs.controllers().first(2), some_questions());
  ASSERT_EQ(call.controllers(), 1U);
  call.deal_together(0.4);
  EXPECT_EQ(call.take(1e9).questions, 3U);
  EXPECT_TRUE(call.all_given());
}

TEST(Call, SumsOfOtherQuestionsAreRefused) {
  const Jobs jobs({0.5}, 0, 2);
  Call call(jobs.jobs(), jobs.controllers(), some_questions());
  const Piece piece = call.take(1e9);
  EXPECT_THROW(call.put(piece, std::vector<replay::QuestionSums>(1)), TransportError);
}

}  // namespace
}  // namespace cluster
