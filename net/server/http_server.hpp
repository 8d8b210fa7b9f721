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
#include <memory>

#include "net/server/served.hpp"

namespace net {

class HttpServer {
 public:
  using Handler = RequestHandler;

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
