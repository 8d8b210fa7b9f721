#include "cluster/cores.hpp"

#include <gtest/gtest.h>
#include <thread>

namespace cluster {
namespace {

TEST(Cores, AreSharedEvenlyByTheRanksOfAHost) {
  for (const unsigned cores : {1U, 2U, 7U, 64U}) {
    for (const int ranks : {1, 2, 3, 64, 100}) {
      unsigned all = 0;
      for (int rank = 0; rank < ranks; ++rank) {
        const unsigned share = even_share(cores, rank, ranks);
        EXPECT_GE(share, 1U);
        if (rank > 0) {
          EXPECT_LE(share, even_share(cores, rank - 1, ranks));
        }
        all += share;
      }
      EXPECT_EQ(all, std::max(cores, static_cast<unsigned>(ranks)))
          << cores << " cores, " << ranks << " ranks";
    }
  }
}

TEST(Cores, OfASetAreSharedByTheRanksBoundToIt) {
  EXPECT_EQ(share_of_binding(1, 8, 2), 1U);
  EXPECT_EQ(share_of_binding(16, 32, 2), 16U);
  EXPECT_EQ(share_of_binding(16, 32, 8), 4U);
  EXPECT_EQ(share_of_binding(16, 32, 3), 8U);
  EXPECT_EQ(share_of_binding(16, 24, 100), 1U);
}

TEST(Cores, OfARankThatIsNotBoundAreThoseOfItsParent) {
  const Cores alone = share_of_cores({});
  EXPECT_GE(alone.threads, 1U);
  EXPECT_EQ(alone.remark, "");
  EXPECT_EQ(share_of_cores({.ranks = 1000, .local_ranks = 1000}).threads, 1U);
  EXPECT_EQ(usable_cores(), alone.threads);
}

}  // namespace
}  // namespace cluster
