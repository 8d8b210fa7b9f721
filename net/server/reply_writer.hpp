// reply_writer.hpp: the reply to one request, which may come from any thread and after all else has gone.
// Why:      whoever answers must not need to know whether client, connection and server are still there.
// Use:      auto writer = std::make_shared<ConnectionWriter>(io, connection);   handler(request, writer);
// Promises: what is written reaches the connection in its order, if that is there; a reply is sent once.
// Threads:  send(), begin(), write(), end() and on_gone() from any; gone() and finish() from the server's.
// Tests:    tests/net/server/http_server_test.cpp
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdint>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "net/server/connection.hpp"
#include "net/server/http_server.hpp"

namespace net {

// The head of a reply; `length` is the header that says how long it is.
std::string head_text(const ReplyHead& head, const std::string& length, bool closing);

// May outlive its connection and the request.
class ConnectionWriter : public ReplyWriter, public std::enable_shared_from_this<ConnectionWriter> {
 public:
  ConnectionWriter(std::weak_ptr<boost::asio::io_context> io, std::weak_ptr<Connection> connection)
      : io_(std::move(io)), connection_(std::move(connection)) {}

  void send(ReplyHead reply) override {
    post([reply = std::move(reply)](ConnectionWriter& self, Connection& to) {
      if (self.state_ != State::kNew) return;
      self.state_ = State::kEnded;
      to.put(head_text(reply, fmt::format("content-length: {}\r\n", reply.body.size()), to.closing()) +
                 reply.body,
             true);
    });
  }
  void begin(ReplyHead head) override {
    post([head = std::move(head)](ConnectionWriter& self, Connection& to) {
      if (self.state_ != State::kNew) return;
      self.state_ = State::kBegun;
      to.put(head_text(head, "transfer-encoding: chunked\r\n", to.closing()), false);
    });
  }
  void write(std::string piece) override {
    if (piece.empty()) return;
    post([piece = std::move(piece)](ConnectionWriter& self, Connection& to) {
      if (self.state_ == State::kBegun) to.put(fmt::format("{:x}\r\n{}\r\n", piece.size(), piece), false);
    });
  }
  void end() override {
    post([](ConnectionWriter& self, Connection& to) {
      if (self.state_ != State::kBegun) return;
      self.state_ = State::kEnded;
      to.put("0\r\n\r\n", true);
    });
  }
  void on_gone(std::function<void()> task) override {
    const auto io = io_.lock();
    if (io == nullptr) return;
    boost::asio::post(*io, [self = shared_from_this(), task = std::move(task)] {
      if (self->gone_) return task();
      self->on_gone_ = task;
    });
  }

  // On the server's thread: the client is gone.
  void gone() {
    if (state_ == State::kEnded || gone_) return;
    gone_ = true;
    if (const auto task = std::exchange(on_gone_, nullptr)) task();
  }
  // All of the reply was written.
  void finish() {
    state_ = State::kEnded;
    on_gone_ = nullptr;
  }

 private:
  enum class State : std::uint8_t { kNew, kBegun, kEnded };

  template <typename Task>
  void post(Task task) {
    const auto io = io_.lock();
    if (io == nullptr) return;
    boost::asio::post(*io, [self = shared_from_this(), task = std::move(task)] {
      if (const auto connection = self->connection_.lock(); connection && !self->gone_)
        task(*self, *connection);
    });
  }

  const std::weak_ptr<boost::asio::io_context> io_;  // the server may end first
  const std::weak_ptr<Connection> connection_;
  std::function<void()> on_gone_;
  State state_ = State::kNew;
  bool gone_ = false;
};

}  // namespace net
