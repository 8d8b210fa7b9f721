#include "net/http_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "tests/support/loopback_server.hpp"

namespace net {
namespace {

using Result = HttpResponse::Result;
using tests::LoopbackServer;
using tests::Play;
using tests::Seen;

HttpRequest post_to(const LoopbackServer& server) {
  return {.url = server.url("/v1/x"), .headers = {"authorization: Bearer k"}, .body = "{}", .seconds = 5};
}

TEST(HttpClient, HostsAreThoseOfPlainAddresses) {
  EXPECT_EQ(host_of("https://Api.Example.com:8443/v1"), "api.example.com");
  EXPECT_EQ(host_of("http://[::1]:80/v1"), "[::1]");
  for (const char* bad : {"ftp://x/", "x", "", "https://user:secret@x/", "https://x/?key=1", "https://x/#a",
                          "file:///etc/passwd"})
    EXPECT_EQ(host_of(bad), "") << bad;
}

TEST(HttpClient, ARequestGoesThereAndItsAnswerComesBack) {
  const LoopbackServer server([](const Seen&, int) {
    return Play{.status = 404, .headers = {"X-Word: of  mine "}, .body = "nothing here"};
  });
  const HttpResponse response = http_post(post_to(server));
  EXPECT_EQ(response.result, Result::kAnswered) << response.error;
  EXPECT_EQ(response.status, 404);
  EXPECT_EQ(response.body, "nothing here");
  EXPECT_EQ(response.headers.at("x-word"), "of  mine");
  EXPECT_TRUE(response.sent);
  ASSERT_EQ(server.requests().size(), 1U);
  EXPECT_EQ(server.requests()[0].path, "/v1/x");
  EXPECT_EQ(server.requests()[0].headers.at("authorization"), "Bearer k");
}

// A key would go with it.
TEST(HttpClient, RedirectionsAreNotFollowed) {
  const LoopbackServer other([](const Seen&, int) { return Play{.body = "elsewhere"}; });
  const LoopbackServer server(
      [&](const Seen&, int) { return Play{.status = 307, .headers = {"location: " + other.url("/v1/x")}}; });
  EXPECT_EQ(http_post(post_to(server)).status, 307);
  EXPECT_TRUE(other.requests().empty());
}

TEST(HttpClient, FailuresSayWhatTheyAre) {
  const LoopbackServer cutting([](const Seen&, int) { return Play{.body = "a whole body", .cut_after = 3}; });
  EXPECT_EQ(http_post(post_to(cutting)).result, Result::kDropped);

  const LoopbackServer slow([](const Seen&, int) { return Play{.body = "late", .seconds = 30}; });
  HttpRequest impatient = post_to(slow);
  impatient.seconds = 0.2;
  EXPECT_EQ(http_post(impatient).result, Result::kTimedOut);
  HttpRequest stopped = post_to(slow);
  stopped.stop = [] { return true; };
  EXPECT_EQ(http_post(stopped).result, Result::kStopped);

  const LoopbackServer talkative([](const Seen&, int) { return Play{.body = std::string(5000, 'x')}; });
  HttpRequest modest = post_to(talkative);
  modest.most_bytes = 1000;
  EXPECT_EQ(http_post(modest).result, Result::kTooLong);

  const HttpResponse nobody = http_post({.url = "http://127.0.0.1:9/", .body = "{}", .seconds = 5});
  EXPECT_EQ(nobody.result, Result::kNotReached) << nobody.error;
  EXPECT_FALSE(nobody.sent);
}

}  // namespace
}  // namespace net
