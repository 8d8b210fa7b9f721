// Scores and their savings: what is skipped must not be missed.
#include "evo/scoring/scorer.hpp"

#include <gtest/gtest.h>
#include <tbb/global_control.h>

#include "evo/population/niche.hpp"
#include "evo/proposal/founders.hpp"
#include "evo/proposal/simplification.hpp"
#include "evo/proposal/tuning.hpp"
#include "evo/scoring/successive_halving.hpp"
#include "tests/support/small_world.hpp"

namespace evo {
namespace {

Experiment halving_experiment() {
  Experiment e = small_experiment();
  e.orderings = 9;
  e.first_rung = 1;
  e.population = 24;
  e.founders = Founders::kBoth;
  return e;
}

std::vector<Individual> individuals(const Experiment& e) {
  std::vector<Individual> all;
  for (const Proposal& p : founders(e)) all.push_back(make_individual(p.child, {}));
  return all;
}

TEST(Scorer, SlicesGrowByThreeAndEndWithAllOrderings) {
  Experiment e;
  e.orderings = 20;
  EXPECT_EQ(rungs(e), (std::vector<int>{20}));
  e.first_rung = 2;
  EXPECT_EQ(rungs(e), (std::vector<int>{2, 6, 18, 20}));
  e.first_rung = 20;
  EXPECT_EQ(rungs(e), (std::vector<int>{20}));
}

TEST(Scorer, WhoPassesEveryRungHasTheScoresOfAFullEvaluation) {
  Work work;
  Experiment halving = halving_experiment(), full = halving;
  full.first_rung = 0;
  full.cache = false;
  const auto evaluator = small_evaluator(halving);
  Scorer fast(halving, evaluator), slow(full, evaluator);
  auto a = individuals(halving), b = individuals(halving);
  fast.score(a, {}, work);
  slow.score(b, {}, work);
  std::size_t finished = 0;
  for (std::size_t i = 0; i < a.size(); ++i) {
    EXPECT_TRUE(slow.complete(b[i]));
    if (!fast.complete(a[i])) {
      EXPECT_TRUE(a[i].orderings == 1 || a[i].orderings == 3);
      continue;
    }
    ++finished;
    EXPECT_EQ(a[i].sums, b[i].sums);
    EXPECT_EQ(a[i].curve, b[i].curve);
    EXPECT_EQ(a[i].fitness, b[i].fitness);
    EXPECT_EQ(a[i].level.size(), 3U);
    EXPECT_EQ(a[i].level.back(), a[i].fitness);
  }
  EXPECT_GE(finished, a.size() / 4);
  EXPECT_LE(finished, a.size() / 2);
}

TEST(Scorer, TheCacheChangesNoScore) {
  Work work;
  Experiment with = halving_experiment(), without = with;
  without.cache = false;
  const auto evaluator = small_evaluator(with);
  Scorer a(with, evaluator), b(without, evaluator);
  for (int again = 0; again < 2; ++again) {  // the second time everything is known
    auto x = individuals(with), y = individuals(with);
    a.score(x, {}, work);
    b.score(y, {}, work);
    for (std::size_t i = 0; i < x.size(); ++i) {
      EXPECT_EQ(x[i].orderings, y[i].orderings);
      EXPECT_EQ(x[i].sums, y[i].sums);
      EXPECT_EQ(x[i].fitness, y[i].fitness);
    }
  }
}

TEST(Scorer, ChildrenFarBehindTheLivingAreRejectedEarly) {
  Work work;
  const Experiment e = halving_experiment();
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  auto living = individuals(e);
  scorer.score(living, {}, work);
  std::erase_if(living, [&](const Individual& each) { return !scorer.complete(each); });
  std::sort(living.begin(), living.end(),
            [](const Individual& a, const Individual& b) { return a.fitness > b.fitness; });
  const auto idle =
      genome::check_text("controller idle\nstart\n  read 1 when false\nanswer\n  top(finished)\n").controller;
  std::vector<Individual> children = {make_individual(*idle, {}), living.front()};
  children[1] = make_individual(living.front().controller, {});
  scorer.score(children, living, work);
  EXPECT_EQ(children[0].orderings, e.first_rung);
  EXPECT_TRUE(scorer.complete(children[1]));
  EXPECT_EQ(children[1].fitness, living.front().fitness);
}

TEST(Scorer, ValidationAddsOrderingsNobodySaw) {
  Work work;
  Experiment e = small_experiment(), all = e;
  e.validation_orderings = 4;
  all.orderings = e.orderings + e.validation_orderings;
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator), whole(all, evaluator);
  auto some = individuals(e), same = individuals(e);
  scorer.score(some, {}, work);
  whole.score(same, {}, work);
  std::vector<Individual*> contenders = {&some[0], &some[3]};
  scorer.validation().measure(contenders, work);
  ASSERT_TRUE(some[0].validated && some[3].validated);
  EXPECT_FALSE(some[1].validated);
  EXPECT_DOUBLE_EQ(*some[0].validated, same[0].fitness);
  EXPECT_DOUBLE_EQ(*some[3].validated, same[3].fitness);
}

// A place may then be earned by a single point on the frontier, whatever the fitness.
TEST(Scorer, WithoutNichesWhoMayReachTheLastOfTheLivingIsNotRejected) {
  Work work;
  const Experiment e = halving_experiment();
  ASSERT_EQ(e.niche, 0);
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  auto living = individuals(e);
  scorer.score(living, {}, work);
  std::erase_if(living, [&](const Individual& each) { return !scorer.complete(each); });
  std::ranges::sort(living, std::greater<>(), &Individual::fitness);
  const auto gain = [](const Individual& each, std::size_t level) {
    return each.fitness - each.level[level];
  };
  const auto mean_gain = [&](std::size_t level) {
    double sum = 0;
    for (const Individual& each : living) sum += gain(each, level);
    return sum / static_cast<double>(living.size());
  };
  int weak = 0;
  for (std::size_t i = living.size() / 2; i < living.size(); ++i) {
    bool flattered = true;  // by each slice, as much as the others: hope is for more than it needs
    for (std::size_t level = 0; level + 1 < living[i].level.size(); ++level)
      flattered = flattered && gain(living[i], level) <= mean_gain(level);
    if (!flattered) continue;
    std::vector<Individual> child = {make_individual(living[i].controller, {})};
    scorer.score(child, living, work);
    EXPECT_TRUE(scorer.complete(child[0])) << child[0].text;
    ++weak;
  }
  EXPECT_GT(weak, 0);
}

// Champions are chosen on these alone: as by a search whose orderings are those of the playoff.
TEST(Scorer, FreshFitnessLeavesOutWhatWasSelectedOn) {
  Work work;
  Experiment e = small_experiment();
  e.validation_orderings = 4;
  e.baseline_regret = 0.5;
  e.lower_bound_errors = 0.5;
  e.champion_errors = 1;
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  Experiment later = e;
  later.orderings = e.validation_orderings;
  later.validation_orderings = 0;
  later.champion_errors = 0;
  const auto own = static_cast<std::size_t>(e.validation_orderings),
             first = static_cast<std::size_t>(e.orderings);
  const replay::Evaluator beside(replay::open_environments(e.search),
                                 {.first_ordering = first, .orderings = own});
  Scorer alone(later, beside);
  auto some = individuals(e), same = individuals(e);
  scorer.score(some, {}, work);
  alone.score(same, {}, work);
  std::vector<Individual*> contenders = {&some[0], &some[3]};
  scorer.validation().measure(contenders, work);
  for (std::size_t i = 0; i < 4; ++i)  // also of those who played in another process
    EXPECT_DOUBLE_EQ(scorer.validation().fitness(some[i]), same[i].fitness);
  EXPECT_EQ(scorer.validation().error_between(some[0], some[0]), 0);
  EXPECT_GT(scorer.validation().error_between(some[0], some[3]), 0);
}

TEST(Scorer, NobodyIsBehindItself) {
  Work work;
  Experiment e = small_experiment();
  e.baseline_regret = 1;
  e.parsimony = 0;
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  std::vector<Individual> both;
  for (const char* text :
       {"controller worse\nschedule\n  n rises round(2^(1 + 5 * beta))\nstart\n  open n\n"
        "round\n  stop when round >= 2\n  advance active by 1\nanswer\n  top(not pruned)\n",
        "controller sc\nschedule\n  n rises round(2^(1 + 5 * beta))\nstart\n  read n\n"
        "answer\n  top(finished)\n"})
    both.push_back(make_individual(*genome::check_text(text).controller, {}));
  scorer.score(both, {}, work);
  EXPECT_LT(both[0].fitness, both[0].score - 1);  // far behind what reads to the end
  EXPECT_GT(both[1].fitness, both[1].score - 2);  // only behind asc, and by interpolation
  EXPECT_LE(both[1].fitness, both[1].score);
}

TEST(Tuning, FindsBetterNumbersAndDependsOnItsArgumentsAlone) {
  Work work;
  Experiment e = small_experiment();
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  // Far too few branches for the range of budgets.
  const auto poor =
      genome::check_text(
          "controller poor\nschedule\n  n rises round(1 + 3 * beta)\n  level rises 0.5 + 0.1 * beta\n"
          "round\n  read 1 when opened < n\n  stop when confidence(finished) > level or opened >= n\n"
          "answer\n  top(finished)\n")
          .controller;
  const TuningOptions options{.steps = 6, .orderings = 3, .sigma = 0.3};
  const auto better = tuned(*poor, scorer.all_questions(), 5, options, work);
  ASSERT_TRUE(better.has_value());
  EXPECT_EQ(better, tuned(*poor, scorer.all_questions(), 5, options, work));
  const genome::CheckedController pair[] = {*poor, *better};
  const auto fitness = scorer.all_questions().fitness_on(pair, {0, 3}, work);
  EXPECT_GT(fitness[1], fitness[0]);
  {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, 1);
    EXPECT_EQ(better, tuned(*poor, scorer.all_questions(), 5, options, work));
  }
  const auto fixed =
      genome::check_text("controller f\nstart\n  read 1\nanswer\n  top(finished)\n").controller;
  EXPECT_FALSE(tuned(*fixed, scorer.all_questions(), 5, options, work).has_value());  // nothing to turn
}

