#include "evo/experiment/islands.hpp"

#include <gtest/gtest.h>
#include <set>

#include "tests/support/small_world.hpp"

namespace evo {
namespace {

TEST(Islands, OneIsTheWholeExperiment) {
  const Experiment e = small_experiment(7);
  const auto plans = island_plans(e);
  ASSERT_EQ(plans.size(), 1U);
  EXPECT_EQ(plans[0].experiment, e);
  EXPECT_TRUE(plans[0].contributes && plans[0].migrates && !plans[0].questions);
  for (int generation = 0; generation < 5; ++generation) EXPECT_TRUE(plans[0].improves_in(generation));
}

// So that one population and several are compared at equal cost.
TEST(Islands, NumbersAreDealtAndNothingIsLost) {
  Experiment e = small_experiment();
  e.founder_candidates = 10;
  for (e.islands = 1; e.islands <= 6; ++e.islands) {
    int living = 0, children = 0, candidates = 0;
    for (const IslandPlan& plan : island_plans(e)) {
      EXPECT_LE(plan.experiment.population, 14 / e.islands + 1);
      living += plan.experiment.population;
      children += plan.experiment.children;
      candidates += plan.experiment.founder_candidates;
    }
    EXPECT_EQ(living, e.population);
    EXPECT_EQ(children, e.children);
    EXPECT_EQ(candidates, e.founder_candidates);
    for (int generation = 0; generation < 12; ++generation) {
      int improving = 0;
      for (const IslandPlan& plan : island_plans(e)) improving += plan.improves_in(generation) ? 1 : 0;
      EXPECT_EQ(improving, 1);
    }
  }
}

TEST(Islands, WhatATableGivesIsNotDealt) {
  Experiment e = small_experiment();
  e.islands = 3;
  e.island_tables.resize(2);
  for (Experiment& table : e.island_tables) take_own(table, e);
  e.island_tables[1].children = 9;
  e.island_tables[1].crossover = 0.9;
  e.island_tables[1].own_keys = {"population.children", "variation.crossover"};
  const auto plans = island_plans(e);
  EXPECT_EQ(plans[0].experiment.children, 4);
  EXPECT_EQ(plans[1].experiment.children, 9);
  EXPECT_EQ(plans[1].experiment.crossover, 0.9);
  EXPECT_EQ(plans[2].experiment.crossover, e.crossover);
  EXPECT_EQ(plans[1].experiment.orderings, e.orderings);
}

// Or small islands would all begin with the same few, and the run would never see the others.
TEST(Islands, KnownControllersAreDealtOnFromIslandToIsland) {
  Experiment e = small_experiment();
  e.islands = 4;  // of 4, 4, 3 and 3
  e.island_tables.resize(2);
  for (Experiment& table : e.island_tables) take_own(table, e);
  e.island_tables[1].founders = Founders::kRandom;
  const auto plans = island_plans(e);
  EXPECT_EQ(plans[0].first_known, 0U);
  EXPECT_EQ(plans[1].first_known, 4U);
  EXPECT_EQ(plans[2].first_known, 4U) << "the second has none of them";
  EXPECT_EQ(plans[3].first_known, 7U);
}

// A half has half of the places, so that what its islands begin with moves together.
TEST(Islands, KnownControllersAreDealtAnewToHalves) {
  Experiment e = small_experiment();
  e.islands = 2;
  e.population = 12;
  const auto plans = half_plans(e, 1, {});
  EXPECT_EQ(plans[0].experiment.population, 3);
  EXPECT_EQ(plans[0].first_known, 0U);
  EXPECT_EQ(plans[1].first_known, 3U);
}

// Islands of one seed would be one island.
TEST(Islands, EqualSeedsGiveNoEqualIslands) {
  std::set<std::uint64_t> seeds;
  for (std::size_t island = 0; island < kMostIslands; ++island) seeds.insert(island_seed(7, island));
  EXPECT_EQ(seeds.size(), static_cast<std::size_t>(kMostIslands));
  EXPECT_EQ(island_seed(7, 0), 7U);
}

}  // namespace
}  // namespace evo
