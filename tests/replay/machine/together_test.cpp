// Branches that go on together are where they would be if each had taken its steps by itself.
#include <algorithm>
#include <gtest/gtest.h>
#include <limits>
#include <rapidcheck.h>
#include <vector>

#include "replay/environment/ordering.hpp"
#include "replay/environment/question_builder.hpp"
#include "replay/machine/episode.hpp"
#include "tests/support/odd_questions.hpp"
#include "tests/support/varied.hpp"

namespace replay {
namespace {

namespace slots = genome::slots;
using tests::chance;
using tests::one_of;
using tests::Rng;
using tests::uniform_index;
using tests::uniform_int;

// The same actions in two episodes: in one as many at once as may be, in the other one after another.
class Pair {
 public:
  Pair(const Question& question, const std::vector<std::uint32_t>& order, std::int64_t probe_cost) {
    constexpr std::uint32_t kWatched = 1U << slots::kDepth | 1U << slots::kTokens | 1U << slots::kAge;
    at_once_.begin(question, order, {.probe_cost = probe_cost}, nullptr, kWatched);
    by_steps_.begin(question, order, {.probe_cost = probe_cost, .one_by_one = true}, nullptr, kWatched);
    RC_ASSERT(at_once_.is_free());
    RC_ASSERT(!by_steps_.is_free());
  }

  void begin_stage(int round) {
    at_once_.begin_stage(round);
    by_steps_.begin_stage(round);
  }
  void end_stage() {
    at_once_.end_stage();
    by_steps_.end_stage();
    RC_ASSERT(at_once_.latency_tokens() == by_steps_.latency_tokens());
  }
  Mask active() const { return by_steps_.active; }

  void open(std::size_t count) {
    at_once_.open_freely(count);
    for (; count > 0 && by_steps_.branch(); --count) by_steps_.probe(by_steps_.opened() - 1);
  }
  void read() { RC_ASSERT(at_once_.read() == by_steps_.read()); }
  void prune(Mask set) {
    at_once_.prune_freely(set);
    for_each_lane(set, [&](std::size_t lane) { by_steps_.prune(lane); });
  }
  void advance(Mask set, std::int32_t by, bool probing, bool deepest_first) {
    if (set == 0) return;
    Advance asked{.set = set, .by_all = by, .probing = probing, .opened = at_once_.opened()};
    at_once_.advance_freely(asked, deepest_first ? at_once_.depth.at.data() : nullptr);
    std::vector<std::size_t> queue;
    for_each_lane(set, [&](std::size_t lane) { queue.push_back(lane); });
    if (deepest_first) {
      const NumberLanes before = by_steps_.depth;
      std::ranges::stable_sort(queue, [&](std::size_t a, std::size_t b) { return before[a] > before[b]; });
    }
    for (const std::size_t lane : queue) {
      for (auto left = by; left > 0 && by_steps_.advance(lane); --left) {
        if (probing) by_steps_.probe(lane);
      }
    }
  }

  void compare() {
    RC_ASSERT(at_once_.opened() == by_steps_.opened());
    RC_ASSERT(at_once_.active == by_steps_.active);
    RC_ASSERT(at_once_.finished == by_steps_.finished);
    RC_ASSERT(at_once_.pruned == by_steps_.pruned);
    RC_ASSERT(at_once_.spent() == by_steps_.spent());
    RC_ASSERT(at_once_.moved() == by_steps_.moved());
    RC_ASSERT(std::ranges::equal(at_once_.finish_order(), by_steps_.finish_order()));
  }
  void compare_extremes() {
    std::int64_t least = std::numeric_limits<std::int64_t>::max(), most = 0;
    for_each_lane(by_steps_.active, [&](std::size_t lane) {
      least = std::min(least, std::int64_t{by_steps_.steps_taken(lane)});
      most = std::max(most, std::int64_t{by_steps_.steps_taken(lane)});
    });
    RC_ASSERT(at_once_.most_depth() == most);
    RC_ASSERT(at_once_.least_depth() == (by_steps_.active == 0 ? 0 : least));
  }
  void compare_answers() {
    if (at_once_.hidden() != 0) at_once_.show();
    for (std::size_t lane = 0; lane < by_steps_.opened(); ++lane)
      RC_ASSERT(at_once_.answer[lane] == by_steps_.answer[lane]);
  }
  void compare_lanes() {
    at_once_.catch_up();
    for (std::size_t lane = 0; lane < by_steps_.opened(); ++lane) {
      RC_ASSERT(at_once_.depth[lane] == by_steps_.depth[lane]);
      RC_ASSERT(at_once_.tokens[lane] == by_steps_.tokens[lane]);
      RC_ASSERT(at_once_.age[lane] == by_steps_.age[lane]);
      RC_ASSERT(at_once_.steps_taken(lane) == by_steps_.steps_taken(lane));
    }
  }

