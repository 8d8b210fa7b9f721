#include "replay/machine/episode.hpp"

#include <gtest/gtest.h>
#include <numeric>
#include <string>
#include <string_view>
#include <vector>

#include "replay/environment/question_builder.hpp"
#include "replay/environment/reader.hpp"

namespace replay {
namespace {

// Interval 100. Branches: 0 has L = 2 and T = 230; 1 has L = 0 and T = 40; 2 has L = 3 and T = 250 < L * 100.
Question question() {
  QuestionBuilder builder("q", "A", 100);
  builder.add_probe("B");
  builder.add_probe("A");
  builder.end_branch(230, "A");
  builder.end_branch(40, "C");
  builder.add_probe("B");
  builder.add_probe("B");
  builder.add_probe("ERR");
  builder.end_branch(250, "B");
  return std::move(builder).finish();
}

class EpisodeTest : public testing::Test {
 protected:
  void begin(const EpisodeOptions& options = {}) { episode.begin(q, order, options); }
  std::string_view answer(std::size_t lane) const {
    return episode.answer[lane] == kNoAnswer
               ? "-"
               : std::string_view(q.answers[static_cast<std::size_t>(episode.answer[lane])]);
  }

  const Question q = question();
  std::vector<std::uint32_t> order = {0, 1, 2};
  Episode episode;
};

TEST_F(EpisodeTest, ABranchFromItsBeginningToItsEnd) {
  begin();
  EXPECT_TRUE(episode.branch());
  EXPECT_EQ(episode.spent(), 100);
  EXPECT_EQ(episode.depth[0], 1);
  EXPECT_EQ(answer(0), "-");
  EXPECT_TRUE(episode.probe(0));
  EXPECT_EQ(answer(0), "B");
  EXPECT_EQ(episode.streak[0], 1);
  EXPECT_FALSE(episode.probe(0));  // already probed at this depth
  EXPECT_TRUE(episode.advance(0));
  EXPECT_EQ(episode.spent(), 200);
  EXPECT_EQ(answer(0), "B");
  EXPECT_TRUE(episode.probe(0));
  EXPECT_EQ(answer(0), "A");
  EXPECT_EQ(episode.changes[0], 1);
  EXPECT_TRUE(episode.advance(0));
  EXPECT_EQ(episode.spent(), 230);
  EXPECT_EQ(episode.depth[0], 2);
  EXPECT_EQ(episode.finished, bit(0));
  EXPECT_EQ(episode.active, 0U);
  EXPECT_TRUE(episode.probe(0));
  EXPECT_EQ(episode.streak[0], 2);
  EXPECT_FALSE(episode.advance(0));
  EXPECT_FALSE(episode.prune(0));
  EXPECT_EQ(episode.tokens[0], 230);
}

TEST_F(EpisodeTest, ABranchWithoutProbesFinishesWhenOpened) {
  order = {1, 0, 2};
  begin();
  EXPECT_TRUE(episode.branch());
  EXPECT_EQ(episode.spent(), 40);
  EXPECT_EQ(episode.finished, bit(0));
  EXPECT_EQ(episode.depth[0], 0);
  EXPECT_TRUE(episode.probe(0));
  EXPECT_EQ(answer(0), "C");
}

TEST_F(EpisodeTest, TheLastStepOfAShortBranchIsFree) {
  order = {2, 0, 1};
  begin();
  EXPECT_TRUE(episode.branch());
  EXPECT_TRUE(episode.advance(0));
  EXPECT_TRUE(episode.advance(0));
  EXPECT_EQ(episode.spent(), 300);
  EXPECT_TRUE(episode.advance(0));
  EXPECT_EQ(episode.spent(), 300);  // a fully probed branch has cost L intervals
  EXPECT_EQ(episode.finished, bit(0));
}

TEST_F(EpisodeTest, ReadingCostsTheWholeLengthAndRevealsTheEnd) {
  order = {2, 1, 0};
  begin({.probe_cost = 7});
  EXPECT_TRUE(episode.read());
  EXPECT_EQ(episode.spent(), 250);
  EXPECT_EQ(answer(0), "B");
  EXPECT_EQ(episode.depth[0], 3);
  EXPECT_EQ(episode.streak[0], 1);
  EXPECT_FALSE(episode.probe(0));
  EXPECT_TRUE(episode.read());
  EXPECT_TRUE(episode.read());
  EXPECT_FALSE(episode.read());
  EXPECT_FALSE(episode.branch());
  EXPECT_EQ(episode.spent(), 250 + 40 + 230);
  EXPECT_EQ(std::vector<std::uint8_t>(episode.finish_order().begin(), episode.finish_order().end()),
            (std::vector<std::uint8_t>{0, 1, 2}));
}

TEST_F(EpisodeTest, PruningKeepsWhatWasSpentAndRevealed) {
  begin({.probe_cost = 7});
  episode.branch();
  EXPECT_TRUE(episode.prune(0));
  EXPECT_FALSE(episode.prune(0));
  EXPECT_FALSE(episode.advance(0));
  EXPECT_EQ(episode.pruned, bit(0));
  EXPECT_TRUE(episode.probe(0));  // at the depth it stands at
  EXPECT_EQ(answer(0), "B");
  EXPECT_EQ(episode.spent(), 107);
  EXPECT_EQ(episode.tokens[0], 100);  // probes are no tokens of the branch
}

TEST_F(EpisodeTest, ABudgetAdmitsStepsWhileAnIntervalIsLeft) {
  begin({.budget = 299, .probe_cost = 5});
  EXPECT_TRUE(episode.branch());
  EXPECT_TRUE(episode.advance(0));
  EXPECT_TRUE(episode.probe(0));
  EXPECT_EQ(episode.remaining(), 94);
  // The end of lane 0 would cost 30 and a READ 40: nobody knows that yet.
  EXPECT_FALSE(episode.advance(0));
  EXPECT_FALSE(episode.branch());
  EXPECT_FALSE(episode.read());
  EXPECT_TRUE(episode.exhausted());
  EXPECT_EQ(episode.active, bit(0));
  EXPECT_FALSE(episode.probe(0));
  EXPECT_EQ(episode.spent(), 205);
}

// Nothing of what was begun is seen, and what is left of the budget is spent.
TEST_F(EpisodeTest, TheBudgetCutsWhatNeedsMore) {
  for (const std::int64_t budget : {100, 249}) {
    order = {2, 1, 0};
    begin({.budget = budget});
    episode.begin_stage(0);
    EXPECT_TRUE(episode.read());
    EXPECT_TRUE(episode.moved());
    EXPECT_EQ(episode.spent(), budget);
    EXPECT_EQ(episode.tokens[0], budget);
    EXPECT_EQ(episode.pruned, bit(0));
    EXPECT_EQ(episode.active, 0U);
    EXPECT_EQ(episode.finished, 0U);
    EXPECT_TRUE(episode.finish_order().empty());
    EXPECT_EQ(answer(0), "-");
    EXPECT_EQ(episode.depth[0], 0);
    EXPECT_FALSE(episode.probe(0));
    EXPECT_FALSE(episode.branch());
    episode.end_stage();
    EXPECT_EQ(episode.latency_tokens(), budget);
    EXPECT_TRUE(episode.exhausted());
  }
  begin({.budget = 250});
  EXPECT_TRUE(episode.read());
  EXPECT_EQ(answer(0), "B");
}

// An end may be farther from the last probe than an interval, and a branch may have no probe at all.
TEST(Episode, TheBudgetCutsLongLastSteps) {
  QuestionBuilder builder("long", "A", 100);
  builder.add_probe("B");
  builder.end_branch(400, "A");
  builder.end_branch(350, "A");
  const Question q = std::move(builder).finish();
  const std::vector<std::uint32_t> order = {0, 1};
  Episode episode;
  ActionLog log;
  episode.begin(q, order, {.budget = 330}, &log);
  EXPECT_TRUE(episode.branch());
  EXPECT_TRUE(episode.advance(0));
  EXPECT_EQ(episode.pruned, bit(0));
  EXPECT_EQ(episode.depth[0], 1);
  EXPECT_EQ(episode.tokens[0], 330);
  EXPECT_FALSE(episode.probe(0)) << "the answer before it has gone by";
  EXPECT_EQ(log, (ActionLog{{.kind = ActionKind::kBranch, .round = -2, .cost = 100},
                            {.kind = ActionKind::kContinue, .cut = true, .round = -2, .cost = 230}}));
  log.clear();
  const std::vector<std::uint32_t> other = {1, 0};
  episode.begin(q, other, {.budget = 330}, &log);
  EXPECT_TRUE(episode.branch());
  EXPECT_FALSE(episode.probe(0));
  EXPECT_EQ(log, (ActionLog{{.kind = ActionKind::kBranch, .cut = true, .round = -2, .cost = 330}}));
}

TEST_F(EpisodeTest, WithForesightDearActionsAreInadmissible) {
  begin({.budget = 239, .probe_cost = 5, .foresight = true});
  EXPECT_TRUE(episode.branch());
  EXPECT_TRUE(episode.probe(0));
  EXPECT_TRUE(episode.advance(0));
  EXPECT_EQ(episode.remaining(), 34);
  EXPECT_FALSE(episode.branch());  // 40, and a READ as much
  EXPECT_FALSE(episode.read());
  EXPECT_FALSE(episode.exhausted());  // 30 to the end of lane 0
  EXPECT_TRUE(episode.advance(0));
  EXPECT_TRUE(episode.exhausted());
  EXPECT_FALSE(episode.probe(0));
  EXPECT_EQ(answer(0), "B");
  EXPECT_EQ(episode.spent(), 235);
}

TEST_F(EpisodeTest, LatencyCountsTheLongestOfEachStage) {
  begin();
  episode.begin_stage(0);
  episode.branch();
  episode.branch();
  episode.branch();
  EXPECT_TRUE(episode.moved());
  episode.end_stage();
  EXPECT_EQ(episode.latency_tokens(), 100);
  episode.begin_stage(0);
  EXPECT_FALSE(episode.moved());
  episode.advance(0);
  episode.advance(2);
  episode.advance(2);
  episode.end_stage();
  EXPECT_EQ(episode.latency_tokens(), 300);
  episode.begin_stage(1);
  EXPECT_EQ(episode.age[0], 1);
  episode.end_stage();
  EXPECT_EQ(episode.latency_tokens(), 300);
  EXPECT_EQ(episode.spent(), 100 + 40 + 100 + 100 + 200);
}

TEST_F(EpisodeTest, ABranchNeverOpenedCannotBeActedOn) {
  begin();
  ASSERT_TRUE(episode.branch());
  EXPECT_FALSE(episode.probe(1));
  EXPECT_FALSE(episode.advance(1));
  EXPECT_FALSE(episode.prune(1));
  EXPECT_EQ(episode.spent(), 100);
}

TEST(Episode, OpensNoMoreThan64) {
  QuestionBuilder builder("many", "A", 10);
  for (int i = 0; i < 70; ++i) builder.end_branch(1, "A");
  const Question many = std::move(builder).finish();
  std::vector<std::uint32_t> order(70);
  std::iota(order.begin(), order.end(), 0U);
  Episode episode;
  episode.begin(many, order, {});
  int opened = 0;
  while (episode.branch()) ++opened;
  EXPECT_EQ(opened, 64);
  EXPECT_FALSE(episode.read());
  EXPECT_EQ(episode.finished, ~Mask{0});
}

}  // namespace
}  // namespace replay
