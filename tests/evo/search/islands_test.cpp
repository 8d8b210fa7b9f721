// A search on several islands, in a small world.
#include <algorithm>
#include <gtest/gtest.h>
#include <memory>
#include <set>
#include <string>
#include <tbb/global_control.h>
#include <vector>

#include "evo/population/selection.hpp"
#include "evo/proposal/genetic_proposer.hpp"
#include "evo/record/checkpoint.hpp"
#include "evo/record/checkpoint_file.hpp"
#include "evo/search/generation.hpp"
#include "evo/search/migration.hpp"
#include "tests/support/evolved.hpp"

namespace evo {
namespace {

Experiment with_three_islands() {
  Experiment e = full_experiment();
  e.population = 15;
  e.founder_candidates = 0;  // what takes longest
  e.islands = 3;
  e.migration = 2;
  return e;
}

bool lives(const Island& island, const std::string& id) {
  return std::ranges::find(island.population, id, &Individual::id) != island.population.end();
}

TEST(IslandSearch, AResumedRunIsTheSameOnAnyNumberOfThreads) {
  const Experiment e = with_three_islands();
  const auto evaluator = small_evaluator(e);
  std::set<std::string> outcomes;
  for (const std::size_t threads : {1UL, 4UL}) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    for (const bool interrupted : {false, true}) {
      GeneticProposer proposer({});
      auto scorer = std::make_unique<Scorer>(e, evaluator);
      State state = found(*scorer).state;
      for (int i = 0; i < 4; ++i) {
        if (interrupted) {  // the cache is lost, the state is not
          state = load_checkpoint(save_checkpoint(state), text_in(state), "test");
          scorer = std::make_unique<Scorer>(e, evaluator);
        }
        state = advance(state, *scorer, proposer).state;
      }
      outcomes.insert(save_checkpoint(state));
    }
  }
  EXPECT_EQ(outcomes.size(), 1U);
  EXPECT_EQ(framed_version(*outcomes.begin()), 5U);
}

TEST(IslandSearch, IslandsAreBornLiveAndCountApart) {
  const Experiment e = with_three_islands();
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  GeneticProposer proposer({});
  Step step = found(scorer);
  for (int generation = 1; generation <= 4; ++generation) {
    const State before = step.state;
    step = advance(before, scorer, proposer);
    ASSERT_EQ(step.state.islands.size(), 3U);
    EXPECT_EQ(step.state.counters.births, before.counters.births + step.born.size());
    std::uint64_t number = before.counters.births;
    for (const Individual& child : step.born) {
      EXPECT_EQ(child.birth.number, ++number);
      const auto home = static_cast<std::size_t>(child.birth.island) - 1;
      ASSERT_LT(home, 3U);
      for (const std::string& parent : child.birth.parents) EXPECT_TRUE(lives(before.islands[home], parent));
    }
    for (const Island& island : step.state.islands) {
      EXPECT_LE(island.population.size(), 6U);  // five, and the champion
      EXPECT_TRUE(std::ranges::is_sorted(island.population, fitter));
    }
    ASSERT_FALSE(step.state.champion.empty());
    EXPECT_LT(island_of(step.state, step.state.champion), 3U);
    EXPECT_GE(scorer.validation().fitness(step.state.best()), scorer.validation().fitness(before.best()));
  }
  EXPECT_NE(step.state.islands[0].population.front().text, step.state.islands[1].population.back().text);
}

TEST(IslandSearch, TogetherTheIslandsBeginWithAllKnownControllers) {
  Experiment e = small_experiment();
  const auto evaluator = small_evaluator(e);
  const auto known = [&](int islands, int population) {
    e.islands = islands;
    e.population = population;
    Scorer scorer(e, evaluator);
    std::set<std::string> names;
    for (const Individual& each : found(scorer).born) {
      if (each.birth.operation.starts_with("library:")) names.insert(each.birth.operation);
    }
    return names;
  };
  const std::set<std::string> all = known(1, 30);
  EXPECT_EQ(known(4, 12), all);
  EXPECT_EQ(known(3, 24), all);
}

// Each island offers its own children to the one archive.
TEST(IslandSearch, PointsThatAreNewStandOnTheFrontier) {
  const Experiment e = with_three_islands();
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  GeneticProposer proposer({});
  Step step = found(scorer);
  EXPECT_EQ(step.frontier_gain, static_cast<int>(step.state.archive.points().size()));
  for (int i = 0; i < 6; ++i) {
    const State before = step.state;
    step = advance(before, scorer, proposer);
    EXPECT_EQ(step.frontier_gain, step.state.archive.new_since(before.archive));
  }
}

// The same children are asked for, and as many are tuned.
TEST(IslandSearch, IslandsCostWhatOnePopulationCosts) {
  std::vector<std::uint64_t> born;
  for (const int islands : {1, 3}) {
    Experiment e = small_experiment();
    e.islands = islands;
    const auto evaluator = small_evaluator(e);
    Scorer scorer(e, evaluator);
    GeneticProposer proposer({});
    const State founded = found(scorer).state;
    EXPECT_EQ(founded.counters.episodes, 14U * 3 * 3 * 6);  // founders, betas, orderings, questions
    const State next = advance(founded, scorer, proposer).state;
    born.push_back(next.counters.births);
  }
  EXPECT_LE(born[1], 26U);
  EXPECT_GE(born[1], 20U);
}

TEST(IslandSearch, ChampionsGoRoundTheRing) {
  Experiment e = small_experiment();
  e.islands = 3;
  const auto evaluator = small_evaluator(e);
  Scorer alone(e, evaluator);
  e.migration = 2;
  Scorer meeting(e, evaluator);
  GeneticProposer proposer({});
  State state = found(alone).state;
  state = advance(state, alone, proposer).state;
  const auto moved = [](State of, Scorer& scorer, int generation) {
    of.generation = generation;
    migrate(of, scorer);
    return save_checkpoint(of);
  };
  const auto kept = [](State of, int generation) {
    of.generation = generation;
    return save_checkpoint(of);
  };
  EXPECT_EQ(moved(state, alone, 2), kept(state, 2)) << "0 is never";
  EXPECT_EQ(moved(state, meeting, 0), kept(state, 0));
  EXPECT_EQ(moved(state, meeting, 3), kept(state, 3));
  State after = state;
  after.generation = 2;
  migrate(after, meeting);
  int arrived = 0;
  for (std::size_t i = 0; i < 3; ++i) {
    const Individual& traveller = state.islands[i].population.front();
    const Island &from = after.islands[i], &to = after.islands[(i + 1) % 3];
    EXPECT_TRUE(lives(from, traveller.id)) << "it is copied";
    EXPECT_EQ(to.population.front().fitness,
              std::max(traveller.fitness, state.islands[(i + 1) % 3].population.front().fitness));
    arrived += lives(to, traveller.id) && !lives(state.islands[(i + 1) % 3], traveller.id) ? 1 : 0;
  }
  EXPECT_GT(arrived, 0);
  EXPECT_EQ(after.counters, state.counters) << "no episodes";
}

// A population that sees a part of the questions beside those that make up the run.
TEST(IslandSearch, AnIslandThatDoesNotContributeChangesNothingOfTheOthers) {
  Experiment e = full_experiment();
  e.population = 10;
  e.islands = 2;
  e.migration = 1;
  const auto evaluator = small_evaluator(e);
  std::vector<IslandPlan> plans = island_plans(e);
  IslandPlan satellite = plans[1];
  satellite.experiment.seed = 99;
  satellite.questions = replay::QuestionSet{{.environment = 0, .questions = {0, 2, 4}}};
  satellite.contributes = satellite.migrates = false;
  Scorer without(e, evaluator, plans);
  plans.push_back(satellite);
  Scorer with(e, evaluator, plans);
  GeneticProposer proposer({});
  State a = found(without).state, b = found(with).state;
  for (int i = 0; i < 3; ++i) {
    a = advance(a, without, proposer).state;
    b = advance(b, with, proposer).state;
    ASSERT_EQ(b.islands.size(), 3U);
    EXPECT_FALSE(b.islands[2].contributes);
    EXPECT_EQ(a.best().id, b.best().id);
    EXPECT_EQ(a.archive.points(), b.archive.points());
    for (std::size_t island = 0; island < 2; ++island) {
      ASSERT_EQ(a.islands[island].population.size(), b.islands[island].population.size());
      for (std::size_t k = 0; k < a.islands[island].population.size(); ++k)
        EXPECT_EQ(a.islands[island].population[k].id, b.islands[island].population[k].id);
    }
    for (const Individual& each : b.islands[2].population) {
      EXPECT_FALSE(each.validated.has_value());
      EXPECT_EQ(each.sums.front().episodes, 3 * e.orderings) << "three questions";
    }
    const State revived = load_checkpoint(save_checkpoint(b), text_in(b), "test");
    EXPECT_FALSE(revived.islands[2].contributes);
    EXPECT_EQ(save_checkpoint(revived), save_checkpoint(b));
  }
  EXPECT_GT(b.counters.episodes, a.counters.episodes);
}

}  // namespace
}  // namespace evo