TEST(Simplification, TakesOutWhatDoesNothing) {
  Work work;
  const Experiment e = small_experiment();
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  const auto cluttered =
      genome::check_text(
          "controller c\nschedule\n  n rises round(2^(1 + 5 * beta))\nmemory\n  unread = 0\nround\n"
          "  read 1 when opened < n and round >= 0\n  unread = unread + 1\n  prune active and depth > 900\n"
          "  stop when opened >= n or unread > 5000\nanswer\n  top(finished)\n  top(not pruned)\n")
          .controller;
  const auto plain = simplified(*cluttered, scorer.all_questions(), 3, {}, work);
  ASSERT_TRUE(plain.has_value());
  EXPECT_EQ(plain, simplified(*cluttered, scorer.all_questions(), 3, {}, work));
  EXPECT_LT(genome::size_of(plain->tree()), genome::size_of(cluttered->tree()) - 10);
  const genome::CheckedController pair[] = {*cluttered, *plain};
  const auto fitness = scorer.all_questions().fitness_on(pair, {0, 3}, work);
  EXPECT_GE(fitness[1], fitness[0]);
  const auto bare = genome::check_text("controller b\nstart\n  read 1\nanswer\n  top(finished)\n").controller;
  EXPECT_FALSE(simplified(*bare, scorer.all_questions(), 3, {}, work).has_value());
}

