// http_server.hpp: HTTP/1.1 for those who ask this machine: many connections on one thread.
// Why:      answers take minutes and thousands are under way; a client that goes away must stop what it asked
//           for, and none may take memory or time without bound.
// Use:      HttpServer server({.port = 8080}, [](ServedRequest request, std::shared_ptr<ReplyWriter> reply) {
//             reply->on_gone([] { ... });
//             reply->send({.body = "{}"});          // or: begin(head); write(piece); ... end();
//           });
//           server.drain(30);                       // no new ones; those under way have so many seconds
// Promises: requests of a connection are answered in their order, one at a time. A request that is malformed,
//           ambiguous or too large is refused (400, 413, 431, 501) and its connection closed, as is one whose
//           body no longer fits beside those being read (503); one that is too slow is closed without a word.
//           A request with a body is shown to the check of heads first; what that refuses is answered, not
//           asked for nor read on, and its connection closed. HEAD is answered without the body. HTTP/1.0 is
//           sent streams that end with the connection. A client that closes, its sending half too, is gone:
//           on_gone() is called at once, and once, unless the reply had ended. So is one that does not read
//           what is written for it. Header values that hold line ends are left out. The handler and the check
//           must not throw.
// Threads:  the handler, the check and what on_gone() was given are called on the server's thread and must be
//           short; a ReplyWriter may be used from any, and longer than the server. The destructor closes all
//           connections.
// Tests:    tests/net/server/http_server_test.cpp, tests/net/server/strict_heads_test.cpp,
//           tests/net/server/bounded_bodies_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <memory>
#include <optional>
#include <string>
#include <utility>
#include <vector>

namespace net {

struct ServedRequest {
  std::string method, target, body;
  std::map<std::string, std::string> headers;  // names in lower case
};

struct ReplyHead {
  int status = 200;
  std::string type = "application/json";
  std::vector<std::pair<std::string, std::string>> headers = {};
  std::string body = {};  // of send()
};

class ReplyWriter {
 public:
  ReplyWriter() = default;
  virtual ~ReplyWriter() = default;
  ReplyWriter(const ReplyWriter&) = delete;
  ReplyWriter& operator=(const ReplyWriter&) = delete;
  virtual void send(ReplyHead reply) = 0;
  virtual void begin(ReplyHead head) = 0;
  virtual void write(std::string piece) = 0;
  virtual void end() = 0;
  virtual void on_gone(std::function<void()> task) = 0;
};

struct HttpServerOptions {
  std::string address = "127.0.0.1";
  std::uint16_t port = 0;  // 0: any that is free
  std::size_t most_connections = 2'000;
  std::size_t head_bytes = 16U << 10U, body_bytes = 8U << 20U;
  std::size_t bodies_bytes = 256U << 20U;  // of all bodies that are being read
  std::size_t unread_bytes = 4U << 20U;    // that wait for a client to read them
  double head_seconds = 10, body_seconds = 60, idle_seconds = 75, write_seconds = 60;
};

class HttpServer {
 public:
  using Handler = std::function<void(ServedRequest, std::shared_ptr<ReplyWriter>)>;

  // What a request with this head is refused with, whatever its body is.
  using HeadCheck = std::function<std::optional<ReplyHead>(const ServedRequest& head)>;

  // Throws std::system_error where the address cannot be listened at.
  HttpServer(HttpServerOptions options, Handler handler, HeadCheck check = nullptr);
  ~HttpServer();
  HttpServer(const HttpServer&) = delete;
  HttpServer& operator=(const HttpServer&) = delete;

  std::uint16_t port() const;
  std::size_t connections() const;
  // Returns when none is left, or the time is over.
  void drain(double seconds);

 private:
  class Core;
  std::unique_ptr<Core> core_;
};

}  // namespace net
