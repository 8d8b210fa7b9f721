#include "net/http_client.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>

#include "net/address/url.hpp"
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
  const HttpResponse response = http_exchange(post_to(server));
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
  EXPECT_EQ(http_exchange(post_to(server)).status, 307);
  EXPECT_TRUE(other.requests().empty());
}

TEST(HttpClient, FailuresSayWhatTheyAre) {
  const LoopbackServer cutting([](const Seen&, int) { return Play{.body = "a whole body", .cut_after = 3}; });
  EXPECT_EQ(http_exchange(post_to(cutting)).result, Result::kDropped);

  const LoopbackServer slow([](const Seen&, int) { return Play{.body = "late", .seconds = 30}; });
  HttpRequest impatient = post_to(slow);
  impatient.seconds = 0.2;
  EXPECT_EQ(http_exchange(impatient).result, Result::kTimedOut);
  HttpRequest stopped = post_to(slow);
  stopped.stop = [] { return true; };
  EXPECT_EQ(http_exchange(stopped).result, Result::kStopped);

  const LoopbackServer talkative([](const Seen&, int) { return Play{.body = std::string(5000, 'x')}; });
  HttpRequest modest = post_to(talkative);
  modest.most_bytes = 1000;
  EXPECT_EQ(http_exchange(modest).result, Result::kTooLong);

  const HttpResponse nobody = http_exchange({.url = "http://127.0.0.1:9/", .body = "{}", .seconds = 5});
  EXPECT_EQ(nobody.result, Result::kNotReached) << nobody.error;
  EXPECT_FALSE(nobody.sent);
}

// A chunked answer whose body is "{}", with so many lines after it.
Play with_trailers(std::size_t lines) {
  Play play{.headers = {"transfer-encoding: chunked"}, .body = "2\r\n{}\r\n0\r\n"};
  for (; lines > 0; --lines) play.body += "x-more: " + std::string(1000, 'x') + "\r\n";
  play.body += "\r\n";
  return play;
}

TEST(HttpClient, HeadersAndTrailersAreBounded) {
  const LoopbackServer few([](const Seen&, int) { return with_trailers(10); });
  const HttpResponse whole = http_exchange(post_to(few));
  EXPECT_EQ(whole.result, Result::kAnswered) << whole.error;
  EXPECT_EQ(whole.body, "{}");

  const LoopbackServer many([](const Seen&, int) { return with_trailers(300); });
  EXPECT_EQ(http_exchange(post_to(many)).result, Result::kTooLong);

  const LoopbackServer heads([](const Seen&, int) {
    return Play{.headers = std::vector<std::string>(300, "x-more: " + std::string(1000, 'x'))};
  });
  const HttpResponse refused = http_exchange(post_to(heads));
  EXPECT_EQ(refused.result, Result::kTooLong);
  EXPECT_EQ(refused.error, "a reply with more than 262144 bytes of headers");
}

// A chunked answer of so many bytes, each in a chunk of its own with an extension that means nothing.
Play with_extensions(std::size_t chunks, std::size_t extension) {
  Play play{.headers = {"transfer-encoding: chunked"}, .body = ""};
  for (; chunks > 0; --chunks) play.body += "1;note=" + std::string(extension, 'x') + "\r\n{\r\n";
  play.body += "0\r\n\r\n";
  return play;
}

TEST(HttpClient, ExtensionsOfChunksAreBounded) {
  const LoopbackServer few([](const Seen&, int) { return with_extensions(50, 1000); });
  HttpRequest modest = post_to(few);
  modest.most_bytes = 1000;
  const HttpResponse whole = http_exchange(modest);
  EXPECT_EQ(whole.result, Result::kAnswered) << whole.error;
  EXPECT_EQ(whole.body, std::string(50, '{'));

  const LoopbackServer many([](const Seen&, int) { return with_extensions(500, 1000); });
  modest.url = many.url();
  const HttpResponse refused = http_exchange(modest);
  EXPECT_EQ(refused.result, Result::kTooLong);
  EXPECT_EQ(refused.error, "a reply of more than 1000 bytes");
}

// Sets a variable of the environment while it lives.
class Variable {
 public:
  Variable(const char* name, const std::string& value) : name_(name) { ::setenv(name, value.c_str(), 1); }
  ~Variable() { ::unsetenv(name_); }
  Variable(const Variable&) = delete;
  Variable& operator=(const Variable&) = delete;

 private:
  const char* name_;
};

TEST(HttpClient, ServersOnThisMachineAreReachedWithoutAProxy) {
  const LoopbackServer proxy([](const Seen&, int) { return Play{.body = "by proxy"}; });
  const LoopbackServer server([](const Seen&, int) { return Play{.body = "directly"}; });
  for (const char* name : {"http_proxy", "all_proxy", "ALL_PROXY"}) {
    const Variable set(name, proxy.url(""));
    EXPECT_EQ(http_exchange(post_to(server)).body, "directly") << name;
    EXPECT_TRUE(proxy.requests().empty()) << name;
  }
  const Variable set("http_proxy", proxy.url(""));
  HttpRequest elsewhere = post_to(server);
  elsewhere.url = "http://models.example/v1";
  EXPECT_EQ(http_exchange(elsewhere).body, "by proxy");
}

}  // namespace
}  // namespace net
