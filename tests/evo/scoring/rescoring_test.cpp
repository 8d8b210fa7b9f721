#include "evo/scoring/rescoring.hpp"

#include <algorithm>
#include <cmath>
#include <gtest/gtest.h>

#include "evo/proposal/genetic_proposer.hpp"
#include "evo/search/generation.hpp"
#include "tests/support/evolved.hpp"

namespace evo {
namespace {

// Three environments, so that means are rounded at all.
Experiment of_an_earlier_program() {
  Experiment e = small_experiment();
  e.means = Means::kRounded;
  return e;
}

TEST(Rescoring, AnEarlierStateGoesOnAsItsProgramMadeItOrExactly) {
  const Experiment earlier = of_an_earlier_program();
  Experiment exact = earlier;
  exact.means = Means::kExact;
  const auto evaluator = small_evaluator(earlier);
  Scorer as_then(earlier, evaluator), as_now(exact, evaluator);
  GeneticProposer proposer({});
  State state = found(as_then).state;
  for (int i = 0; i < 3; ++i) state = advance(state, as_then, proposer).state;
  EXPECT_FALSE(state.exact);

  const State loaded = load_checkpoint(save_checkpoint(state), text_in(state), "version 3");
  EXPECT_FALSE(loaded.exact) << "what is not exact is not written as if it were";
  for (const ArchivePoint& p : loaded.archive.points()) EXPECT_TRUE(p.sums.empty());

  const State again = scored_exactly(loaded, as_now);
  EXPECT_TRUE(again.exact);
  EXPECT_TRUE(again.archive.dominated().empty());
  EXPECT_FALSE(again.archive.points().empty());
  EXPECT_EQ(again.counters, loaded.counters);
  ASSERT_EQ(again.islands.front().population.size(), loaded.islands.front().population.size());
  for (const Individual& each : loaded.islands.front().population) {
    const auto same = std::ranges::find(again.islands.front().population, each.id, &Individual::id);
    ASSERT_NE(same, again.islands.front().population.end());
    EXPECT_EQ(same->birth, each.birth);
    EXPECT_EQ(same->sums, each.sums);
    EXPECT_EQ(score_difference(each, *same, Digits::kRounded), std::nullopt);
    EXPECT_EQ(score_difference(each, rescored(each, as_then)), std::nullopt) << "to the last digit";
  }
  EXPECT_EQ(save_checkpoint(load_checkpoint(save_checkpoint(again), text_in(again), "version 4")),
            save_checkpoint(again));
}

TEST(Rescoring, LastDigitsMayDifferAndSumsMayNot) {
  const State state = evolved(0);
  const Individual& one = state.best();
  Individual other = one;
  other.fitness = std::nextafter(other.fitness, 1000.0);
  EXPECT_NE(score_difference(one, other), std::nullopt);
  EXPECT_EQ(score_difference(one, other, Digits::kRounded), std::nullopt);
  other.sums.front().tokens += 1;
  EXPECT_NE(score_difference(one, other, Digits::kRounded), std::nullopt);
  other = one;
  other.score += 1e-4;
  EXPECT_NE(score_difference(one, other, Digits::kRounded), std::nullopt);
}

}  // namespace
}  // namespace evo
