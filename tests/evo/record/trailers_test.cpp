#include "evo/record/trailers.hpp"

#include <gtest/gtest.h>
#include <string>

namespace evo {
namespace {

TEST(Trailers, NumbersAreReadAndNothingElse) {
  const CommitInfo commit{.trailers = {{"Best-Score", "-1.5"},
                                       {"Scored", "12"},
                                       {"Episodes", "1234567890"},
                                       {"Hypervolume", "x"},
                                       {"Generation", ""}}};
  EXPECT_EQ(number_in(commit, Trailer::kBestScore), -1.5);
  EXPECT_EQ(whole_number_in(commit, Trailer::kBestScore), std::nullopt);
  EXPECT_EQ(whole_number_in(commit, Trailer::kScored), 12);
  EXPECT_EQ(number_in(commit, Trailer::kEpisodes), 1234567890);
  EXPECT_EQ(whole_number_in(commit, Trailer::kEpisodes), std::nullopt) << "more digits than an int has";
  EXPECT_EQ(number_in(commit, Trailer::kHypervolume), std::nullopt);
  EXPECT_EQ(whole_number_in(commit, Trailer::kGeneration), std::nullopt);
  EXPECT_EQ(text_in(commit, Trailer::kForkPoint), std::nullopt);
}

TEST(Trailers, OfAnAmendedMessageAreFoundWhereGitSeesNoneAnyMore) {
  const std::string ours = "Generation: 7\nBest-Score: 1.5\nScored: 12\n";
  for (const std::string behind :
       {"", "\n", "\nReviewed-by: A\n", "a line\n", "--- a\n+++ b\n", "\n+Scored: 13\n"}) {
    const CommitInfo commit{.message = "title\n\n" + ours + behind, .trailers = {{"Reviewed-by", "A"}}};
    EXPECT_EQ(whole_number_in(commit, Trailer::kGeneration), 7) << behind;
    EXPECT_EQ(number_in(commit, Trailer::kBestScore), 1.5) << behind;
    EXPECT_EQ(whole_number_in(commit, Trailer::kScored), 12) << behind;
    EXPECT_FALSE(has(commit, Trailer::kForkPoint)) << behind;
  }
  for (const std::string message : {"Generation: 7", "title\n\nGeneration: 7\nand more\n",
                                    "a Generation: 7\n Scored: 1\n", "title\n\ngeneration: 7\nscored: 1\n"}) {
    EXPECT_FALSE(has(CommitInfo{.message = message}, Trailer::kGeneration)) << message;
  }
}

TEST(Trailers, WhatGitSeesCounts) {
  const CommitInfo commit{.message = "title\n\nGeneration: 7\nScored: 1\n",
                          .trailers = {{"generation", "8"}}};
  EXPECT_EQ(whole_number_in(commit, Trailer::kGeneration), 8);
}

TEST(Trailers, IslandsStandOnLinesOfTheirOwn) {
  const IslandFigures first{1, std::string(40, 'a'), -1.5, 12, 3},
      second{2, std::string(40, 'b'), 70.25, 9, 0};
  const std::string ours = "Episodes: 9\nIsland: " + shown_island(first) +
                           "\nIsland: " + shown_island(second) + "\nIsland: 3 best x score y\nScored: 1\n";
  for (const std::string behind : {"", "\nReviewed-by: A\n"}) {
    const CommitInfo commit{.message = "title\n\n" + ours + behind, .trailers = {}};
    EXPECT_EQ(texts_in(commit, Trailer::kIsland).size(), 3U) << behind;
    const auto islands = islands_in(commit);
    ASSERT_EQ(islands.size(), 2U) << behind;
    EXPECT_EQ(shown_island(islands[0]), shown_island(first));
    EXPECT_EQ(shown_island(islands[1]), shown_island(second));
    EXPECT_EQ(islands[1].best_score, 70.25);
  }
  EXPECT_TRUE(islands_in(CommitInfo{.message = "title\n\nScored: 1\n"}).empty());
}

}  // namespace
}  // namespace evo