TEST(Niche, SeparatesReadersFollowersAndPruners) {
  const auto individual = [](const char* round, double tokens, double latency) {
    const auto checked = genome::check_text(std::string("controller a\nstart\n  open 4\nround\n") + round +
                                            "\nanswer\n  top(finished)\n")
                             .controller;
    Individual each = make_individual(*checked, {});
    each.curve = {{.tokens = tokens, .latency_tokens = latency}};
    return each;
  };
  EXPECT_EQ(niche_of(individual("  read 1", 1000, 1000)), (Niche{0, 0}));
  EXPECT_EQ(niche_of(individual("  advance active by 1", 9000, 1000)), (Niche{3, 1}));
  EXPECT_EQ(niche_of(individual("  advance active by 1\n  prune active and depth > 3", 2500, 1000)),
            (Niche{1, 2}));
}

TEST(Niche, APlaceIsEarnedAgainstItsOwnKind) {
  std::vector<Individual> living;
  const auto checked =
      genome::check_text("controller a\nround\n  read 1\nanswer\n  top(finished)\n").controller;
  for (const auto& [fitness, tokens] :
       {std::pair(9.0, 1000.0), {8.0, 4000.0}, {7.0, 1000.0}, {6.0, 1000.0}}) {
    living.push_back(make_individual(*checked, {}));
    living.back().fitness = fitness;
    living.back().curve = {{.tokens = tokens, .latency_tokens = 1000}};
  }
  const NichePlaces places(living, 2);
  EXPECT_EQ(places.least(Niche{0, 0}), 7.0);  // the second of its two places
  EXPECT_EQ(places.least(Niche{2, 0}), 6.0);  // one is free: better than the last of all will do
  EXPECT_EQ(places.least(Niche{5, 2}), 6.0);
  EXPECT_EQ(NichePlaces(living, 0).least(Niche{0, 0}), std::numeric_limits<double>::infinity());
}

TEST(OperatorRates, WhatGainsIsDrawnMoreAndFades) {
  OperatorRates rates;
  EXPECT_DOUBLE_EQ(rates.weight("a"), rates.weight("b"));
  for (int i = 0; i < 20; ++i) {
    rates.credit("a+c", true);
    rates.credit("b", false);
  }
  EXPECT_GT(rates.weight("a"), 5 * rates.weight("b"));
  EXPECT_DOUBLE_EQ(rates.weight("a"), rates.weight("c"));
  EXPECT_GE(rates.weight("b"), OperatorRates::kFloor);
  auto rng = genome::base::keyed_stream(1, genome::base::Purpose::kTest);
  const std::string_view names[] = {"a", "b"};
  int first = 0;
  for (int i = 0; i < 1000; ++i) first += rates.draw(rng, names) == 0;
  EXPECT_GT(first, 800);
  EXPECT_LT(first, 1000);
  const double before = rates.weight("a");
  for (int i = 0; i < 50; ++i) rates.fade();
  EXPECT_LT(rates.weight("a"), before / 2);
  EXPECT_EQ(OperatorRates(rates.records()).records(), rates.records());
}

}  // namespace
}  // namespace evo
