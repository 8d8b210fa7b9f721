// served.hpp: what the HTTP server and its handler say to each other, and the limits that it keeps.
// Why:      the parts of the server and those who answer need the same words, and not each other.
// Use:      const RequestHandler handler = [](ServedRequest request, std::shared_ptr<ReplyWriter> reply) {
//             reply->send({.body = request.body});
//           };
// Promises: values, but for ReplyWriter, of which http_server.hpp tells.
// Threads:  values; a ReplyWriter may be used from any thread.
// Tests:    tests/net/server/http_server_test.cpp
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

using RequestHandler = std::function<void(ServedRequest, std::shared_ptr<ReplyWriter>)>;

// What a request with this head is refused with, whatever its body is.
using HeadCheck = std::function<std::optional<ReplyHead>(const ServedRequest& head)>;

}  // namespace net
