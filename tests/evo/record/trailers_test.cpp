#include "evo/record/trailers.hpp"

#include <gtest/gtest.h>

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

}  // namespace
}  // namespace evo
