// How many requests a server is given: played servers of so many places, over a clock of their own.
#include "live/collect/pace.hpp"

#include <gtest/gtest.h>

namespace live {
namespace {

// A server that works on `places` requests at a time, each at 50 tokens a second.
struct Played {
  double places;
  double now = 0;
  double tokens = 0;

  void run(Pace& pace, double seconds, bool full = true) {
    for (const double end = now + seconds; now < end; now += 0.25) {
      tokens += 0.25 * 50 * std::min<double>(places, static_cast<double>(pace.limit()));
      pace.at(now, static_cast<std::int64_t>(tokens), full);
    }
  }
};

TEST(Pace, GrowsToWhatAServerCanTake) {
  Pace pace(256);
  EXPECT_EQ(pace.limit(), 16U);
  Played server{.places = 1000};
  server.run(pace, 60);
  EXPECT_EQ(pace.limit(), 256U);
}

TEST(Pace, ComesBackWhenMoreBringsNothing) {
  Pace pace(256);
  Played server{.places = 40};
  server.run(pace, 30);
  EXPECT_GE(pace.limit(), 32U);
  EXPECT_LE(pace.limit(), 64U);
}

TEST(Pace, TriesAgainAfterAWhile) {
  Pace pace(256);
  Played server{.places = 16};
  server.run(pace, 30);
  EXPECT_EQ(pace.limit(), 16U);
  server.places = 1000;
  server.run(pace, 200);
  EXPECT_EQ(pace.limit(), 256U);
}

TEST(Pace, ARefusalHalvesAtOnceAndGrowthIsSlowFromThenOn) {
  Pace pace(256);
  Played server{.places = 1000};
  server.run(pace, 60);
  pace.refused(server.now);
  EXPECT_EQ(pace.limit(), 128U);
  pace.refused(server.now + 0.1);  // one of the same moment
  EXPECT_EQ(pace.limit(), 128U);
  server.run(pace, 9);
  EXPECT_GT(pace.limit(), 128U);
  EXPECT_LT(pace.limit(), 200U);
}

TEST(Pace, NeverEndsAtNothing) {
  Pace pace(4);
  for (int i = 0; i < 20; ++i) pace.refused(10.0 * i);
  EXPECT_EQ(pace.limit(), 1U);
  EXPECT_EQ(Pace(0).limit(), 1U);
}

TEST(Pace, AnIdleOrSilentServerTeachesNothing) {
  Pace pace(256);
  Played server{.places = 1000};
  server.run(pace, 60, false);
  EXPECT_EQ(pace.limit(), 16U);
  Played away{.places = 0};
  away.run(pace, 60);
  EXPECT_EQ(pace.limit(), 16U);
}

}  // namespace
}  // namespace live
