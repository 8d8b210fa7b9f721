#include "evo/expectation/known.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "genome/text/known_controllers.hpp"
#include "replay/sources/source.hpp"
#include "replay/sources/synthetic.hpp"

namespace evo {
namespace {

std::vector<std::string> names_on(const replay::Environment& environment) {
  std::vector<std::string> names;
  for (const Known& each : known_on(std::vector<replay::Environment>{environment}))
    names.push_back(each.name);
  return names;
}

bool knows(const std::vector<std::string>& names, const std::string& name) {
  return std::ranges::count(names, name) > 0;
}

TEST(KnownControllers, AreTheLibraryWithoutSignalsThatAreNotRecorded) {
  const auto plain = names_on(replay::make_synthetic({.questions = 3, .branches = 8}));
  EXPECT_TRUE(knows(plain, "asc") && knows(plain, "cmc") && knows(plain, "two_stage"));
  EXPECT_FALSE(knows(plain, "deepconf"));
  EXPECT_TRUE(std::ranges::is_sorted(plain));
}

TEST(KnownControllers, ThatWereFoundOnTheseQuestionsAreLeftOut) {
  replay::Environment environment = replay::make_synthetic({.questions = 3, .branches = 8});
  const std::string problem =
      "Find the largest possible real part of \\[(75+117i)z+\\frac{96+144i}{z}\\]where $z$ is a complex "
      "number with $|z|=4$.";
  environment.questions[1].text = problem;
  const auto seen = names_on(environment);
  EXPECT_FALSE(knows(seen, "cmc") || knows(seen, "staged") || knows(seen, "two_stage"));
  EXPECT_TRUE(knows(seen, "asc") && knows(seen, "sc"));
  environment.questions[1].text = "  " + problem + "\n";
  environment.questions[1].text.replace(environment.questions[1].text.find("real part"), 9, "real\n  part");
  EXPECT_EQ(names_on(environment), seen);
  environment.questions[1].text = problem + " Explain.";
  EXPECT_TRUE(knows(names_on(environment), "cmc"));  // another question
}

// Chains of arithmetic taught other controllers than AIME24 did.
TEST(KnownControllers, AreLeftOutOnTheQuestionsOfTheirOwnDataSet) {
  replay::Environment environment = replay::make_synthetic({.questions = 3, .branches = 8});
  environment.questions[2].text = "333-766*79*85";
  const auto seen = names_on(environment);
  EXPECT_FALSE(knows(seen, "plurality") || knows(seen, "length_vote"));
  EXPECT_TRUE(knows(seen, "cmc") && knows(seen, "two_stage"));
  const std::vector<replay::Environment> environments = {environment};
  EXPECT_EQ(found_here(environments),
            (std::vector<std::string>{"length_vote", "plurality", "plurality_waves"}));
  EXPECT_TRUE(found_here(environments, genome::kFirstEdition).empty());
}

// A run of an earlier edition is told of what it knew.
TEST(KnownControllers, OfLaterEditionsAreLeftOut) {
  const std::vector<replay::Environment> environments = {
      replay::make_synthetic({.questions = 3, .branches = 8})};
  const auto first = known_on(environments, genome::kFirstEdition);
  const auto latest = known_on(environments, genome::kLatestEdition);
  EXPECT_EQ(latest.size(), first.size() + 3);
  for (const Known& each : first) EXPECT_EQ(genome::edition_of(each.name), genome::kFirstEdition);
}

TEST(KnownControllers, OriginsAreOfControllersThatThereAre) {
  int found = 0;
  for (const genome::KnownController& each : genome::known_controllers())
    found += genome::found_on(each.name).empty() ? 0 : 1;
  EXPECT_EQ(found, 7);
  EXPECT_EQ(genome::found_on("cmc"), "AIME24");
  EXPECT_EQ(genome::found_on("no such"), "");
}

}  // namespace
}  // namespace evo
