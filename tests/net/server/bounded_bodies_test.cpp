// What clients send takes no memory without bound, and nothing is read of those who may not ask.
#include <atomic>
#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <thread>

#include "net/server/http_server.hpp"
#include "tests/support/http_caller.hpp"

namespace net {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using tests::Client;
using tests::post;

const std::string kChunked = "POST /a HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n";

class BoundedBodies : public testing::Test {
 protected:
  // Whether the server closes on a client that does not cease to talk.
  static bool closes_on(const Client& client) {
    const auto begin = std::chrono::steady_clock::now();
    while (client.say(std::string(1'000, 'a')))
      if (std::chrono::steady_clock::now() - begin > std::chrono::seconds(20)) return false;
    return true;
  }
  template <typename Condition>
  static bool soon(Condition condition) {
    for (int i = 0; i < 500 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return condition();
  }

  std::atomic<int> taken_{0};
  HttpServer server_{{.body_bytes = 100'000, .bodies_bytes = 150'000},
                     [this](const ServedRequest& request, const std::shared_ptr<ReplyWriter>& reply) {
                       ++taken_;
                       reply->send({.body = "[" + std::to_string(request.body.size()) + "]"});
                     },
                     [](const ServedRequest& head) -> std::optional<ReplyHead> {
                       if (head.headers.contains("x-key") || head.target == "/a") return std::nullopt;
                       return ReplyHead{.status = 401, .body = "no key"};
                     }};
};

TEST_F(BoundedBodies, KeepsNoExtensionOfAChunkWithoutEnd) {
  for (const char* begun : {"5;ext=", "0;ext=", "3\r\nabc\r\n5;ext=\""}) {
    Client client(server_.port());
    client.say(kChunked + begun);
    client.say(std::string(200'000, 'a'));
    EXPECT_THAT(client.hear("}}"), StartsWith("HTTP/1.1 431")) << begun;
  }
  EXPECT_EQ(taken_, 0);
}

TEST_F(BoundedBodies, KeepsNoTrailerWithoutEnd) {
  for (const std::string& piece : {std::string(200'000, 'a'), std::string("x: 1\r\n")}) {
    Client client(server_.port());
    client.say(kChunked + "0\r\nx: ");
    std::string text;
    for (std::size_t said = 0; said < 200'000; said += piece.size()) text += piece;
    client.say(text);
    EXPECT_THAT(client.hear("}}"), StartsWith("HTTP/1.1 431"));
  }
  EXPECT_EQ(taken_, 0);
}

TEST_F(BoundedBodies, ClosesOnThoseWhoDoNotCease) {
  const Client client(server_.port());
  client.say(kChunked + "5;ext=");
  EXPECT_TRUE(closes_on(client));
  EXPECT_TRUE(soon([&] { return server_.connections() == 0; }));
}

TEST_F(BoundedBodies, TakesExtensionsAndTrailersThatAreShort) {
  Client client(server_.port());
  client.say(kChunked + "3;ext=" + std::string(1'000, 'a') + "\r\nabc\r\n0;e=1\r\nx: 1\r\n\r\n");
  EXPECT_THAT(client.hear("[3]"), HasSubstr("200 OK"));
}

TEST_F(BoundedBodies, RefusesByTheHeadAlone) {
  Client client(server_.port());
  client.say("POST /b HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 90000\r\n\r\n");
  const std::string heard = client.hear("no key");
  EXPECT_THAT(heard, StartsWith("HTTP/1.1 401"));
  EXPECT_THAT(heard, HasSubstr("connection: close\r\n"));
  EXPECT_THAT(heard, Not(HasSubstr("100 Continue")));
  client.hear("");
  EXPECT_TRUE(client.closed());
  EXPECT_EQ(taken_, 0);
  Client allowed(server_.port());
  allowed.say(post("/b", std::string(90'000, 'a'), "X-Key: 1\r\n"));
  EXPECT_THAT(allowed.hear("[90000]"), HasSubstr("200 OK"));
}

// It has sent its body unasked: what it did not wait for still lets it hear why.
TEST_F(BoundedBodies, TellsWhyToThoseWhoSendAtOnce) {
  for (const std::string& body : {std::string("a"), std::string(90'000, 'a')}) {
    Client client(server_.port());
    client.say(post("/b", body));
    EXPECT_THAT(client.hear("no key"), HasSubstr("no key"));
  }
  EXPECT_EQ(taken_, 0);
}

TEST_F(BoundedBodies, ReadsSoMuchAtATimeAndNoMore) {
  const std::string half(80'000, 'a');
  Client first(server_.port()), second(server_.port());
  first.say("POST /a HTTP/1.1\r\nHost: here\r\nContent-Length: 80001\r\n\r\n" + half);
  std::this_thread::sleep_for(std::chrono::milliseconds(300));
  for (const bool chunked : {false, true}) {
    Client refused(server_.port());
    refused.say(chunked ? kChunked + "13880\r\n" + half + "\r\n0\r\n\r\n" : post("/a", half));
    const std::string heard = refused.hear("}}");
    EXPECT_THAT(heard, StartsWith("HTTP/1.1 503"));
    EXPECT_THAT(heard, HasSubstr("retry-after: "));
  }
  EXPECT_EQ(taken_, 0);
  second.say(post("/a", std::string(60'000, 'a')));
  EXPECT_THAT(second.hear("[60000]"), HasSubstr("200 OK"));
  first.say("a");
  EXPECT_THAT(first.hear("[80001]"), HasSubstr("200 OK"));
  second.say(post("/a", half + "a"));
  EXPECT_THAT(second.hear("[80001]"), HasSubstr("200 OK"));
}

TEST_F(BoundedBodies, ForgetsTheBodiesOfThoseWhoLeave) {
  for (int i = 0; i < 4; ++i) {
    Client client(server_.port());
    client.say("POST /a HTTP/1.1\r\nHost: here\r\nContent-Length: 80001\r\n\r\n" + std::string(80'000, 'a'));
    std::this_thread::sleep_for(std::chrono::milliseconds(100));
    client.leave();
    EXPECT_TRUE(soon([&] { return server_.connections() == 0; }));
  }
  Client client(server_.port());
  client.say(post("/a", std::string(100'000, 'a')));
  EXPECT_THAT(client.hear("[100000]"), HasSubstr("200 OK"));
}

}  // namespace
}  // namespace net
