#include "net/retry.hpp"

#include <algorithm>
#include <gtest/gtest.h>

namespace net {
namespace {

HttpResponse with_headers(std::map<std::string, std::string> headers) {
  return {.result = HttpResponse::Result::kAnswered, .status = 429, .headers = std::move(headers)};
}

TEST(Retry, ReadsEveryFormOfTheWaitAskedFor) {
  const std::int64_t now = 1'800'000'000;
  EXPECT_EQ(wait_asked_for(with_headers({{"retry-after-ms", "1500"}, {"retry-after", "9"}}), now), 1.5);
  EXPECT_EQ(wait_asked_for(with_headers({{"retry-after", "2.5"}}), now), 2.5);
  EXPECT_EQ(wait_asked_for(with_headers({{"retry-after", "Fri, 15 Jan 2027 08:00:20 GMT"}}), now), 20);
  EXPECT_EQ(wait_asked_for(with_headers({{"retry-after", "Thu, 01 Jan 1998 00:00:00 GMT"}}), now), 0);
  for (const char* bad : {"", "soon", "-3", "nan", "inf", "1 minute"})
    EXPECT_EQ(wait_asked_for(with_headers({{"retry-after", bad}}), now), std::nullopt) << bad;
  genome::base::Rng rng(1);
  EXPECT_EQ(seconds_to_wait(1, with_headers({{"retry-after", "86400"}}), now, rng), kMostWait);
}

TEST(Retry, OwnWaitsDoubleWithJitterUpToACap) {
  genome::base::Rng rng(1);
  double expected = 0.5;
  for (int tries = 1; tries < 12; ++tries, expected = std::min(8.0, 2 * expected)) {
    const double wait = seconds_to_wait(tries, with_headers({}), 0, rng);
    EXPECT_LE(wait, expected);
    EXPECT_GE(wait, 0.75 * expected);
  }
}

}  // namespace
}  // namespace net
