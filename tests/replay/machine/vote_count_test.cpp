// A count that goes on from the last one is the same as one of all votes.
#include "replay/machine/vote_count.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "replay/environment/ordering.hpp"
#include "tests/support/odd_questions.hpp"
#include "tests/support/varied.hpp"

namespace replay {
namespace {

using tests::chance;
using tests::one_of;
using tests::Rng;
using tests::uniform_index;

Mask some_of(Rng& rng, Mask set) {
  Mask result = 0;
  for_each_lane(set, [&](std::size_t lane) { result |= chance(rng, 0.7) ? bit(lane) : 0; });
  return result;
}

void act(Rng& rng, Episode& episode) {
  const std::size_t lane = uniform_index(rng, kMaxOpened);
  switch (uniform_index(rng, 5)) {
    case 0: episode.read(); break;
    case 1: episode.prune(lane); break;
    case 2: episode.probe(lane); break;  // of one that has ended without
    case 3:
      if (episode.is_free()) {
        Advance asked{
            .set = episode.active, .by_all = 2, .probing = chance(rng, 0.7), .opened = episode.opened()};
        if (asked.set != 0) episode.advance_freely(asked, nullptr);
        break;
      }
      [[fallthrough]];
    default: episode.advance(lane); break;
  }
}

void compare(const Tally& found, const Tally& expected, std::size_t answers) {
  RC_ASSERT(found.top() == expected.top());
  RC_ASSERT(found.support() == expected.support());
  RC_ASSERT(found.runner_up() == expected.runner_up());
  RC_ASSERT(found.distinct() == expected.distinct());
  RC_ASSERT(found.entropy() == expected.entropy());
  for (std::size_t answer = 0; answer < answers; ++answer)
    RC_ASSERT(found.votes(static_cast<AnswerId>(answer)) == expected.votes(static_cast<AnswerId>(answer)));
}

void compare_counts(Rng& rng, Episode& episode, VoteCount& going_on, const Weights& weights) {
  const bool as_finished = chance(rng, 0.7);
  const Mask all = as_finished ? Mask{episode.finished} : first_lanes(episode.opened());
  const Mask set = chance(rng, 0.5) ? all : some_of(rng, all);
  if ((episode.hidden() & set) != 0) episode.show();
  const std::size_t answers = episode.question().answers.size();
  going_on.count(episode, set, as_finished, weights, lane_kernels());
  VoteCount anew;
  anew.begin(answers);
  anew.count(episode, set, as_finished, weights, lane_kernels());
  compare(going_on.tally(), anew.tally(), answers);
}

TEST(VoteCount, GoesOnFromTheLastOne) {
  EXPECT_TRUE(rc::check("as if all votes were counted anew", [] {
    Rng rng = tests::any_stream();
    const Question question = tests::any_question(rng);
    const auto order = ordering(uniform_index(rng, 100), question.branches.size());
    Episode episode;
    episode.begin(question, order, {.one_by_one = chance(rng, 0.5)}, nullptr, 0);
    VoteCount going_on;
    going_on.begin(question.answers.size());
    NumberLanes each;
    for (int round = 0; round < 20; ++round) {
      if (chance(rng, 0.5)) episode.branch();
      act(rng, episode);
      if (chance(rng, 0.3)) each[uniform_index(rng, kMaxOpened)] = one_of(rng, {-1.0, 0.5, 3.0});
      const Weights weights = one_of(rng, {Weights{}, Weights{.all = one_of(rng, {1.0, 0.1}), .equal = false},
                                           Weights{.lanes = each.at.data(), .equal = false},
                                           Weights{.lanes = each.at.data(), .equal = false}});
      compare_counts(rng, episode, going_on, weights);
    }
  }));
}

// The same answers at the same places, of other branches.
TEST(VoteCount, WeighsThoseWhoVote) {
  Rng rng(1);
  Question question = tests::any_question(rng);
  question.branches.resize(1);
  question.branches.resize(2, question.branches[0]);
  const std::vector<std::uint32_t> order = {0, 1};
  Episode episode;
  episode.begin(question, order, {});
  episode.read();
  episode.read();
  NumberLanes weights;
  weights[0] = 1;
  weights[1] = 5;
  VoteCount count;
  count.begin(question.answers.size());
  count.count(episode, bit(0), true, {.lanes = weights.at.data(), .equal = false}, lane_kernels());
  EXPECT_EQ(count.tally().support(), 1);
  count.count(episode, bit(1), true, {.lanes = weights.at.data(), .equal = false}, lane_kernels());
  EXPECT_EQ(count.tally().support(), 5);
}

}  // namespace
}  // namespace replay
