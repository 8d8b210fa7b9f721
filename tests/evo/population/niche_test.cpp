#include "evo/population/niche.hpp"

#include <gtest/gtest.h>
#include <limits>
#include <string>
#include <string_view>
#include <vector>

#include "genome/text/checker.hpp"

namespace evo {
namespace {

// One whose middle setting costs `width` tokens for each token of latency.
Individual with(std::string_view round, double width, double fitness = 0) {
  const std::string text =
      "controller a\n\nstart\n  open 4\n\n" + std::string(round) + "\nanswer\n  top(finished)\n";
  Individual individual = make_individual(genome::check_text(text).controller.value(), {});
  individual.curve = {{0, 10, 100, 100}, {0.5, 20, 1000 * width, 1000}, {1, 30, 100'000, 100}};
  individual.fitness = fitness;
  return individual;
}

constexpr std::string_view kFollows = "round\n  advance active by 1\n";
constexpr std::string_view kPrunes = "round\n  prune active and age >= 3 first age\n  advance active by 1\n";

TEST(Niche, IsWhatAControllerDoesWithBranches) {
  EXPECT_EQ(niche_of(with("", 1)).handling, 0);
  EXPECT_EQ(niche_of(with(kFollows, 1)).handling, 1);
  EXPECT_EQ(niche_of(with(kPrunes, 1)).handling, 2);
}

TEST(Niche, IsHowWideTheMiddleSettingWorksByPowersOfTwo) {
  EXPECT_EQ(niche_of(with(kFollows, 0.5)).width, 0);
  EXPECT_EQ(niche_of(with(kFollows, 1.9)).width, 0);
  EXPECT_EQ(niche_of(with(kFollows, 2)).width, 1);
  EXPECT_EQ(niche_of(with(kFollows, 9)).width, 3);
  EXPECT_EQ(niche_of(with(kFollows, 1e6)).width, 6) << "at most";
}

TEST(NichePlaces, ANewcomerMustReachTheLastWhoHoldsAPlace) {
  const std::vector<Individual> living = {with(kFollows, 1, 9), with(kFollows, 1, 7), with(kFollows, 1, 5),
                                          with(kPrunes, 1, 3)};
  const NichePlaces places(living, 2);
  EXPECT_EQ(places.least(niche_of(living[0])), 7) << "the second of two";
  EXPECT_EQ(places.least(niche_of(living[3])), 3) << "a place is free: the last of all";
  EXPECT_EQ(places.least({6, 0}), 3) << "nobody is there";
}

TEST(NichePlaces, WithoutNichesNoPlaceIsHeldByThem) {
  const std::vector<Individual> living = {with(kFollows, 1, 9)};
  EXPECT_EQ(NichePlaces(living, 0).least(niche_of(living[0])), std::numeric_limits<double>::infinity());
  EXPECT_EQ(NichePlaces({}, 2).least({0, 0}), -std::numeric_limits<double>::infinity());
}

}  // namespace
}  // namespace evo
