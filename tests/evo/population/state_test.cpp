#include "evo/population/state.hpp"

#include <gtest/gtest.h>
#include <set>

#include "evo/population/selection.hpp"
#include "tests/support/evolved.hpp"

namespace evo {
namespace {

std::multiset<std::string> ids(const State& state) {
  std::multiset<std::string> all;
  for (const Island& island : state.islands) {
    for (const Individual& each : island.population) all.insert(each.id);
  }
  return all;
}

TEST(State, OnOtherIslandsTheSameLive) {
  const State one = evolved(2);
  for (const std::size_t islands : {1UL, 2UL, 5UL}) {
    const State several = with_islands(one, islands);
    ASSERT_EQ(several.islands.size(), islands);
    EXPECT_EQ(ids(several), ids(one));
    EXPECT_EQ(several.living(), one.living());
    EXPECT_EQ(several.best().id, one.best().id);
    EXPECT_EQ(island_of(several, one.best().id), 0U) << "the fittest is dealt first";
    for (const Island& island : several.islands) {
      EXPECT_TRUE(std::ranges::is_sorted(island.population, fitter));
      EXPECT_LE(island.population.size(), one.living() / islands + 1);
    }
    EXPECT_EQ(ids(with_islands(several, 1)), ids(one));
  }
  EXPECT_EQ(with_islands(one, 1000).islands.size(), one.living()) << "none is empty";
}

TEST(State, TwinsBecomeOne) {
  const State one = evolved(1);
  State two = one;
  two.islands.push_back(one.islands.front());
  EXPECT_EQ(two.living(), 2 * one.living());
  EXPECT_EQ(ids(with_islands(two, 1)), ids(one));
}

TEST(State, TheBestIsOfAnIslandThatContributes) {
  State state = with_islands(evolved(2), 3);
  const std::string fittest = state.islands[0].population.front().id;
  EXPECT_EQ(state.best().id, fittest);
  state.champion = state.islands[2].population.back().id;
  EXPECT_EQ(state.best().id, state.champion);
  EXPECT_EQ(island_of(state, state.champion), 2U);
  state.champion.clear();
  state.islands[0].contributes = false;
  EXPECT_NE(state.best().id, fittest);
  EXPECT_EQ(island_of(state, fittest), state.islands.size());
}

}  // namespace
}  // namespace evo
