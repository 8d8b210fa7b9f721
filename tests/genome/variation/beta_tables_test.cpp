#include "genome/variation/beta_tables.hpp"

#include <gtest/gtest.h>
#include <rapidcheck.h>

#include "genome/program/compiler.hpp"
#include "genome/text/known_controllers.hpp"
#include "genome/text/printer.hpp"
#include "genome/variation/tunables.hpp"
#include "tests/support/library.hpp"
#include "tests/support/same_episodes.hpp"
#include "tests/support/varied.hpp"

namespace genome {
namespace {

constexpr double kBetas[] = {0, 0.2, 0.4, 0.6, 0.8, 1};

TEST(BetaTables, ActsTheSameAtItsBetas) {
  EXPECT_TRUE(rc::check([] {
    base::Rng rng = tests::any_stream();
    const Controller c = base::chance(rng, 0.5) ? tests::bred_controller(rng) : tests::wild_controller(rng);
    const auto table = with_beta_tables(*check(c).controller, kBetas);
    if (!table) return;  // an infinite number, or it became too long
    RC_ASSERT(table->tree().schedule.empty());
    tests::expect_same_episodes(c, table->tree(), kBetas[base::uniform_index(rng, std::size(kBetas))]);
  }));
}

TEST(BetaTables, AllKnownControllersCanBe) {
  for (const KnownController& known : tests::library_without_signals()) {
    const auto table = with_beta_tables(*check_text(known.text).controller, kBetas);
    ASSERT_TRUE(table.has_value()) << known.name;
    EXPECT_TRUE(table->tree().schedule.empty()) << known.name;
    EXPECT_EQ(table->tree(), with_beta_tables(*table, kBetas)->tree())
        << known.name << ": a second time changes nothing";
  }
}

TEST(BetaTables, TablesStandAsLetsInTheRoundAndInPlaceElsewhere) {
  const auto c = check_text(R"(controller c
schedule
  width rises 4 + 8 * beta
  level rises 0.5 + 0.4 * beta
start
  open width
round
  advance active by 1
  stop when confidence(finished) >= level
  stop when support(finished) >= level * 10
answer
  top(finished)
)");
  ASSERT_TRUE(c.controller.has_value());
  constexpr double kTwo[] = {0, 1};
  EXPECT_EQ(print(with_beta_tables(*c.controller, kTwo)->tree()), R"(controller c

start
  open if(beta < 0.5, 4, 12)

round
  let level = if(beta < 0.5, 0.5, 0.9)
  advance active by 1
  stop when confidence(finished) >= level
  stop when support(finished) >= level * 10

answer
  top(finished)
)");
}

TEST(BetaTables, PlacesOnTheKnobAreNoAmountsToTurn) {
  const auto c = check_text(
      "controller c\nstart\n  open if(beta < 0.5, 4, 12)\nround\n  advance active by 1\nanswer\n  "
      "top(finished)\n");
  ASSERT_TRUE(c.controller.has_value());
  std::vector<double> values;
  for (const Tunable& each : tunables(c.controller->tree(), 10)) values.push_back(each.value);
  EXPECT_EQ(values, (std::vector<double>{4, 12}));
}

}  // namespace
}  // namespace genome
