#include "evo/expectation/cross_fitting.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <iterator>
#include <memory>
#include <set>
#include <string>
#include <tbb/global_control.h>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/expectation/recommendation.hpp"
#include "evo/record/checkpoint_file.hpp"
#include "evo/scoring/rescoring.hpp"
#include "replay/environment/reweighting.hpp"
#include "replay/sources/source.hpp"
#include "tests/support/evolved.hpp"

namespace evo {
namespace {

Experiment with_questions(int questions, const std::string& more = "") {
  Experiment e = full_experiment();
  e.founder_candidates = 0;
  e.folds = 0;
  e.orderings = 4;
  e.search = {"synthetic:seed=5,branches=24,questions=" + std::to_string(questions) + more};
  return e;
}

// A search with its halves.
class Crossed {
 public:
  Crossed(const Experiment& experiment, const replay::Evaluator& evaluator)
      : scorer(std::make_unique<Scorer>(experiment, evaluator)),
        crossed(std::make_unique<CrossFitting>(experiment, evaluator)) {}

  State first() {
    State state = evo::found(*scorer).state;
    crossed->found(state, *scorer);
    return state;
  }
  State next(const State& state) {
    GeneticProposer proposer({});
    State after = evo::advance(state, *scorer, proposer).state;
    crossed->advance(state, after, *scorer);
    return after;
  }

