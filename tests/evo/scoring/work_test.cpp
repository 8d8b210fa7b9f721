// What is counted as scored: everything, for whatever purpose.
#include <functional>
#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "evo/proposal/genetic_proposer.hpp"
#include "evo/proposal/tuning.hpp"
#include "evo/search/generation.hpp"
#include "genome/text/known_controllers.hpp"
#include "tests/support/small_world.hpp"

namespace evo {
namespace {

constexpr std::uint64_t kQuestions = 6, kBetas = 3;  // of the small world

genome::CheckedController cmc() {
  return genome::check_text(*genome::known_controller("cmc")).controller.value();
}

TEST(Work, EveryEpisodeAskedForCountsOnce) {
  Experiment e = small_experiment();
  e.validation_orderings = 2;
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  std::vector<Individual> one{make_individual(cmc(), {})};
  const Work whole{.controllers = 1, .episodes = 3 * kBetas * kQuestions};
  Work scored, again, validated, compared;
  scorer.score(one, {}, scored);
  EXPECT_EQ(scored, whole);
  scorer.score(one, {}, again);  // the cache spares it, but what was asked is the same
  EXPECT_EQ(again, whole);
  Individual* all[] = {&one.front()};
  scorer.validation().measure(all, validated);
  EXPECT_EQ(validated, (Work{.controllers = 0, .episodes = 2 * kBetas * kQuestions})) << "known already";
  const genome::CheckedController pair[] = {cmc(), cmc()};
  scorer.all_questions().fitness_on(pair, {1, 2}, compared);
  EXPECT_EQ(compared, (Work{.controllers = 2, .episodes = 2 * 2 * kBetas * kQuestions}));
  EXPECT_EQ(scorer.behaviours().work_of_one(), whole) << "a single rung of all orderings";
}

TEST(Work, OutsideFoldsItCountsFewerQuestions) {
  Experiment e = small_experiment();
  e.folds = 3;
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  QuestionScorer& outside = scorer.outside_fold(0);
  ASSERT_NE(&outside, &scorer.all_questions());
  const genome::CheckedController one[] = {cmc()};
  Work work;
  outside.fitness_on(one, {0, 1}, work);
  EXPECT_EQ(work.controllers, 1U);
  EXPECT_GT(work.episodes, 0U);
  EXPECT_LT(work.episodes, kBetas * kQuestions);
}

Counters counted(const Experiment& e, int generations, std::size_t threads) {
  const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
  const auto evaluator = small_evaluator(e);
  GeneticProposer proposer{GeneticOptions{}};
  Scorer scorer(e, evaluator);
  State state = found(scorer).state;
  for (int i = 0; i < generations; ++i) {
    // as a run that is stopped and resumed each time, or was given up amid a generation
    Scorer fresh(e, evaluator);
    Work given_up;
    fresh.all_questions().fitness_on(std::vector{cmc()}, {0, 1}, given_up);
    state = advance(state, i % 2 == 0 ? fresh : scorer, proposer).state;
  }
  return state.counters;
}

TEST(Work, TuningFounderSearchAndSimplificationCount) {
  Experiment plain = small_experiment();
  const Counters without = counted(plain, 2, 2);
  EXPECT_EQ(without.evaluations, without.births);
  EXPECT_EQ(without.episodes, without.births * 3 * kBetas * kQuestions);
  for (const auto& change : std::vector<std::function<void(Experiment&)>>{
           [](Experiment& e) { e.tuned = 2; }, [](Experiment& e) { e.founder_candidates = 20; },
           [](Experiment& e) { e.simplified = 2; }}) {
    Experiment more = plain;
    change(more);
    const Counters with = counted(more, 2, 2);
    EXPECT_GT(with.evaluations, with.births);
    EXPECT_GT(with.episodes, with.births * 3 * kBetas * kQuestions);
  }
}

TEST(Work, TheCountDependsOnTheExperimentAlone) {
  Experiment e = small_experiment();
  e.tuned = 1;
  e.founder_candidates = 10;
  e.simplified = 1;
  e.validation_orderings = 2;
  e.first_rung = 1;
  e.folds = 2;
  EXPECT_EQ(counted(e, 3, 1), counted(e, 3, 2));
  const auto evaluator = small_evaluator(e);
  GeneticProposer proposer{GeneticOptions{}};
  Scorer scorer(e, evaluator);
  State state = found(scorer).state;
  for (int i = 0; i < 3; ++i) state = advance(state, scorer, proposer).state;
  EXPECT_EQ(state.counters, counted(e, 3, 2));
}

}  // namespace
}  // namespace evo