 private:
  Episode at_once_, by_steps_;
};

Mask some_of(Rng& rng, Mask set) {
  Mask result = 0;
  for_each_lane(set, [&](std::size_t lane) { result |= chance(rng, 0.5) ? bit(lane) : 0; });
  return result;
}

void act(Rng& rng, Pair& pair) {
  const auto steps = one_of(rng, {0, 1, 1, 1, 1, 2, 5, std::numeric_limits<std::int32_t>::max()});
  switch (uniform_index(rng, 14)) {
    case 0: return pair.open(uniform_index(rng, 9));
    case 1: return pair.read();
    case 2: return pair.prune(some_of(rng, some_of(rng, pair.active())));
    case 3: return pair.advance(some_of(rng, pair.active()), steps, chance(rng, 0.7), chance(rng, 0.5));
    case 4: return pair.advance(pair.active(), steps, false, chance(rng, 0.5));
    case 5: return pair.compare_lanes();
    case 6:
    case 7: return pair.compare_extremes();
    case 8:
    case 9: return pair.compare_answers();
    default: return pair.advance(pair.active(), steps, true, chance(rng, 0.5));
  }
}

TEST(Together, IsAsEachByItself) {
  EXPECT_TRUE(rc::check("the same episodes", [] {
    Rng rng = tests::any_stream();
    const Question question = tests::any_question(rng);
    const auto order = ordering(uniform_index(rng, 100), question.branches.size());
    Pair pair(question, order, uniform_int(rng, 0, 3));
    pair.begin_stage(0);
    pair.open(uniform_index(rng, kMaxOpened));
    pair.end_stage();
    for (int round = 0; round < 12; ++round) {
      pair.begin_stage(round);
      for (auto actions = uniform_int(rng, 1, 3); actions > 0; --actions) {
        act(rng, pair);
        pair.compare();
      }
      pair.end_stage();
    }
    pair.compare_extremes();
    pair.compare_answers();
    pair.compare_lanes();
  }));
}

TEST(Together, StepsThatEndNobodyAreKnownBeforehand) {
  QuestionBuilder builder("q", "A", 100);
  for (int branch = 0; branch < 2; ++branch) {
    for (int step = 0; step < 5 + branch; ++step) builder.add_probe("B");
    builder.end_branch(1000, "A");
  }
  const Question question = std::move(builder).finish();
  const std::vector<std::uint32_t> order = {0, 1};
  Episode episode;
  episode.begin(question, order, {}, nullptr, 1U << slots::kDepth);
  episode.begin_stage(0);
  episode.open_freely(2);
  episode.begin_stage(0);
  EXPECT_FALSE(episode.advance_together(episode.active, 1)) << "nobody has looked how far they are";
  EXPECT_EQ(episode.least_depth(), 1);
  EXPECT_TRUE(episode.advance_together(episode.active, 3));
  EXPECT_FALSE(episode.advance_together(bit(0), 1)) << "of one alone";
  episode.begin_stage(1);
  EXPECT_TRUE(episode.advance_together(episode.active, 1));
  EXPECT_FALSE(episode.advance_together(episode.active, 1)) << "one of them ends";
  EXPECT_EQ(episode.most_depth(), 5);
  EXPECT_EQ(episode.spent(), 2 * 5 * 100);
  episode.catch_up();
  EXPECT_EQ(episode.depth[1], 5);
  episode.begin_stage(2);
  Advance asked{.set = episode.active, .by_all = 1, .probing = true, .opened = 2};
  episode.advance_freely(asked, nullptr);
  EXPECT_EQ(episode.finished, bit(0));
  EXPECT_EQ(episode.least_depth(), 6);
  EXPECT_EQ(episode.depth[0], 5);
}

}  // namespace
}  // namespace replay
