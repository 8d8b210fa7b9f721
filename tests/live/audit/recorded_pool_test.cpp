// What an episode shows, counted against the recorded branches of its question.
#include "live/audit/recorded_pool.hpp"

#include <gtest/gtest.h>

#include "replay/environment/question_builder.hpp"
#include "tests/support/small_questions.hpp"

namespace live {
namespace {

using replay::Action;
using replay::ActionKind;
using tests::small_question;

double mean(const Tally& tally, Check check) {
  const Part& part = tally[place_of(check)];
  return part.sum / part.count;
}
double count(const Tally& tally, Check check) { return tally[place_of(check)].count; }

// Two intervals of the first branch, all of the second, which ends right.
const replay::ActionLog kLog = {
    {.kind = ActionKind::kBranch, .lane = 0, .cost = 100},
    {.kind = ActionKind::kBranch, .lane = 1, .cost = 100},
    {.kind = ActionKind::kContinue, .lane = 0, .cost = 100},
    {.kind = ActionKind::kContinue, .lane = 1, .finished = true, .cost = 50},
};

replay::Question question() {
  return small_question("A", {{"A B C", "A"}, {"A", "A"}, {"A B", "B"}, {"C ERR", "ERR"}, {"A B", "A"}});
}

TEST(RecordedPool, ARecordedBranchIsNotComparedWithItself) {
  const replay::Question recorded = question();
  const RecordedPool pool(recorded, {});
  const Tally tally =
      pool.tally(kLog, tests::as_recorded(recorded), {.answer = 0, .right = true, .tokens = 350});
  EXPECT_EQ(mean(tally, Check::kAccuracy), 1);
  EXPECT_EQ(mean(tally, Check::kTokens), 350);
  EXPECT_EQ(count(tally, Check::kEnds), 4);
  EXPECT_EQ(tally[place_of(Check::kEnds)].sum, 1);
  EXPECT_EQ(mean(tally, Check::kLengths), 150);
  EXPECT_EQ(mean(tally, Check::kFinalsRight), 1);
  EXPECT_EQ(mean(tally, Check::kFinalsAgree), 2.0 / 4);  // of the four others, two ended with A
  EXPECT_EQ(count(tally, Check::kLooksBlank), 3);
  EXPECT_EQ(count(tally, Check::kLooksAgree), 1);  // one branch has ended
  EXPECT_EQ(mean(tally, Check::kLooksAgree), 1);
}

TEST(RecordedPool, ABranchFromElsewhereIsComparedWithAllOfThem) {
  const replay::Question recorded = question();
  const RecordedPool pool(recorded, {});
  SeenEpisode episode{.answer = "A", .tokens = 350};
  episode.branches.push_back({.intervals = 2, .looks = {"A", "new"}});
  episode.branches.push_back(
      {.finished = true, .intervals = 2, .looks = {"ERR", ""}, .tokens = 150, .answer = "B"});
  const Tally tally = pool.tally(episode);
  EXPECT_EQ(mean(tally, Check::kAccuracy), 1);
  EXPECT_EQ(count(tally, Check::kEnds), 5);
  EXPECT_EQ(mean(tally, Check::kFinalsRight), 0);
  EXPECT_DOUBLE_EQ(mean(tally, Check::kFinalsAgree), 1.0 / 5);
  EXPECT_EQ(count(tally, Check::kLooksBlank), 3);  // nobody looked at the fourth
  EXPECT_DOUBLE_EQ(mean(tally, Check::kLooksBlank), 1.0 / 3);
  EXPECT_EQ(count(tally, Check::kLooksAgree), 1);  // that somebody looked at, of the branch that ended
  EXPECT_EQ(mean(tally, Check::kLooksAgree), 0);
}

TEST(RecordedPool, LooksAtUnfinishedBranchesAgreeWithNothing) {
  const replay::Question recorded = question();
  const RecordedPool pool(recorded, {});
  SeenEpisode episode;
  episode.branches.push_back({.intervals = 5, .looks = {"A", "B", "C", "C", "C"}});
  const Tally tally = pool.tally(episode);
  EXPECT_EQ(count(tally, Check::kLooksBlank), 5);
  EXPECT_EQ(count(tally, Check::kLooksAgree), 0);
}

TEST(RecordedPool, WholeBranchesHaveNoLooks) {
  const replay::Question recorded = question();
  const RecordedPool pool(recorded, {});
  const replay::ActionLog log = {{.kind = ActionKind::kRead, .lane = 0, .finished = true, .cost = 350}};
  const Tally replayed = pool.tally(log, tests::as_recorded(recorded), {});
  EXPECT_EQ(count(replayed, Check::kLooksBlank), 0);
  EXPECT_EQ(count(replayed, Check::kEnds), 4);
  SeenEpisode episode;
  episode.branches.push_back(
      {.whole = true, .finished = true, .intervals = 3, .looks = {"", "", ""}, .tokens = 350, .answer = "A"});
  const Tally seen = pool.tally(episode);
  EXPECT_EQ(count(seen, Check::kLooksBlank), 0);
  EXPECT_EQ(seen[place_of(Check::kEnds)], replayed[place_of(Check::kEnds)]);
}

TEST(RecordedPool, SignalsAreThoseOfWholeIntervals) {
  replay::QuestionBuilder builder("q", "A", 100, 1);
  builder.add_probe("A");
  builder.add_probe("A");
  builder.add_signal(0, std::vector<double>{-0.25, -0.5, -8});
  builder.end_branch(220, "A");
  const replay::Question recorded = std::move(builder).finish();
  const RecordedPool pool(recorded, {"logprob"});
  const replay::ActionLog log = {{.kind = ActionKind::kRead, .lane = 0, .finished = true, .cost = 220}};
  const Tally replayed = pool.tally(log, tests::as_recorded(recorded), {});
  EXPECT_EQ(replayed[place_of(Check::kLogprob)], (Part{-0.75, 2}));
  EXPECT_EQ(count(replayed, Check::kEntropy), 0);
  SeenEpisode episode;
  episode.branches.push_back({.intervals = 2, .signals = {std::vector<double>{-0.25, -0.5}, {2, 2}, {}}});
  const Tally seen = pool.tally(episode);
  EXPECT_EQ(seen[place_of(Check::kLogprob)], (Part{-0.75, 2}));
  EXPECT_EQ(count(seen, Check::kEntropy), 0);  // the recording has none to compare with
}

}  // namespace
}  // namespace live
