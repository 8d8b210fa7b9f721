#include "evo/population/selection.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <rapidcheck.h>
#include <set>
#include <utility>
#include <vector>

#include "genome/text/checker.hpp"
#include "tests/support/measured.hpp"

namespace evo {
namespace {

TEST(Selection, KeepsTheBestAndOneOfThoseThatActAlike) {
  EXPECT_TRUE(rc::check(
      "survivors of random curves", [](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& raw) {
        RC_PRE(!raw.empty());
        const auto checked =
            genome::check_text("controller a\nstart\n  read 1\nanswer\n  top(finished)\n").controller;
        std::vector<Individual> all;
        double best = -1;
        for (const auto& [accuracy, tokens] : raw) {
          Individual each = make_individual(*checked, {all.size() + 1, 0, {}, "test", {}});
          measure(each, {{0, static_cast<double>(accuracy % 100), 1000.0 + tokens}});
          each.fitness = each.curve[0].accuracy;
          best = std::max(best, each.fitness);
          all.push_back(each);
        }
        const auto living = survivors(all, 5, {1000, 1200});
        RC_ASSERT(living.size() <= 5);
        RC_ASSERT(living.front().fitness == best);
        std::set<std::pair<double, double>> ways;
        for (const Individual& each : living)
          RC_ASSERT(ways.emplace(each.curve[0].accuracy, each.curve[0].tokens).second);
        for (std::size_t i = 1; i < living.size(); ++i) RC_ASSERT(living[i - 1].fitness >= living[i].fitness);
      }));
}

}  // namespace
}  // namespace evo