  std::unique_ptr<Scorer> scorer;
  std::unique_ptr<CrossFitting> crossed;
};

std::vector<std::size_t> common_part(const std::vector<std::size_t>& a, const std::vector<std::size_t>& b) {
  std::vector<std::size_t> both;
  std::ranges::set_intersection(a, b, std::back_inserter(both));
  return both;
}

TextOf all_texts(const State& state) {
  return [&state](const std::string& id) {
    if (state.recommended && state.recommended->id == id) return std::optional(state.recommended->text);
    for (const State& half : state.halves) {
      if (auto text = text_in(half)(id)) return text;
    }
    return text_in(state)(id);
  };
}

TEST(CrossFitting, AResumedRunIsTheSameOnAnyNumberOfThreads) {
  const Experiment e = with_questions(10);
  const auto evaluator = small_evaluator(e);
  std::set<std::string> outcomes;
  for (const std::size_t threads : {1UL, 4UL}) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    for (const bool interrupted : {false, true}) {
      auto search = std::make_unique<Crossed>(e, evaluator);
      State state = search->first();
      for (int i = 0; i < 3; ++i) {
        if (interrupted) {  // caches are lost, the state is not
          state = load_checkpoint(save_checkpoint(state), all_texts(state), "test");
          search = std::make_unique<Crossed>(e, evaluator);
        }
        state = search->next(state);
      }
      outcomes.insert(save_checkpoint(state));
    }
  }
  EXPECT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(framed_version(*outcomes.begin()), 6U);  // the first with halves
}

TEST(CrossFitting, TheSearchGoesAsItWouldWithout) {
  const Experiment e = with_questions(10);
  const auto evaluator = small_evaluator(e);
  Crossed search(e, evaluator);
  Scorer alone(e, evaluator);
  GeneticProposer proposer({});
  State with = search.first(), without = evo::found(alone).state;
  for (int i = 0; i < 3; ++i) {
    with = search.next(with);
    without = evo::advance(without, alone, proposer).state;
    EXPECT_EQ(with.counters.births, without.counters.births);
    EXPECT_GT(with.counters.episodes, without.counters.episodes);
    State bare = with;
    forget_expectation(bare);
    bare.counters = without.counters;
    EXPECT_EQ(save_checkpoint(bare), save_checkpoint(without));
  }
}

TEST(CrossFitting, HalvesShareNoQuestionAndLeaveNoneOut) {
  Experiment e = with_questions(11);
  e.reweightings = {0.25};
  std::vector<replay::Environment> environments = replay::open_environments(e.search);
  environments.push_back(replay::reweighted(environments.front(), 0.25));
  const replay::Evaluator evaluator(std::move(environments), {.orderings = 9});
  CrossFitting crossed(e, evaluator);
  const auto& a = crossed.half(0).all_questions().runner().questions();
  const auto& b = crossed.half(1).all_questions().runner().questions();
  ASSERT_EQ(a.size(), 2U);
  EXPECT_EQ(a[0].questions, a[1].questions);  // the variants of a question are with it
  EXPECT_TRUE(common_part(a[0].questions, b[0].questions).empty());
  EXPECT_EQ(a[0].questions.size() + b[0].questions.size(), 11U);
}

TEST(CrossFitting, EstimatesAfterEveryGenerationAndRecommendsByIt) {
  const Experiment e = with_questions(12);
  const auto evaluator = small_evaluator(e);
  Crossed search(e, evaluator);
  State state = search.first();
  for (int i = 0; i < 3; ++i) {
    ASSERT_TRUE(state.expected.has_value());
    const ExpectedGain& expected = *state.expected;
    EXPECT_EQ(expected.questions, 12U);
    EXPECT_LE(expected.low, expected.gain);
    EXPECT_LE(expected.gain, expected.high);
    EXPECT_FALSE(expected.against.empty());
    EXPECT_EQ(state.recommended.has_value(), !beats_known(expected));
    if (state.recommended) {
      EXPECT_EQ(&state.recommendation(), &*state.recommended);
      EXPECT_FALSE(score_difference(*state.recommended, rescored(*state.recommended, *search.scorer)));
    }
    // What came along from the generation before is what comes out of the state alone.
    State again = state;
    Work work;
    search.crossed->estimate(again, *search.scorer, work);
    EXPECT_EQ(again.expected, state.expected);
    state = search.next(state);
  }
}

// Whatever a controller does, it is right a quarter of the time.
TEST(CrossFitting, FindsNothingWhereAnswersAreChance) {
  for (const int seed : {1, 2, 3}) {
    Experiment e = with_questions(24, ",knows=0,options=4");
    e.seed = static_cast<std::uint64_t>(seed);
    const auto evaluator = small_evaluator(e);
    Crossed search(e, evaluator);
    State state = search.first();
    for (int i = 0; i < 2; ++i) state = search.next(state);
    EXPECT_LT(state.expected->low, 1) << seed;
  }
}

TEST(CrossFitting, IsNoneWhereQuestionsAreFewOrNobodyAsks) {
  const Experiment few = with_questions(7);
  EXPECT_EQ(cross_fitting(few, small_evaluator(few)), nullptr);
  Experiment off = with_questions(8);
  EXPECT_NE(cross_fitting(off, small_evaluator(off)), nullptr);
  off.expected_gain = false;
  EXPECT_EQ(cross_fitting(off, small_evaluator(off)), nullptr);
}

TEST(CrossFitting, AStateWithoutHalvesGetsThem) {
  const Experiment e = with_questions(8);
  const auto evaluator = small_evaluator(e);
  Crossed search(e, evaluator);
  State state = evo::found(*search.scorer).state;
  state = search.next(state);
  ASSERT_EQ(state.halves.size(), 2U);
  EXPECT_EQ(state.halves.front().generation, 0);
  EXPECT_TRUE(state.expected.has_value());
  EXPECT_EQ(search.next(state).halves.back().generation, 1);
}

TEST(CrossFitting, HalvesHaveTheIslandsOfTheSearchAtHalfOfTheirSize) {
  Experiment e = with_questions(9);
  e.population = 17;
  e.children = 9;
  e.islands = 2;
  e.migration = 1;
  const auto evaluator = small_evaluator(e);
  Crossed search(e, evaluator);
  const State state = search.next(search.first());
  for (const State& half : state.halves) {
    ASSERT_EQ(half.islands.size(), 2U);
    EXPECT_LE(half.islands[0].population.size(), 6U);  // five, and the champion
    EXPECT_GE(half.islands[1].population.size(), 2U);
  }
  const State again = load_checkpoint(save_checkpoint(state), all_texts(state), "test");
  EXPECT_EQ(save_checkpoint(again), save_checkpoint(state));
}

// ---- files that nobody's program wrote

State with_halves() {
  const Experiment e = with_questions(8);
  const auto evaluator = small_evaluator(e);
  return Crossed(e, evaluator).first();
}

void expect_refused(const State& state, const std::string& reason) {
  try {
    load_checkpoint(save_checkpoint(state), all_texts(state), "hostile");
    ADD_FAILURE() << reason;
  } catch (const RunError& error) {
    EXPECT_NE(std::string(error.what()).find(reason), std::string::npos) << error.what();
  }
}

TEST(CrossFitting, CheckpointsThatCannotBeAreRefused) {
  const State good = with_halves();
  State bad = good;
  bad.halves.pop_back();
  expect_refused(bad, "holds 1 halves where a run has two");
  bad = good;
  bad.halves.resize(3, good.halves.front());
  expect_refused(bad, "holds 3 halves");
  bad = good;
  bad.halves.front().islands.front().population.clear();
  expect_refused(bad, "holds no population");
  bad = good;
  bad.halves.front().islands.push_back(good.islands.front());
  expect_refused(bad, "a half of it has 2 islands where the run has 1");
  bad = good;
  bad.expected->low = 1e300 * 1e300;
  expect_refused(bad, "its expected gain is no interval");
  bad = good;
  bad.recommended = good.islands.front().population.front();
  bad.expected.reset();
  expect_refused(bad, "recommends more than one controller, or one without reason");
}

}  // namespace
}  // namespace evo
