// Heads that two readers might understand differently, and what older clients and those of HEAD are sent.
#include <chrono>
#include <ctime>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <mutex>
#include <string>
#include <utility>
#include <vector>

#include "net/server/http_server.hpp"
#include "tests/support/http_caller.hpp"

namespace net {
namespace {

using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using tests::Client;
using tests::post;

class StrictHeads : public testing::Test {
 protected:
  void handle(const ServedRequest& request, const std::shared_ptr<ReplyWriter>& reply) {
    {
      const std::scoped_lock lock(mutex_);
      taken_.push_back(request);
    }
    if (request.target != "/stream") return reply->send({.body = "[" + request.body + "]"});
    reply->begin({.type = "text/event-stream"});
    for (const char* piece : {"one ", "two"}) reply->write(piece);
    reply->end();
  }
  std::vector<ServedRequest> taken() {
    const std::scoped_lock lock(mutex_);
    return taken_;
  }
  // All that comes until the server closes.
  std::string heard(const std::string& said) const {
    Client client(server_.port());
    client.say(said);
    std::string text = client.hear("", 10'000);
    EXPECT_TRUE(client.closed()) << said;
    return text;
  }

  std::mutex mutex_;
  std::vector<ServedRequest> taken_;
  HttpServer server_{{.head_seconds = 1, .body_seconds = 1, .idle_seconds = 1},
                     [this](const ServedRequest& request, const std::shared_ptr<ReplyWriter>& reply) {
                       handle(request, reply);
                     }};
};

// The body would else be taken for the next request.
TEST_F(StrictHeads, RefusesCodingsThatItDoesNotKnow) {
  for (const auto& [codings, status] : std::vector<std::pair<std::string, std::string>>{
           {"Transfer-Encoding: gzip\r\n", "501"},
           {"Transfer-Encoding: identity\r\n", "501"},
           {"Transfer-Encoding: gzip, chunked\r\n", "501"},
           {"Transfer-Encoding: chunked, gzip\r\n", "501"},
           {"Transfer-Encoding: chunked, chunked\r\n", "501"},
           {"Transfer-Encoding: xchunked\r\n", "501"},
           {"Transfer-Encoding: chunked;q=1\r\n", "501"},
           {"Transfer-Encoding: \"chunked\"\r\n", "501"},
           {"Transfer-Encoding:\r\n", "501"},
           {"Transfer-Encoding: gzip\r\nTransfer-Encoding: chunked\r\n", "501"},
           {"Transfer-Encoding: gzip\r\nContent-Length: 3\r\n", "501"},
           {"Transfer-Encoding: chunked\r\nTransfer-Encoding: chunked\r\n", "400"},
           {"Transfer-Encoding: chunked\r\nContent-Length: 3\r\n", "400"},
           {"Content-Length: 3\r\nTransfer-Encoding: chunked\r\n", "400"}}) {
    const std::string text =
        heard("POST /a HTTP/1.1\r\nHost: here\r\n" + codings + "\r\n" + post("/hidden", ""));
    EXPECT_THAT(text, StartsWith("HTTP/1.1 " + status)) << codings;
    EXPECT_THAT(text, HasSubstr("connection: close\r\n")) << codings;
  }
  const std::string chunks = "\r\n3\r\nabc\r\n0\r\n\r\n";
  EXPECT_THAT(heard("POST /a HTTP/1.0\r\nTransfer-Encoding: chunked\r\n" + chunks),
              StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(taken().size(), 0U);
  EXPECT_THAT(heard("POST /a HTTP/1.1\r\nHost: here\r\nTransfer-Encoding: Chunked\r\n" + chunks),
              HasSubstr("[abc]"));
}

TEST_F(StrictHeads, AsksForOneHost) {
  EXPECT_THAT(heard("GET / HTTP/1.1\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(heard("GET / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_THAT(heard("GET / HTTP/1.0\r\nHost: a\r\nhost: a\r\n\r\n"), StartsWith("HTTP/1.1 400"));
  EXPECT_EQ(taken().size(), 0U);
  EXPECT_THAT(heard("GET / HTTP/1.0\r\n\r\n"), StartsWith("HTTP/1.1 200"));
}

TEST_F(StrictHeads, TellsOfEveryHeaderOfAName) {
  heard("GET / HTTP/1.1\r\nHost: here\r\nX-One: a\r\nx-one: b\r\n\r\n");
  ASSERT_EQ(taken().size(), 1U);
  EXPECT_EQ(taken()[0].headers["x-one"], "a, b");
}

TEST_F(StrictHeads, TakesNoHeaderFromATrailer) {
  const std::string text = heard(
      "POST /a HTTP/1.1\r\nHost: here\r\nConnection: close\r\nTransfer-Encoding: chunked\r\n\r\n"
      "2\r\nok\r\n0\r\nHost: there\r\nX-Late: 1\r\nConnection: keep-alive\r\n\r\n");
  EXPECT_THAT(text, HasSubstr("connection: close\r\n"));
  ASSERT_EQ(taken().size(), 1U);
  EXPECT_EQ(taken()[0].headers["host"], "here");
  EXPECT_EQ(taken()[0].headers.count("x-late"), 0U);
}

TEST_F(StrictHeads, PassesOverEmptyLinesBeforeARequest) {
  Client client(server_.port());
  client.say("\r\n" + post("/a", "1") + "\r\n\r\n" + post("/a", "2"));
  EXPECT_THAT(client.hear("[2]"), HasSubstr("[1]"));
  client.say("\r");
  client.say("\n" + post("/a", "3"));
  EXPECT_THAT(client.hear("[3]"), StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(heard("\n" + post("/a", "4")), StartsWith("HTTP/1.1 400"));
}

TEST_F(StrictHeads, EmptyLinesKeepNoConnection) {
  Client client(server_.port());
  const auto begin = std::chrono::steady_clock::now();
  while (!client.closed() && std::chrono::steady_clock::now() - begin < std::chrono::seconds(15)) {
    client.say("\r\n");
    client.hear("", 100);
  }
  EXPECT_TRUE(client.closed());
}

TEST_F(StrictHeads, SendsNoBodyToHead) {
  Client client(server_.port());
  client.say("HEAD /a HTTP/1.1\r\nHost: here\r\n\r\n" + post("/a", "next"));
  const std::string text = client.hear("[next]");
  EXPECT_THAT(text, HasSubstr("content-length: 2\r\n\r\nHTTP/1.1 200 OK\r\n"));
  client.say("HEAD /stream HTTP/1.1\r\nHost: here\r\n\r\n" + post("/a", "last"));
  const std::string stream = client.hear("[last]");
  EXPECT_THAT(stream,
              HasSubstr("text/event-stream\r\ntransfer-encoding: chunked\r\n\r\nHTTP/1.1 200 OK\r\n"));
  EXPECT_TRUE(heard("HEAD / HTTP/1.1\r\nHost: a\r\nHost: b\r\n\r\n").ends_with("\r\n\r\n"));
  EXPECT_EQ(taken()[0].method, "HEAD");
}

TEST_F(StrictHeads, EndsAStreamOfAnOlderClientByClosing) {
  for (const char* more : {"", "Connection: keep-alive\r\n"}) {
    const std::string text = heard(std::string("GET /stream HTTP/1.0\r\nHost: here\r\n") + more + "\r\n");
    EXPECT_TRUE(text.ends_with("connection: close\r\n\r\none two")) << text;
    EXPECT_THAT(text, Not(HasSubstr("transfer-encoding")));
  }
}

TEST_F(StrictHeads, KeepsTheConnectionOfAnOlderClientThatAsks) {
  Client client(server_.port());
  for (const char* body : {"1", "2"}) {
    client.say(std::string("POST /a HTTP/1.0\r\nConnection: keep-alive\r\nContent-Length: 1\r\n\r\n") + body);
    EXPECT_THAT(client.hear("]"), HasSubstr("connection: keep-alive\r\n"));
  }
  EXPECT_THAT(heard("GET /a HTTP/1.0\r\n\r\n"), HasSubstr("connection: close\r\n"));
}

TEST_F(StrictHeads, PromisesToReadABodyWhereThatIsUnderstood) {
  Client client(server_.port());
  client.say("POST /a HTTP/1.1\r\nHost: here\r\nExpect: 100-Continue\r\nContent-Length: 2\r\n\r\n");
  EXPECT_THAT(client.hear("\r\n\r\n"), StartsWith("HTTP/1.1 100"));
  client.say("ok");
  EXPECT_THAT(client.hear("[ok]"), HasSubstr("200 OK"));
  EXPECT_THAT(heard("POST /a HTTP/1.0\r\nExpect: 100-continue\r\nContent-Length: 2\r\n\r\nok"),
              StartsWith("HTTP/1.1 200"));
  EXPECT_THAT(heard("GET /a HTTP/1.1\r\nHost: here\r\nExpect: 100-continue\r\nConnection: close\r\n\r\n"),
              StartsWith("HTTP/1.1 200"));
}

TEST_F(StrictHeads, DatesItsReplies) {
  const std::time_t before = std::time(nullptr);
  for (const char* said : {"GET /a HTTP/1.0\r\n\r\n", "GET /stream HTTP/1.0\r\n\r\n", "nonsense\r\n\r\n"}) {
    const std::string text = heard(said);
    const std::size_t at = text.find("\r\ndate: ");
    ASSERT_NE(at, text.npos) << text;
    std::tm told{};
    const char* const end = ::strptime(text.c_str() + at + 8, "%a, %d %b %Y %H:%M:%S GMT", &told);
    ASSERT_NE(end, nullptr) << text;
    EXPECT_THAT(std::string(end, 2), "\r\n");
    EXPECT_GE(::timegm(&told), before);
    EXPECT_LE(::timegm(&told), std::time(nullptr));
  }
}

}  // namespace
}  // namespace net
