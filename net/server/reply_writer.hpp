// reply_writer.hpp: the reply to one request, which may come from any thread and after all else has gone.
// Why:      whoever answers must not need to know whether client, connection and server are still there.
// Use:      auto writer = std::make_shared<ConnectionWriter>(io, connection, form); handler(request, writer);
// Promises: what is written reaches the connection in its order, if that is there; a reply is sent once. Its
//           form is one that the client's version and method have.
// Threads:  send(), begin(), write(), end() and on_gone() from any; gone() and finish() from the server's.
// Tests:    tests/net/server/http_server_test.cpp
#pragma once

#include <boost/asio/io_context.hpp>
#include <boost/asio/post.hpp>
#include <cstdint>
#include <fmt/format.h>
#include <functional>
#include <memory>
#include <string>
#include <utility>

#include "net/server/served.hpp"

namespace net {

// The head of a reply; `length` is the header that says how long it is, `persistence` what follows it.
std::string head_text(const ReplyHead& head, const std::string& length, const std::string& persistence);

// What a request lets its reply look like.
struct ReplyForm {
  bool chunks = true;  // HTTP/1.0 has none
  bool body = true;    // HEAD wants none
};

// A whole reply.
std::string reply_text(const ReplyHead& reply, ReplyForm form, const std::string& persistence);

// Where the bytes of replies go; on the server's thread alone.
class Outlet {
 public:
  Outlet() = default;
  virtual ~Outlet() = default;
  Outlet(const Outlet&) = delete;
  Outlet& operator=(const Outlet&) = delete;
  virtual void put(std::string text, bool last) = 0;
  // The header of a reply that says whether another may follow.
  virtual std::string persistence() const = 0;
  // The reply ends where the connection does.
  virtual void end_by_closing() = 0;
};

// May outlive its connection and the request.
class ConnectionWriter : public ReplyWriter, public std::enable_shared_from_this<ConnectionWriter> {
 public:
  ConnectionWriter(std::weak_ptr<boost::asio::io_context> io, std::weak_ptr<Outlet> connection,
                   ReplyForm form)
      : io_(std::move(io)), connection_(std::move(connection)), form_(form) {}

  void send(ReplyHead reply) override {
    post([reply = std::move(reply)](ConnectionWriter& self, Outlet& to) {
      if (self.state_ != State::kNew) return;
      self.state_ = State::kEnded;
      to.put(reply_text(reply, self.form_, to.persistence()), true);
    });
  }
  void begin(ReplyHead head) override {
    post([head = std::move(head)](ConnectionWriter& self, Outlet& to) {
      if (self.state_ != State::kNew) return;
      self.state_ = State::kBegun;
      if (!self.form_.chunks) to.end_by_closing();
      const char* const length = self.form_.chunks ? "transfer-encoding: chunked\r\n" : "";
      to.put(head_text(head, length, to.persistence()), false);
    });
  }
  void write(std::string piece) override {
    if (piece.empty()) return;
    post([piece = std::move(piece)](ConnectionWriter& self, Outlet& to) {
      if (self.state_ != State::kBegun || !self.form_.body) return;
      to.put(self.form_.chunks ? fmt::format("{:x}\r\n{}\r\n", piece.size(), piece) : piece, false);
    });
  }
  void end() override {
    post([](ConnectionWriter& self, Outlet& to) {
      if (self.state_ != State::kBegun) return;
      self.state_ = State::kEnded;
      to.put(self.form_.chunks && self.form_.body ? "0\r\n\r\n" : "", true);
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
  const std::weak_ptr<Outlet> connection_;
  const ReplyForm form_;
  std::function<void()> on_gone_;
  State state_ = State::kNew;
  bool gone_ = false;
};

}  // namespace net
