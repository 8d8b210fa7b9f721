// fast_upstream.hpp: the model that is played, behind a server that takes thousands of requests a second.
// Why:      how much a client of upstreams bears shows only before one that is no slower than it.
// Use:      FastUpstream upstream(0.002);   ... upstream.url() ... EXPECT_EQ(upstream.under_way(), 0);
// Promises: says what PlayedModel says, `seconds` after it was asked, on one thread; counts what it was asked
//           and who left before the reply.
// Threads:  counters may be read from any.
#pragma once

#include <atomic>
#include <boost/asio/executor_work_guard.hpp>
#include <boost/asio/io_context.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <cstdint>
#include <fmt/format.h>
#include <memory>
#include <string>
#include <thread>
#include <utility>

#include "net/server/http_server.hpp"
#include "tests/support/played_model.hpp"

namespace tests {

class FastUpstream {
 public:
  explicit FastUpstream(double seconds = 0, Traits traits = vllm_like())
      : model_(std::move(traits)),
        seconds_(seconds),
        work_(context_.get_executor()),
        clock_([this] { context_.run(); }),
        server_({.most_connections = 20'000},
                [this](net::ServedRequest request, std::shared_ptr<net::ReplyWriter> reply) {
                  take(std::move(request), std::move(reply));
                }) {}
  ~FastUpstream() {
    context_.stop();
    clock_.join();
  }
  FastUpstream(const FastUpstream&) = delete;
  FastUpstream& operator=(const FastUpstream&) = delete;

  std::string url() const { return fmt::format("http://127.0.0.1:{}/v1", server_.port()); }
  std::int64_t requests() const { return requests_; }
  std::int64_t under_way() const { return under_way_; }  // asked, and neither answered nor left
  std::int64_t left() const { return left_; }
  std::size_t connections() const { return server_.connections(); }

 private:
  struct Asked {
    std::shared_ptr<net::ReplyWriter> reply;
    std::atomic<bool> over = false;
  };

  void take(net::ServedRequest request, std::shared_ptr<net::ReplyWriter> reply) {
    ++requests_;
    ++under_way_;
    auto asked = std::make_shared<Asked>();
    asked->reply = std::move(reply);
    asked->reply->on_gone([this, asked] {
      if (!asked->over.exchange(true)) --under_way_, ++left_;
    });
    const Play play = model_.play(
        {.path = request.target, .headers = std::move(request.headers), .body = std::move(request.body)});
    net::ReplyHead head{.status = play.status, .type = play.type, .headers = {}, .body = play.body};
    for (const std::string& piece : play.pieces) head.body += piece;
    if (seconds_ <= 0) return answer(asked, std::move(head));
    auto timer = std::make_shared<boost::asio::steady_timer>(context_, after());
    timer->async_wait([this, asked, head = std::move(head), timer](const boost::system::error_code& stopped) {
      if (!stopped) answer(asked, head);
    });
  }

  std::chrono::microseconds after() const {
    return std::chrono::microseconds(static_cast<std::int64_t>(seconds_ * 1e6));
  }

  void answer(const std::shared_ptr<Asked>& asked, net::ReplyHead head) {
    if (asked->over.exchange(true)) return;
    --under_way_;
    asked->reply->send(std::move(head));
  }

  const PlayedModel model_;
  const double seconds_;
  std::atomic<std::int64_t> requests_ = 0, under_way_ = 0, left_ = 0;
  boost::asio::io_context context_;
  boost::asio::executor_work_guard<boost::asio::io_context::executor_type> work_;
  std::thread clock_;
  net::HttpServer server_;
};

}  // namespace tests
