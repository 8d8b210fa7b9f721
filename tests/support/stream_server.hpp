// stream_server.hpp: a server on this machine that streams the same events to thousands of clients at a time.
// Why:      what a client costs can only be seen beside a server that costs little itself.
// Use:      StreamServer server({.events = 20, .seconds = 0.25, .event = "data: x\n\n"});
// Promises: listens on 127.0.0.1 at a free port; one thread serves all. Every request, once it is whole, is
//           answered by so many events with so many seconds between them; then its connection is closed. It
//           has ended when the object goes.
// Threads:  open() may be called at any time.
#pragma once

#include <arpa/inet.h>
#include <array>
#include <atomic>
#include <chrono>
#include <fmt/format.h>
#include <map>
#include <netinet/in.h>
#include <stdexcept>
#include <string>
#include <string_view>
#include <sys/epoll.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace tests {

class StreamServer {
 public:
  struct Script {
    int events = 1;
    double seconds = 0;
    std::string event;
  };

  explicit StreamServer(Script script) : script_(std::move(script)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC | SOCK_NONBLOCK, 0);
    epoll_ = ::epoll_create1(EPOLL_CLOEXEC);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 4096) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("no stream server");
    port_ = ntohs(address.sin_port);
    watch(listener_);
    thread_ = std::thread([this] { serve(); });
  }
  ~StreamServer() {
    ending_ = true;
    thread_.join();
    for (const auto& [connection, client] : clients_) ::close(connection);
    ::close(listener_);
    ::close(epoll_);
  }
  StreamServer(const StreamServer&) = delete;
  StreamServer& operator=(const StreamServer&) = delete;

  std::string url() const { return fmt::format("http://127.0.0.1:{}/v1/stream", port_); }
  // How many requests are being answered.
  std::size_t open() const { return open_; }

 private:
  using Clock = std::chrono::steady_clock;
  struct Client {
    std::string request;
    int events = -1;  // sent; -1 before the request is whole
    Clock::time_point next;
  };

  void watch(int descriptor) const {
    epoll_event event{.events = EPOLLIN, .data = {.fd = descriptor}};
    ::epoll_ctl(epoll_, EPOLL_CTL_ADD, descriptor, &event);
  }

  void serve() {
    std::array<epoll_event, 256> events;
    while (!ending_) {
      const int count = ::epoll_wait(epoll_, events.data(), static_cast<int>(events.size()), 10);
      for (int i = 0; i < count; ++i) {
        const int descriptor = events[static_cast<std::size_t>(i)].data.fd;
        if (descriptor == listener_)
          accept_all();
        else
          hear(descriptor);
      }
      send_due();
    }
  }

  void accept_all() {
    for (;;) {
      const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC | SOCK_NONBLOCK);
      if (connection < 0) return;
      clients_[connection];
      watch(connection);
    }
  }

  // All requests are short and have the body "{}".
  void hear(int connection) {
    std::array<char, 4096> chunk;
    const ssize_t count = ::recv(connection, chunk.data(), chunk.size(), 0);
    if (count <= 0) return close_client(connection);
    Client& client = clients_[connection];
    client.request.append(chunk.data(), static_cast<std::size_t>(count));
    if (client.events >= 0 || !client.request.ends_with("\r\n\r\n{}")) return;
    send(connection, "HTTP/1.1 200 OK\r\ncontent-type: text/event-stream\r\nconnection: close\r\n\r\n");
    client.events = 0;
    client.next = Clock::now();
    ++open_;
  }

  void send_due() {
    const auto now = Clock::now();
    std::vector<int> over;
    for (auto& [connection, client] : clients_) {
      if (client.events < 0 || client.next > now) continue;
      if (client.events++ < script_.events)
        send(connection, script_.event);
      else
        over.push_back(connection);
      client.next +=
          std::chrono::duration_cast<Clock::duration>(std::chrono::duration<double>(script_.seconds));
    }
    for (const int connection : over) close_client(connection);
  }

  void close_client(int connection) {
    if (clients_[connection].events >= 0) --open_;
    clients_.erase(connection);
    ::close(connection);
  }

  static void send(int connection, std::string_view text) {
    if (::send(connection, text.data(), text.size(), MSG_NOSIGNAL) < 0) ::shutdown(connection, SHUT_RDWR);
  }

  const Script script_;
  int listener_ = -1, epoll_ = -1, port_ = 0;
  std::map<int, Client> clients_;
  std::atomic<std::size_t> open_{0};
  std::atomic<bool> ending_{false};
  std::thread thread_;
};

}  // namespace tests
