#include "net/http_loop.hpp"

#include <atomic>
#include <chrono>
#include <fstream>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <latch>
#include <memory>
#include <mutex>
#include <sys/resource.h>
#include <thread>

#include "tests/support/loopback_server.hpp"
#include "tests/support/stream_server.hpp"

namespace net {
namespace {

using Result = HttpResponse::Result;
using testing::ElementsAre;
using tests::LoopbackServer;
using tests::Play;
using tests::Seen;

HttpRequest post_to(const LoopbackServer& server, const std::string& body = "{}") {
  return {.url = server.url("/v1/x"), .body = body, .seconds = 20};
}

HttpResponse exchange(HttpLoop& loop, HttpRequest request) {
  std::promise<HttpResponse> promise;
  loop.start(std::move(request), [&](HttpResponse response) { promise.set_value(std::move(response)); });
  return promise.get_future().get();
}

// Until it is true, for a while at most.
bool becomes_true(const std::function<bool()>& condition) {
  for (int i = 0; i < 1000 && !condition(); ++i) std::this_thread::sleep_for(std::chrono::milliseconds(5));
  return condition();
}

TEST(HttpLoop, AnswersComeBackOverOneConnection) {
  const LoopbackServer server(
      [](const Seen& seen, int) { return Play{.body = "to " + seen.body, .kept = true}; });
  HttpLoop loop;
  for (const char* body : {"one", "two", "three"}) {
    const HttpResponse response = exchange(loop, post_to(server, body));
    EXPECT_EQ(response.result, Result::kAnswered) << response.error;
    EXPECT_EQ(response.body, std::string("to ") + body);
    EXPECT_TRUE(response.sent);
  }
  EXPECT_EQ(server.connections(), 1);
}

TEST(HttpLoop, ManyAreUnderWayAtOnceAndNoMoreThanAllowed) {
  const LoopbackServer server([](const Seen&, int) { return Play{.body = "x", .seconds = 0.2}; });
  HttpLoop loop(5);
  std::latch all(12);
  for (int i = 0; i < 12; ++i) {
    loop.start(post_to(server), [&](const HttpResponse& response) {
      EXPECT_EQ(response.result, Result::kAnswered) << response.error;
      all.count_down();
    });
  }
  EXPECT_TRUE(becomes_true([&] { return loop.load().at_work == 5; }));
  EXPECT_EQ(loop.load().waiting, 7U);
  all.wait();
  EXPECT_EQ(server.most_at_once(), 5);
}

TEST(HttpLoop, OthersBeginInTheirOrder) {
  const LoopbackServer server([](const Seen&, int) { return Play{.body = "x", .seconds = 0.02}; });
  HttpLoop loop(1);
  std::latch all(5);
  for (int i = 0; i < 5; ++i)
    loop.start(post_to(server, std::to_string(i)), [&](const HttpResponse&) { all.count_down(); });
  all.wait();
  std::string order;
  for (const Seen& seen : server.requests()) order += seen.body;
  EXPECT_EQ(order, "01234");
}

TEST(HttpLoop, ItsLimitCanBeChanged) {
  const LoopbackServer server([](const Seen&, int) { return Play{.body = "x", .seconds = 0.3}; });
  HttpLoop loop(1);
  std::latch all(4);
  for (int i = 0; i < 4; ++i) loop.start(post_to(server), [&](const HttpResponse&) { all.count_down(); });
  loop.limit(4);
  EXPECT_TRUE(becomes_true([&] { return loop.load().at_work == 4; }));
  all.wait();
}

TEST(HttpLoop, AStreamIsGivenAsItComes) {
  const LoopbackServer server([](const Seen&, int) {
    return Play{.type = "text/event-stream", .pieces = {"data: 1\n\n", "data: 2\n\n"}, .between = 0.1};
  });
  HttpLoop loop;
  std::vector<std::string> pieces;
  HttpRequest request = post_to(server);
  request.sink = [&](std::string_view piece) {
    pieces.emplace_back(piece);
    return true;
  };
  const HttpResponse response = exchange(loop, request);
  EXPECT_EQ(response.result, Result::kAnswered);
  EXPECT_EQ(response.body, "") << "nothing of it is kept";
  EXPECT_THAT(pieces, ElementsAre("data: 1\n\n", "data: 2\n\n"));
}

TEST(HttpLoop, WhatIsNoGoodAnswerIsNoStream) {
  const LoopbackServer server([](const Seen&, int) { return tests::error_answer(429, "slowly"); });
  HttpLoop loop;
  HttpRequest request = post_to(server);
  request.sink = [](std::string_view) {
    ADD_FAILURE() << "an error is a body";
    return true;
  };
  const HttpResponse response = exchange(loop, request);
  EXPECT_EQ(response.status, 429);
  EXPECT_THAT(response.body, testing::HasSubstr("slowly"));
}

Play long_stream() {
  return {
      .type = "text/event-stream", .pieces = std::vector<std::string>(400, "data: x\n\n"), .between = 0.05};
}

TEST(HttpLoop, ACancelledRequestLeavesItsServerAtOnce) {
  const LoopbackServer server([](const Seen&, int) { return long_stream(); });
  HttpLoop loop;
  std::promise<void> begun;
  std::promise<HttpResponse> ended;
  bool first = true;
  HttpRequest request = post_to(server);
  request.sink = [&](std::string_view) {
    if (std::exchange(first, false)) begun.set_value();
    return true;
  };
  const auto ticket =
      loop.start(request, [&](HttpResponse response) { ended.set_value(std::move(response)); });
  begun.get_future().wait();
  loop.cancel(ticket);
  EXPECT_EQ(ended.get_future().get().result, Result::kStopped);
  EXPECT_TRUE(becomes_true([&] { return server.left() == 1; }));
}

TEST(HttpLoop, ASinkThatWantsNoMoreEndsItsRequest) {
  const LoopbackServer server([](const Seen&, int) { return long_stream(); });
  HttpLoop loop;
  HttpRequest request = post_to(server);
  request.sink = [](std::string_view) { return false; };
  EXPECT_EQ(exchange(loop, request).result, Result::kStopped);
  EXPECT_TRUE(becomes_true([&] { return server.left() == 1; }));
}

TEST(HttpLoop, OneThatWaitsIsCancelledWithoutBeingSent) {
  const LoopbackServer server([](const Seen&, int) { return Play{.body = "x", .seconds = 0.3}; });
  HttpLoop loop(1);
  std::promise<HttpResponse> first, second;
  loop.start(post_to(server), [&](HttpResponse response) { first.set_value(std::move(response)); });
  const auto ticket =
      loop.start(post_to(server), [&](HttpResponse response) { second.set_value(std::move(response)); });
  loop.cancel(ticket);
  const HttpResponse cancelled = second.get_future().get();
  EXPECT_EQ(cancelled.result, Result::kStopped);
  EXPECT_FALSE(cancelled.sent);
  EXPECT_EQ(first.get_future().get().result, Result::kAnswered);
  EXPECT_EQ(server.requests().size(), 1U);
}

TEST(HttpLoop, FailuresSayWhatTheyAre) {
  const LoopbackServer cutting(
      [](const Seen&, int) { return Play{.cut_after = 3, .pieces = {"a whole piece"}}; });
  const LoopbackServer slow([](const Seen&, int) { return Play{.body = "late", .seconds = 30}; });
  const LoopbackServer dripping([](const Seen&, int) { return long_stream(); });
  const LoopbackServer talkative([](const Seen&, int) { return Play{.body = std::string(5000, 'x')}; });
  HttpLoop loop;
  EXPECT_EQ(exchange(loop, post_to(cutting)).result, Result::kDropped);
  for (const LoopbackServer* server : {&slow, &dripping}) {
    HttpRequest impatient = post_to(*server);
    impatient.seconds = 0.3;
    const HttpResponse response = exchange(loop, impatient);
    EXPECT_EQ(response.result, Result::kTimedOut);
    EXPECT_EQ(response.error, "no whole reply within 0.3 s");
  }
  HttpRequest modest = post_to(talkative);
  modest.most_bytes = 1000;
  EXPECT_EQ(exchange(loop, modest).result, Result::kTooLong);
  modest.sink = [](std::string_view) { return true; };
  EXPECT_EQ(exchange(loop, modest).result, Result::kTooLong) << "of a stream too";
  EXPECT_EQ(exchange(loop, {.url = "http://127.0.0.1:9/", .seconds = 5}).result, Result::kNotReached);
  EXPECT_EQ(exchange(loop, {.url = "gopher://127.0.0.1/", .seconds = 5}).result, Result::kUnusable);
}

// libcurl would send the second request twice.
TEST(HttpLoop, ARequestIsNotSentAgainWhenAUsedConnectionCloses) {
  const LoopbackServer server([](const Seen&, int number) {
    return number == 2 ? Play{.silent = true} : Play{.body = "x", .kept = true};
  });
  HttpLoop loop;
  EXPECT_EQ(exchange(loop, post_to(server)).result, Result::kAnswered);
  const HttpResponse dropped = exchange(loop, post_to(server, "the second"));
  EXPECT_EQ(dropped.result, Result::kDropped);
  EXPECT_TRUE(dropped.sent);
  EXPECT_EQ(dropped.error, "the server closed a connection that was re-used, without a reply");
  ASSERT_EQ(server.requests().size(), 2U);
  EXPECT_EQ(exchange(loop, post_to(server)).result, Result::kAnswered) << "others are served";
  EXPECT_EQ(server.requests().size(), 3U);
}

// A large body is on its way when the connection closes.
TEST(HttpLoop, NeitherIsALargeOne) {
  const LoopbackServer server([](const Seen&, int number) {
    return number == 2 ? Play{.silent = true} : Play{.body = "x", .kept = true};
  });
  HttpLoop loop;
  EXPECT_EQ(exchange(loop, post_to(server)).result, Result::kAnswered);
  EXPECT_EQ(exchange(loop, post_to(server, std::string(3'000'000, 'x'))).result, Result::kDropped);
  EXPECT_EQ(server.requests().size(), 2U);
}

TEST(HttpLoop, TasksRunAtTheirTimeUnlessCancelled) {
  HttpLoop loop;
  std::mutex mutex;
  std::vector<int> ran;
  std::latch both(2);
  const auto task = [&](int number) {
    return [&, number] {
      const std::scoped_lock lock(mutex);
      ran.push_back(number);
      both.count_down();
    };
  };
  loop.after(0.1, task(2));
  loop.after(0.05, task(1));
  loop.cancel(loop.after(0.01, task(0)));
  both.wait();
  EXPECT_THAT(ran, ElementsAre(1, 2));
}

TEST(HttpLoop, EveryRequestIsToldOfTheEndOnce) {
  const LoopbackServer server([](const Seen&, int) { return Play{.body = "x", .seconds = 30}; });
  std::atomic<int> stopped{0};
  {
    HttpLoop loop(2);
    const auto count = [&](const HttpResponse& response) { stopped += response.result == Result::kStopped; };
    for (int i = 0; i < 5; ++i) loop.start(post_to(server), count);
    loop.after(1000, [&] { loop.start(post_to(server), count); });
    EXPECT_TRUE(becomes_true([&] { return loop.load().at_work == 2; }));
  }
  EXPECT_EQ(stopped, 6);
}

double cpu_seconds() {
  rusage used{};
  ::getrusage(RUSAGE_SELF, &used);
  return static_cast<double>(used.ru_utime.tv_sec + used.ru_stime.tv_sec) +
         1e-6 * static_cast<double>(used.ru_utime.tv_usec + used.ru_stime.tv_usec);
}

// Kilobytes, of the process.
long resident() {
  std::ifstream status("/proc/self/status");
  for (std::string line; std::getline(status, line);) {
    if (line.starts_with("VmRSS:")) return std::stol(line.substr(6));
  }
  return -1;
}

// The process is server and client here, on open files of its own.
TEST(HttpLoop, TwoThousandStreamsTakeLittle) {
  constexpr std::size_t kStreams = 2000;
  rlimit files{};
  ::getrlimit(RLIMIT_NOFILE, &files);
  if (files.rlim_cur < 2 * kStreams + 100) {
    files.rlim_cur = std::min<rlim_t>(files.rlim_max, 2 * kStreams + 100);
    ASSERT_EQ(::setrlimit(RLIMIT_NOFILE, &files), 0);
    ASSERT_GE(files.rlim_cur, 2 * kStreams + 100) << "raise the hard limit of open files";
  }
  constexpr int kEvents = 20;
  const tests::StreamServer server({.events = kEvents, .seconds = 0.25, .event = "data: {\"n\": 1}\n\n"});
  const long before = resident();
  const double started = cpu_seconds();
  const auto clock = std::chrono::steady_clock::now();
  std::atomic<std::size_t> bytes{0}, answered{0};
  std::size_t at_once = 0;
  long most = 0;
  {
    HttpLoop loop(kStreams);
    std::latch all(kStreams);
    for (std::size_t i = 0; i < kStreams; ++i) {
      HttpRequest request{.url = server.url(), .body = "{}", .seconds = 120};
      request.sink = [&](std::string_view piece) {
        bytes += piece.size();
        return true;
      };
      loop.start(std::move(request), [&](const HttpResponse& response) {
        answered += response.result == Result::kAnswered && response.status == 200;
        all.count_down();
      });
    }
    while (!all.try_wait()) {
      at_once = std::max(at_once, server.open());
      most = std::max(most, resident());
      std::this_thread::sleep_for(std::chrono::milliseconds(20));
    }
  }
  const std::chrono::duration<double> wall = std::chrono::steady_clock::now() - clock;
  const double cpu = cpu_seconds() - started;
  RecordProperty("kilobytes", static_cast<int>(most - before));
  RecordProperty("cpu_percent", static_cast<int>(100 * cpu / wall.count()));
  EXPECT_EQ(answered, kStreams);
  EXPECT_EQ(bytes, kStreams * kEvents * std::string("data: {\"n\": 1}\n\n").size());
  EXPECT_GT(at_once, kStreams * 9 / 10) << "they are under way together";
  EXPECT_LT(most - before, 400 * 1024) << "kilobytes, those of the server among them";
  EXPECT_LT(cpu, wall.count()) << "seconds of processors, those of the server among them";
}

}  // namespace
}  // namespace net
