#include "replay/analysis/playback.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "replay/environment/ordering.hpp"
#include "replay/sources/synthetic.hpp"
#include "tests/support/small_questions.hpp"
#include "tests/support/varied.hpp"

namespace replay {
namespace {

using tests::small_question;

std::string text_of(const Question& question, AnswerId answer) {
  return answer == kNoAnswer ? "-" : question.answers[static_cast<std::size_t>(answer)];
}

TEST(Playback, FollowsAnEpisodeActionByAction) {
  const Question q = small_question("A", {{"B A", "A"}, {"B", "B"}, {"", "C"}});
  const std::vector<std::uint32_t> dealt{1, 0, 2};
  ActionLog log;
  Episode episode;
  episode.begin(q, dealt, {.probe_cost = 7}, &log);
  episode.branch();
  episode.probe(0);
  episode.branch();
  episode.advance(1);
  episode.probe(1);
  episode.prune(0);
  episode.read();
  ASSERT_EQ(log.size(), 7U);

  Playback playback;
  playback.begin(q, dealt);
  EXPECT_EQ(playback.leader(), kNoAnswer);
  EXPECT_EQ(playback.cheapest_step(), 100);
  std::vector<std::string> leaders;
  std::vector<std::int64_t> spent;
  for (const Action& action : log) {
    playback.take(action);
    leaders.push_back(text_of(q, playback.leader()));
    spent.push_back(playback.spent());
  }
  EXPECT_EQ(leaders, (std::vector<std::string>{"-", "B", "B", "B", "B", "A", "A"}));
  EXPECT_EQ(spent, (std::vector<std::int64_t>{100, 107, 207, 307, 314, 314, 364}));
  ASSERT_EQ(playback.branches().size(), 3U);
  const BranchState &pruned = playback.branches()[0], &open = playback.branches()[1],
                    &read = playback.branches()[2];
  EXPECT_TRUE(pruned.pruned && !pruned.finished && !open.pruned && !open.finished && read.finished);
  EXPECT_EQ(pruned.recorded, 1U);
  EXPECT_EQ(open.recorded, 0U);
  EXPECT_EQ(open.depth, 2U);
  EXPECT_EQ(open.tokens, 207);
  EXPECT_EQ(text_of(q, read.answer), "C");
  const std::vector<AnswerVotes> votes = playback.votes();
  ASSERT_EQ(votes.size(), 2U);
  EXPECT_EQ(text_of(q, votes[0].answer), "A");
  EXPECT_EQ(playback.cheapest_step(), 50);  // the end of the open branch
}

TEST(Playback, ABranchThatWasCutKeepsNoVote) {
  const Question q = small_question("A", {{"B", "A"}, {"", "C"}});
  const std::vector<std::uint32_t> dealt{0, 1};
  ActionLog log;
  Episode episode;
  episode.begin(q, dealt, {.budget = 140}, &log);
  episode.read();
  Playback playback;
  playback.begin(q, dealt);
  playback.take(log.at(0));
  EXPECT_EQ(playback.spent(), 140);
  EXPECT_TRUE(playback.branches()[0].pruned && !playback.branches()[0].finished);
  EXPECT_EQ(playback.branches()[0].depth, 0U);
  EXPECT_EQ(playback.leader(), kNoAnswer);
  EXPECT_EQ(playback.cheapest_step(), 50);  // to open the other
}

TEST(Playback, AnswersThatCannotBeReadDoNotVote) {
  const Question q = small_question("A", {{"", "ERR"}, {"", ""}, {"", "ERR"}, {"", "A"}});
  std::vector<AnswerId> ends;
  for (const Branch& branch : q.branches) ends.push_back(branch.final_answer);
  EXPECT_EQ(text_of(q, plurality(q, ends)), "A");
  EXPECT_EQ(plurality(q, std::span(ends).first(3)), kNoAnswer);
  EXPECT_EQ(plurality(q, {}), kNoAnswer);
}

TEST(Playback, ATieGoesToTheFirst) {
  const Question q = small_question("A", {{"", "B"}, {"", "A"}, {"", "A"}, {"", "B"}});
  std::vector<AnswerId> ends;
  for (const Branch& branch : q.branches) ends.push_back(branch.final_answer);
  EXPECT_EQ(text_of(q, plurality(q, ends)), "B");
  EXPECT_EQ(text_of(q, plurality(q, std::span(ends).first(3))), "A");
}

// The state after the last action, against the result and a recount from nothing.
TEST(Playback, EndsWhereAnyEpisodeEnds) {
  EXPECT_TRUE(rc::check([] {
    tests::Rng rng = tests::any_stream();
    const Environment environment =
        make_synthetic({.seed = rng(), .questions = 1, .branches = 20, .length = 4000, .max_tokens = 6000});
    const Question& question = environment.questions[0];
    const auto checked = genome::check(tests::bred_controller(rng)).controller;
    RC_ASSERT(checked.has_value());
    const genome::Program program = genome::compile(*checked);
    const std::vector<std::uint32_t> dealt = ordering(tests::uniform_index(rng, 100), 20);
    Machine machine;
    ActionLog log;
    EpisodeOptions options{.probe_cost = 3};
    if (tests::chance(rng, 0.5)) options.budget = tests::uniform_int(rng, 0, 30'000);
    const EpisodeResult result =
        machine.run(genome::bind(program, 0.5), question, dealt, {.episode = options, .log = &log});
    Playback playback;
    playback.begin(question, dealt);
    for (const Action& action : log) playback.take(action);
    RC_ASSERT(playback.spent() == result.tokens);
    std::int64_t tokens = 0;
    std::vector<AnswerId> latest;
    for (const BranchState& branch : playback.branches()) {
      tokens += branch.tokens;
      if (!branch.pruned) latest.push_back(branch.answer);
      RC_ASSERT(branch.depth <= question.branches[branch.recorded].probes);
    }
    RC_ASSERT(tokens == result.tokens);
    RC_ASSERT(playback.leader() == plurality(question, latest));
    const std::vector<AnswerVotes> votes = playback.votes();
    RC_ASSERT((votes.empty() ? kNoAnswer : votes.front().answer) == playback.leader());
  }));
}

}  // namespace
}  // namespace replay
