// loopback_server.hpp: a server on this machine that plays a provider of language models, and misbehaves on
// request.
// Why:      what a client does when a server is slow, rude or broken can only be shown with one that is.
// Use:      LoopbackServer server([](const Seen& request, int number) { return chat_answer("hello"); });
//           ... server.url() ... EXPECT_EQ(server.requests().size(), 2U);
// Promises: listens on 127.0.0.1 at a free port; each connection has a thread of its own, so that answers can
//           be late independently, and is one request unless a Play keeps it. The handler is called from
//           those threads, one at a time. All threads have ended when the object goes, slow ones too.
// Threads:  requests(), connections() and left() may be called at any time.
#pragma once

#include <arpa/inet.h>
#include <atomic>
#include <chrono>
#include <condition_variable>
#include <cstdint>
#include <cstdlib>
#include <fmt/format.h>
#include <functional>
#include <map>
#include <mutex>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <nlohmann/json.hpp>
#include <poll.h>
#include <string>
#include <string_view>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>
#include <utility>
#include <vector>

namespace tests {

using Json = nlohmann::json;

// A request as it came in.
struct Seen {
  std::string path;
  std::map<std::string, std::string> headers;  // names in lower case
  std::string body;
  Json json() const { return Json::parse(body, nullptr, false); }
  // The text of the whole question, in either protocol.
  std::string prompt() const {
    const Json content = json()["messages"][0]["content"];
    if (content.is_string()) return content.get<std::string>();
    std::string all;
    for (const Json& block : content) all += block["text"].get<std::string>();
    return all;
  }
};

// What is to be sent back, and how badly.
struct Play {
  int status = 200;
  std::vector<std::string> headers;  // beside those of every answer
  std::string body;
  double seconds = 0;           // before anything is sent
  std::int64_t cut_after = -1;  // bytes of the body after which the connection is dropped; -1: none
  bool silent = false;          // the connection is dropped without a word
  std::string type = "application/json";
  std::vector<std::string> pieces;  // what the body is sent in, with `between` seconds after each
  double between = 0;
  bool kept = false;  // the connection is for further requests
};

inline Json chat_usage(int input = 1000, int output = 50) {
  return {{"prompt_tokens", input}, {"completion_tokens", output}, {"total_tokens", input + output}};
}

inline Play chat_answer(const std::string& text, const std::string& finish = "stop",
                        Json usage = chat_usage()) {
  Json json = {
      {"id", "chatcmpl-1"},
      {"object", "chat.completion"},
      {"model", "small-2026"},
      {"choices",
       {{{"index", 0}, {"message", {{"role", "assistant"}, {"content", text}}}, {"finish_reason", finish}}}}};
  if (!usage.is_null()) json["usage"] = std::move(usage);
  return {.body = json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

inline Play message_answer(const std::string& text, const std::string& stop = "end_turn",
                           Json usage = {{"input_tokens", 1000}, {"output_tokens", 50}}) {
  Json json = {{"id", "msg_1"},
               {"type", "message"},
               {"role", "assistant"},
               {"model", "small-2026"},
               {"content", {{{"type", "text"}, {"text", text}}}},
               {"stop_reason", stop}};
  if (!usage.is_null()) json["usage"] = std::move(usage);
  return {.body = json.dump(-1, ' ', false, Json::error_handler_t::replace)};
}

inline Play error_answer(int status, const std::string& message, const std::string& code = "",
                         const std::string& parameter = "", std::vector<std::string> headers = {}) {
  Json error = {{"message", message}, {"type", "error"}};
  if (!code.empty()) error["code"] = code;
  if (!parameter.empty()) error["param"] = parameter;
  return {.status = status, .headers = std::move(headers), .body = Json{{"error", error}}.dump()};
}

class LoopbackServer {
 public:
  using Handler = std::function<Play(const Seen& request, int number)>;  // numbers from 1 on

  explicit LoopbackServer(Handler handler) : handler_(std::move(handler)) {
    listener_ = ::socket(AF_INET, SOCK_STREAM | SOCK_CLOEXEC, 0);
    sockaddr_in address{};
    address.sin_family = AF_INET;
    address.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
    socklen_t size = sizeof address;
    if (listener_ < 0 || ::bind(listener_, reinterpret_cast<sockaddr*>(&address), size) != 0 ||
        ::listen(listener_, 64) != 0 ||
        ::getsockname(listener_, reinterpret_cast<sockaddr*>(&address), &size) != 0)
      throw std::runtime_error("no loopback server");
    port_ = ntohs(address.sin_port);
    accepting_ = std::thread([this] { accept_all(); });
  }

  ~LoopbackServer() {
    {
      const std::scoped_lock lock(mutex_);
      ending_ = true;
    }
    ended_.notify_all();
    accepting_.join();
    for (std::thread& each : answering_) each.join();
    ::close(listener_);
  }
  LoopbackServer(const LoopbackServer&) = delete;
  LoopbackServer& operator=(const LoopbackServer&) = delete;

  std::string url(const std::string& path = "/v1") const {
    return fmt::format("http://127.0.0.1:{}{}", port_, path);
  }

  std::vector<Seen> requests() const {
    const std::scoped_lock lock(mutex_);
    return requests_;
  }
  // The most requests that were being answered at one moment.
  int most_at_once() const { return most_at_once_; }
  int connections() const { return connections_; }
  // Requests whose client went away while pieces were sent.
  int left() const { return left_; }

 private:
  void accept_all() {
    for (;;) {
      pollfd waiting{listener_, POLLIN, 0};
      ::poll(&waiting, 1, 20);
      {
        const std::scoped_lock lock(mutex_);
        if (ending_) return;
      }
      if ((waiting.revents & POLLIN) == 0) continue;
      const int connection = ::accept4(listener_, nullptr, nullptr, SOCK_CLOEXEC);
      if (connection < 0) continue;
      const int at_once = 1;  // else the kernel waits 40 ms with what follows a head
      ::setsockopt(connection, IPPROTO_TCP, TCP_NODELAY, &at_once, sizeof at_once);
      ++connections_;
      answering_.emplace_back([this, connection] {
        while (answer(connection)) {
        }
        ::shutdown(connection, SHUT_RDWR);
        ::close(connection);
      });
    }
  }

  bool something_came(int connection) {
    pollfd waiting{connection, POLLIN, 0};
    while (::poll(&waiting, 1, 20) == 0) {
      const std::scoped_lock lock(mutex_);
      if (ending_) return false;
    }
    return true;
  }

  bool read_request(int connection, Seen& seen) {
    std::string text;
    std::size_t head = std::string::npos, length = 0;
    while (head == std::string::npos || text.size() < head + 4 + length) {
      if (!something_came(connection)) return false;
      char chunk[16384];
      const ssize_t count = ::recv(connection, chunk, sizeof chunk, 0);
      if (count <= 0) return false;
      text.append(chunk, static_cast<std::size_t>(count));
      if (head != std::string::npos) continue;
      head = text.find("\r\n\r\n");
      if (head == std::string::npos) continue;
      read_head(text.substr(0, head), seen);
      length = std::strtoul(seen.headers["content-length"].c_str(), nullptr, 10);
    }
    seen.body = text.substr(head + 4);
    return true;
  }

  static void read_head(const std::string& head, Seen& seen) {
    seen.path = head.substr(head.find(' ') + 1);
    seen.path.resize(seen.path.find(' '));
    for (std::size_t at = head.find("\r\n"); at != std::string::npos;) {
      const std::size_t end = head.find("\r\n", at + 2);
      const std::string line = head.substr(at + 2, end == std::string::npos ? end : end - at - 2);
      std::string name = line.substr(0, line.find(": "));
      for (char& c : name) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
      seen.headers[name] = line.substr(line.find(": ") + 2);
      at = end;
    }
  }

  static void send_all(int connection, std::string_view text) {
    while (!text.empty()) {
      const ssize_t count = ::send(connection, text.data(), text.size(), MSG_NOSIGNAL);
      if (count <= 0) return;
      text.remove_prefix(static_cast<std::size_t>(count));
    }
  }

  // Whether the connection is for another request.
  bool answer(int connection) {
    Seen seen;
    if (!read_request(connection, seen)) return false;
    Play play;
    {
      const std::scoped_lock lock(mutex_);
      requests_.push_back(seen);
      most_at_once_ = std::max<int>(most_at_once_, ++at_once_);
      play = handler_(seen, static_cast<int>(requests_.size()));
    }
    const bool on = wait(play.seconds);
    --at_once_;
    if (!on || play.silent) return false;
    return send_play(connection, play) && play.kept;
  }

  // False when the server ends first.
  bool wait(double seconds) {
    std::unique_lock lock(mutex_);
    return !ended_.wait_for(lock, std::chrono::duration<double>(seconds), [&] { return ending_; });
  }

  bool send_play(int connection, const Play& play) {
    const bool chunked = !play.pieces.empty();
    std::string head = fmt::format(
        "HTTP/1.1 {} Played\r\ncontent-type: {}\r\n{}\r\n{}", play.status, play.type,
        chunked ? "transfer-encoding: chunked" : fmt::format("content-length: {}", play.body.size()),
        play.kept ? "" : "connection: close\r\n");
    for (const std::string& header : play.headers) head += header + "\r\n";
    send_all(connection, head + "\r\n");
    if (chunked) return send_pieces(connection, play);
    const auto whole = static_cast<std::int64_t>(play.body.size());
    const std::int64_t sent = play.cut_after < 0 ? whole : std::min(whole, play.cut_after);
    send_all(connection, std::string_view(play.body).substr(0, static_cast<std::size_t>(sent)));
    return sent == whole;
  }

  // With cut_after the chunks end without the last one.
  bool send_pieces(int connection, const Play& play) {
    std::int64_t left = play.cut_after;
    for (std::string_view piece : play.pieces) {
      if (play.cut_after >= 0) piece = piece.substr(0, static_cast<std::size_t>(left));
      left -= static_cast<std::int64_t>(piece.size());
      if (!piece.empty()) send_all(connection, fmt::format("{:x}\r\n{}\r\n", piece.size(), piece));
      if (play.cut_after >= 0 && left <= 0) return false;
      if (play.between <= 0) continue;
      if (!wait(play.between)) return false;
      char byte = 0;
      if (::recv(connection, &byte, 1, MSG_PEEK | MSG_DONTWAIT) == 0) {
        ++left_;
        return false;
      }
    }
    send_all(connection, "0\r\n\r\n");
    return true;
  }

  Handler handler_;
  int listener_ = -1;
  int port_ = 0;
  mutable std::mutex mutex_;
  std::condition_variable ended_;
  bool ending_ = false;
  std::vector<Seen> requests_;
  std::atomic<int> at_once_{0}, most_at_once_{0}, connections_{0}, left_{0};
  std::thread accepting_;
  std::vector<std::thread> answering_;
};

}  // namespace tests
