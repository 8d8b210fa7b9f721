// A tally that goes on from the last count is the same as one of all votes.
#include "replay/machine/vote_tally.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <vector>

#include "tests/support/varied.hpp"

namespace replay {
namespace {

using tests::chance;
using tests::one_of;
using tests::Rng;
using tests::uniform_index;
using tests::uniform_int;

constexpr int kAnswers = 70;

struct Votes {
  Mask set = 0;
  std::size_t places = 0;
  AnswerLanes answers;
  NumberLanes weights;

  // A few of them are other ones.
  void change(Rng& rng) {
    const double share = one_of(rng, {0.0, 0.02, 0.2, 1.0}), leaving = one_of(rng, {0.0, 0.1, 0.5});
    const int most = one_of(rng, {1, 4, kAnswers - 1});
    places = std::max(places, 1 + uniform_index(rng, kMaxOpened));
    for (std::size_t place = 0; place < places; ++place) {
      if (chance(rng, share)) answers[place] = static_cast<AnswerId>(uniform_int(rng, -1, most));
      if (chance(rng, leaving)) set ^= bit(place);
      weights[place] = one_of(rng, {0.0, -1.0, 0.5, 1.0, 2.5});
    }
  }
  double weight(Mask voters) const {
    double sum = 0;
    for_each_lane(voters, [&](std::size_t place) { sum += weights[place]; });
    return sum;
  }
};

void weigh(Tally& tally, const Votes& votes, bool equally) {
  if (equally)
    tally.weigh_equally();
  else
    tally.weigh([&](Mask voters, double) { return votes.weight(voters); });
  tally.close();
}

void compare(const Tally& found, const Tally& expected) {
  RC_ASSERT(found.top() == expected.top());
  RC_ASSERT(found.support() == expected.support());
  RC_ASSERT(found.runner_up() == expected.runner_up());
  RC_ASSERT(found.distinct() == expected.distinct());
  RC_ASSERT(found.entropy() == expected.entropy());
  for (AnswerId answer = -1; answer < kAnswers; ++answer)
    RC_ASSERT(found.votes(answer) == expected.votes(answer));
}

TEST(Tally, GoesOnFromTheLastCount) {
  EXPECT_TRUE(rc::check("as if all votes were new", [] {
    Rng rng = tests::any_stream();
    const LaneKernels& kernels = all_lane_kernels()[uniform_index(rng, all_lane_kernels().size())];
    Votes votes;
    Tally going_on;
    going_on.fit(kAnswers);
    for (int round = 0; round < 20; ++round) {
      votes.change(rng);
      going_on.group(votes.answers.at.data(), votes.set, votes.places, kernels);
      Tally anew;
      anew.fit(kAnswers);
      for_each_lane(votes.set, [&](std::size_t place) { anew.add(place, votes.answers[place]); });
      const bool equally = chance(rng, 0.5);
      weigh(going_on, votes, equally);
      weigh(anew, votes, equally);
      compare(going_on, anew);
    }
  }));
}

TEST(Tally, SaysWhetherAnythingMoved) {
  const LaneKernels& kernels = lane_kernels();
  Tally tally;
  tally.fit(3);
  AnswerLanes answers;
  answers.at.fill(2);
  EXPECT_TRUE(tally.group(answers.at.data(), 0b111, 3, kernels));
  EXPECT_FALSE(tally.group(answers.at.data(), 0b111, 3, kernels));
  answers[3] = 1;
  EXPECT_FALSE(tally.group(answers.at.data(), 0b111, 4, kernels)) << "it does not vote";
  EXPECT_TRUE(tally.group(answers.at.data(), 0b1111, 4, kernels));
  answers[0] = kNoAnswer;
  EXPECT_TRUE(tally.group(answers.at.data(), 0b1111, 4, kernels));
  tally.weigh_equally();
  tally.close();
  EXPECT_EQ(tally.top(), 2);
  EXPECT_EQ(tally.support(), 2);
  EXPECT_EQ(tally.runner_up(), 1);
  tally.clear();
  EXPECT_FALSE(tally.group(answers.at.data(), 0, 4, kernels)) << "nobody votes";
}

}  // namespace
}  // namespace replay
