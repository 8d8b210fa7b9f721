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

TEST(Retry, WhatFrameworksWriteBesideTheProtocolIsRead) {
  const auto message = [](const std::string& body) {
    const auto error = server_error_in(body);
    return error ? error->message : "none";
  };
  EXPECT_EQ(message(R"({"detail": "Not Found"})"), "Not Found");
  EXPECT_EQ(message(R"({"message": "no Route matched"})"), "no Route matched");
  const std::string one =
      R"({"detail": [{"loc": ["body", "seed"], "msg": "Extra inputs", "type": "extra"}]})";
  EXPECT_EQ(message(one), "body.seed: Extra inputs");
  EXPECT_EQ(server_error_in(one)->parameter, "seed");
  EXPECT_EQ(
      message(R"({"detail": [{"loc": ["body", "messages", 0, "role"], "msg": "wrong"}, {"msg": "b"}, "c"]})"),
      "body.messages.0.role: wrong; b; c");
  EXPECT_EQ(message(R"({"detail": {"message": "no such model"}})"), "no such model");
  EXPECT_EQ(message(R"({"detail": [{"loc": 3}, 4, null]})"), "");
  for (const char* none : {R"({"detail": []})", R"({"detail": {"a": 1}})", R"({"message": {"content": "x"}})",
                           R"({"choices": [], "detail": "x"})", R"({"content": [], "message": "x"})", "{}"})
    EXPECT_EQ(message(none), "none") << none;
  const std::string many = "{\"detail\": [\"" + std::string(3000, 'x') + "\", \"y\"]}";
  EXPECT_LE(message(many).size(), 400U);
}

}  // namespace
}  // namespace net
