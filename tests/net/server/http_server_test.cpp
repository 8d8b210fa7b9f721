#include "net/server/http_server.hpp"

#include <atomic>
#include <chrono>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mutex>
#include <string>
#include <thread>
#include <vector>

#include "tests/support/http_caller.hpp"

namespace net {
namespace {

using std::chrono::milliseconds;
using testing::HasSubstr;
using testing::StartsWith;
using tests::Client;
using tests::post;

class HttpServerTest : public testing::Test {
 protected:
  static HttpServerOptions options() {
    return {.head_bytes = 2'000,
            .body_bytes = 10'000,
            .unread_bytes = 1U << 20U,
            .head_seconds = 0.5,
            .body_seconds = 0.5,
            .idle_seconds = 1,
            .write_seconds = 1};
  }

  void handle(const ServedRequest& request, const std::shared_ptr<ReplyWriter>& reply) {
    if (request.target == "/echo") {
      reply->send(
          {.headers = {{"x-length", std::to_string(request.body.size())}, {"x-bad", "a\r\nx-evil: 1"}},
           .body = request.body});
    } else if (request.target == "/stream") {
      reply->begin({.type = "text/event-stream"});
      for (const char* piece : {"one ", "two ", "three"}) reply->write(piece);
      reply->end();
    } else if (request.target == "/flood") {
      reply->on_gone([this] { ++gone_; });
      reply->begin({});
      for (int i = 0; i < 400; ++i) reply->write(std::string(100'000, 'x'));
    } else {
      reply->on_gone([this] { ++gone_; });
      const std::scoped_lock lock(mutex_);
      held_.push_back(reply);
    }
  }
  std::shared_ptr<ReplyWriter> held(std::size_t number) {
    for (int i = 0; i < 500; ++i) {
      {
        const std::scoped_lock lock(mutex_);
        if (held_.size() > number) return held_[number];
      }
      std::this_thread::sleep_for(milliseconds(10));
    }
    ADD_FAILURE() << "no such request came";
    return nullptr;
  }
  template <typename Condition>
  static bool soon(Condition condition) {
    for (int i = 0; i < 500 && !condition(); ++i) std::this_thread::sleep_for(milliseconds(10));
    return condition();
  }

  std::atomic<int> gone_{0};
  std::mutex mutex_;
  std::vector<std::shared_ptr<ReplyWriter>> held_;
  HttpServer server_{options(), [this](ServedRequest request, std::shared_ptr<ReplyWriter> reply) {
                       handle(request, reply);
                     }};
};

TEST_F(HttpServerTest, AnswersOneAfterAnotherOnAConnection) {
  Client client(server_.port());
  client.say(post("/echo", "first") + post("/stream", "") + post("/echo", "last", "Connection: close\r\n"));
  const std::string heard = client.hear("");
  EXPECT_TRUE(client.closed());
  const std::size_t first = heard.find("first"), stream = heard.find("5\r\nthree\r\n0\r\n\r\n"),
                    last = heard.find("last");
  ASSERT_TRUE(first != heard.npos && stream != heard.npos && last != heard.npos) << heard;
  EXPECT_TRUE(first < stream && stream < last);
  EXPECT_THAT(heard, HasSubstr("x-length: 5\r\n"));
  EXPECT_EQ(heard.find("x-evil"), heard.npos);
}

TEST_F(HttpServerTest, KeepsAConnectionForAWhile) {
  Client client(server_.port());
  for (int i = 0; i < 3; ++i) {
    client.say(post("/echo", "again"));
    EXPECT_THAT(client.hear("again"), StartsWith("HTTP/1.1 200 OK\r\n"));
  }
  client.hear("");
  EXPECT_TRUE(client.closed());
}

TEST_F(HttpServerTest, TakesABodyInChunksAndAfterAPromise) {
  Client client(server_.port());
  client.say(
      "POST /echo HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: "
      "chunked\r\n\r\n3\r\nabc\r\n2\r\nde\r\n0\r\n\r\n");
  EXPECT_THAT(client.hear("abcde"), HasSubstr("x-length: 5"));
  client.say("POST /echo HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_THAT(client.hear("\r\n\r\n"), StartsWith("HTTP/1.1 100"));
  client.say("ok");
  EXPECT_THAT(client.hear("ok"), HasSubstr("x-length: 2"));
}

TEST_F(HttpServerTest, RefusesWhatIsMalformedOrTooLarge) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {"nonsense\r\n\r\n", "400"},
      {"GET / HTTP/9.7\r\n\r\n", "400"},
      {"POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: -1\r\n\r\n", "400"},
      {"POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 1\r\nContent-Length: 2\r\n\r\nab", "400"},
      {"POST /echo HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\nabc\r\n", "400"},
      {"GET / HTTP/1.1\r\nHost: here\r\nx: " + std::string(5'000, 'a') + "\r\n\r\n", "431"},
      {post("/echo", std::string(50'000, 'a')), "413"},
      {"POST /echo HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: chunked\r\n\r\n4000\r\n" +
           std::string(0x4000, 'a') + "\r\n0\r\n\r\n",
       "413"},
  };
  for (const auto& [request, status] : cases) {
    SCOPED_TRACE(request.substr(0, 70));
    Client client(server_.port());
    client.say(request);
    const std::string heard = client.hear("");
    EXPECT_THAT(heard, StartsWith("HTTP/1.1 " + status));
    EXPECT_TRUE(client.closed());
  }
  Client client(server_.port());
  client.say(post("/echo", "well"));
  EXPECT_THAT(client.hear("well"), HasSubstr("200 OK"));
}

TEST_F(HttpServerTest, GivesUpOnSlowRequests) {
  for (const char* begun :
       {"", "POST /ec", "POST /echo HTTP/1.1\r\nHost: here\r\nContent-Length: 5\r\n\r\nab"}) {
    Client client(server_.port());
    client.say(begun);
    const auto begin = std::chrono::steady_clock::now();
    client.hear("", 10'000);
    EXPECT_TRUE(client.closed()) << begun;
    EXPECT_LT(std::chrono::steady_clock::now() - begin, std::chrono::seconds(9)) << begun;
  }
}

TEST_F(HttpServerTest, SeesThatAClientHasGone) {
  const std::string next = post("/echo", "ab");
  std::size_t number = 0;
  for (const auto& [half, more] : {std::pair(false, std::string()), std::pair(true, std::string()),
                                   std::pair(false, next), std::pair(true, next)}) {
    gone_ = 0;
    Client client(server_.port());
    client.say(post("/hold", "") + more);
    const auto reply = held(number++);
    EXPECT_EQ(gone_, 0);
    half ? client.half_close() : client.leave();
    EXPECT_TRUE(soon([&] { return gone_ == 1; }));
    reply->send({.body = "too late"});
    EXPECT_TRUE(soon([&] { return server_.connections() == 0; }));
    EXPECT_EQ(gone_, 1);
  }
}

TEST_F(HttpServerTest, SeesThatAClientHasGoneInTheMidstOfAReply) {
  Client client(server_.port());
  client.say(post("/hold", ""));
  const auto reply = held(0);
  reply->begin({});
  reply->write("some");
  EXPECT_THAT(client.hear("some"), HasSubstr("transfer-encoding: chunked"));
  client.leave();
  EXPECT_TRUE(soon([&] { return gone_ == 1; }));
}

TEST_F(HttpServerTest, DoesNotKeepEverythingForAClientThatReadsNothing) {
  Client client(server_.port());
  client.say(post("/flood", ""));
  EXPECT_TRUE(soon([&] { return gone_ == 1 && server_.connections() == 0; }));
}

TEST_F(HttpServerTest, TellsNobodyWhoseReplyIsWhole) {
  Client client(server_.port());
  client.say(post("/hold", ""));
  held(0)->send({.status = 429, .headers = {{"retry-after", "2"}}, .body = "whole"});
  EXPECT_THAT(client.hear("whole"), HasSubstr("429 Too Many Requests"));
  client.leave();
  EXPECT_TRUE(soon([&] { return server_.connections() == 0; }));
  EXPECT_EQ(gone_, 0);
}

TEST_F(HttpServerTest, DrainsWhatIsUnderWay) {
  Client idle(server_.port()), busy(server_.port());
  idle.say(post("/echo", "idle"));
  idle.hear("idle");
  busy.say(post("/hold", ""));
  const auto reply = held(0);
  std::thread draining([this] { server_.drain(20); });
  idle.hear("");
  EXPECT_TRUE(idle.closed());
  reply->send({.body = "in the end"});
  EXPECT_THAT(busy.hear(""), HasSubstr("in the end"));
  EXPECT_TRUE(busy.closed());
  draining.join();
  EXPECT_EQ(server_.connections(), 0U);
  EXPECT_EQ(gone_, 0);
}

TEST(HttpServers, EndWhileRepliesAreHeld) {
  std::shared_ptr<ReplyWriter> held;
  std::atomic<int> gone{0}, came{0};
  {
    HttpServer server({}, [&](const ServedRequest&, const std::shared_ptr<ReplyWriter>& reply) {
      reply->on_gone([&] { ++gone; });
      held = reply;
      ++came;
    });
    const Client client(server.port());
    client.say(post("/hold", ""));
    for (int i = 0; i < 500 && came == 0; ++i) std::this_thread::sleep_for(milliseconds(10));
  }
  EXPECT_EQ(gone, 1);
  held->send({.body = "nobody is there"});
}

}  // namespace
}  // namespace net
