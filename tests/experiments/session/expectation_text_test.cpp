// What is said of gains that are none: of a known champion, of zeros, and of controllers that do not count.
#include "experiments/session/expectation_text.hpp"

#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "genome/text/checker.hpp"
#include "genome/text/edition.hpp"
#include "genome/text/known_controllers.hpp"
#include "replay/sources/synthetic.hpp"

namespace experiments {
namespace {

evo::State expecting(evo::ExpectedGain gain) {
  evo::State state;
  const auto text = genome::known_controller("asc");
  state.islands.front().population.push_back(
      {.id = "aaaa", .controller = *genome::check_text(*text).controller});
  state.champion = "aaaa";
  state.expected = gain;
  return state;
}

TEST(ExpectationText, WhereTheChampionIsKnownNoFiguresAreTold) {
  evo::State state = expecting({.against = "asc", .questions = 60});
  state.recommended = state.best();
  EXPECT_EQ(expected_line(state), "nothing was found beyond asc yet\n");
  EXPECT_EQ(verdict_line(state), "");
  state.recommended->id = "bbbb";
  EXPECT_EQ(expected_line(state), "expected on new questions: +0.00 [+0.00, +0.00] over asc\n");
  EXPECT_EQ(verdict_line(state), "nothing here beats asc so far\n");
}

TEST(ExpectationText, ZeroHasNoMinus) {
  const evo::ExpectedGain gain{.gain = -0.001, .low = -0.0, .high = -0.01, .against = "asc", .questions = 8};
  EXPECT_EQ(expected_line(expecting(gain)), "expected on new questions: +0.00 [+0.00, -0.01] over asc\n");
  EXPECT_EQ(seen_line(gain, "asc"), "seen on 8 held-out questions: +0.00 [+0.00, -0.01] over asc\n");
}

TEST(ExpectationText, KnownControllersThatDoNotCountAreNamed) {
  std::vector<replay::Environment> environments = {replay::make_synthetic({.questions = 3, .branches = 8})};
  const evo::State state = expecting({.against = "asc"});
  EXPECT_EQ(uncounted_line(state, environments, genome::kLatestEdition), "");
  environments.front().questions[2].text = "333-766*79*85";
  EXPECT_EQ(uncounted_line(state, environments, genome::kLatestEdition),
            "(length_vote, plurality, plurality_waves were found on these questions and do not count)\n");
  EXPECT_EQ(uncounted_line({}, environments, genome::kLatestEdition), "");
}

}  // namespace
}  // namespace experiments
