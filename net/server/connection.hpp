// connection.hpp: one client of the HTTP server, from its first request to its last.
// Why:      reading, replying and noticing that a client has left belong together; who listens and counts
//           connections does not need to know how.
// Use:      auto connection = std::make_shared<Connection>(host, std::move(socket));   connection->read();
// Promises: as http_server.hpp says of connections and replies.
// Threads:  the thread of host.io alone; a writer may be used from any.
// Tests:    tests/net/server/http_server_test.cpp, tests/net/server/bounded_bodies_test.cpp
#pragma once

#include <array>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/string_body.hpp>
#include <chrono>
#include <cstddef>
#include <cstdint>
#include <deque>
#include <functional>
#include <memory>
#include <optional>
#include <string>

#include "net/server/reply_writer.hpp"
#include "net/server/served.hpp"

namespace net {

class Connection;

// What a connection needs of its server, which outlives it.
struct ConnectionHost {
  const HttpServerOptions& options;
  const RequestHandler& handler;
  const HeadCheck& check;
  std::shared_ptr<boost::asio::io_context> io;
  std::size_t& bodies;  // bytes of all that are being read
  std::function<void(const std::shared_ptr<Connection>&)> closed;
};

class Connection : public Outlet, public std::enable_shared_from_this<Connection> {
 public:
  Connection(const ConnectionHost& host, boost::asio::ip::tcp::socket socket);

  // The next request.
  void read();
  // Closes it, once what is under way has been replied to.
  void drain();
  void close();

  // ---- for its writer
  void put(std::string text, bool last) override;
  std::string persistence() const override;
  void end_by_closing() override;

 private:
  using Error = boost::system::error_code;
  using Body = boost::beast::http::string_body;

  bool closing() const { return draining_ || !keep_; }
  void pass_over_empty_lines();
  void read_head();
  void got_head(Error error);
  void read_body();
  void got_of_body(Error error);
  void read_of_body();
  void count_body(std::size_t bytes);
  void got_request();
  void refuse(Error error);
  void refuse(const ReplyHead& reply);
  void watch();
  void watch_from_time_to_time();
  bool has_left();
  void write();
  void wrote(Error error);
  void linger();
  void discard();

  const ConnectionHost& host_;
  boost::beast::tcp_stream stream_;
  boost::asio::steady_timer timer_;
  boost::beast::flat_buffer buffer_;
  std::optional<boost::beast::http::request_parser<Body>> parser_;
  ServedRequest request_;                     // that is being read
  std::size_t body_counted_ = 0;              // bytes of its body, in host_.bodies
  std::shared_ptr<ConnectionWriter> writer_;  // of the request under way
  std::deque<std::string> unwritten_;
  std::size_t unread_ = 0;  // bytes of it
  bool writing_ = false, ended_ = false, keep_ = true, draining_ = false, open_ = true;
  bool first_ = true, lingers_ = false;
  std::chrono::steady_clock::time_point lingers_until_;
  std::array<char, 4096> discarded_{};
};

}  // namespace net
