// http_caller.hpp: a client of a server on this machine that says any bytes, and leaves when it likes.
// Why:      what a server does with clients that are rude, slow or gone can only be shown by one that is.
// Use:      Client client(port);   client.say(post("/echo", "text"));   client.hear("text");
//           const Heard heard = call(port, "GET", "/health");   EXPECT_EQ(heard.status, 200);
// Promises: a client waits for some seconds at most.
// Threads:  one at a time.
#pragma once

#include <arpa/inet.h>
#include <cstdint>
#include <cstdlib>
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <netinet/in.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <unistd.h>

namespace tests {

// A connection of a client that says any bytes.
class Client {
 public:
  explicit Client(std::uint16_t port) : socket_(::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0)) {
    sockaddr_in to{};
    to.sin_family = AF_INET;
    to.sin_port = htons(port);
    to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    EXPECT_EQ(::connect(socket_, reinterpret_cast<const sockaddr*>(&to), sizeof to), 0);
  }
  ~Client() { leave(); }
  Client(const Client&) = delete;
  Client& operator=(const Client&) = delete;

  bool say(std::string_view text) const {
    while (!text.empty()) {
      const ssize_t count = ::send(socket_, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return false;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    return true;
  }
  // All that comes until `end` has come, the server closes, or for so long.
  std::string hear(const std::string& end, int most_milliseconds = 5'000) {
    std::string text;
    closed_ = false;
    while (end.empty() || text.find(end) == text.npos) {
      pollfd waiting{socket_, POLLIN, 0};
      if (::poll(&waiting, 1, most_milliseconds) <= 0) break;
      char chunk[4096];
      const ssize_t count = ::recv(socket_, chunk, sizeof chunk, 0);
      if (count <= 0) {
        closed_ = true;
        break;
      }
      text.append(chunk, static_cast<std::size_t>(count));
    }
    return text;
  }
  bool closed() const { return closed_; }
  void half_close() const { ::shutdown(socket_, SHUT_WR); }
  void leave() {
    if (socket_ >= 0) ::close(socket_);
    socket_ = -1;
  }

 private:
  int socket_;
  bool closed_ = false;
};

inline std::string post(const std::string& path, const std::string& body, const std::string& headers = "") {
  return fmt::format("POST {} HTTP/1.1\r\nHost: localhost\r\n{}Content-Length: {}\r\n\r\n{}", path, headers,
                     body.size(), body);
}

struct Heard {
  int status = 0;
  std::string head, body;
  nlohmann::json json() const { return nlohmann::json::parse(body, nullptr, false); }
};

inline Heard heard_of(const std::string& text) {
  const std::size_t end = text.find("\r\n\r\n");
  if (end == text.npos || text.size() < 12) return {};
  return {.status = std::atoi(text.c_str() + 9), .head = text.substr(0, end), .body = text.substr(end + 4)};
}

// One request on a connection of its own.
inline Heard call(std::uint16_t port, const std::string& method, const std::string& path,
                  const std::string& body = "", const std::string& headers = "") {
  Client client(port);
  client.say(
      fmt::format("{} {} HTTP/1.1\r\nHost: localhost\r\nConnection: close\r\n{}Content-Length: {}\r\n\r\n{}",
                  method, path, headers, body.size(), body));
  return heard_of(client.hear("", 20'000));
}

}  // namespace tests
