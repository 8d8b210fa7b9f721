// tls_server.hpp: a server on this machine that speaks TLS with a certificate of the test's choice.
// Why:      whether a client looks at certificates can only be shown with wrong ones.
// Use:      TlsServer server(folder, "IP:127.0.0.1", chat_answer("hello").body);
//           ... server.url() ... server.certificate() ... server.heard()
// Promises: the certificate is made when the test runs, signed by itself, for the names given. The server is
//           `openssl s_server` on 127.0.0.1 at a free port; it answers one request, and ends with the object.
// Threads:  heard() may be called at any time.
#pragma once

#include <array>
#include <atomic>
#include <chrono>
#include <csignal>
#include <fcntl.h>
#include <filesystem>
#include <fmt/format.h>
#include <mutex>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "tests/support/run_process.hpp"

namespace tests {

class TlsServer {
 public:
  TlsServer(const std::filesystem::path& folder, const std::string& names, const std::string& answer)
      : certificate_((folder / "certificate.pem").string()), key_((folder / "key.pem").string()) {
    const Ran made =
        run_process({"/usr/bin/env", "openssl", "req", "-x509", "-newkey", "ec", "-pkeyopt",
                     "ec_paramgen_curve:prime256v1", "-nodes", "-days", "2", "-subj", "/CN=test", "-addext",
                     "subjectAltName=" + names, "-keyout", key_, "-out", certificate_},
                    {});
    if (made.exit_code != 0) throw std::runtime_error("no certificate: " + made.err);
    answer_ = fmt::format(
        "HTTP/1.1 200 OK\r\ncontent-type: application/json\r\ncontent-length: {}\r\nconnection: "
        "close\r\n\r\n{}",
        answer.size(), answer);
    start();
  }
  ~TlsServer() {
    ::kill(server_, SIGKILL);
    ::waitpid(server_, nullptr, 0);
    reader_.join();
    ::close(input_);
    ::close(output_);
  }
  TlsServer(const TlsServer&) = delete;
  TlsServer& operator=(const TlsServer&) = delete;

  // "ACCEPT 127.0.0.1:40123" is the first that it says.
  std::string url(const std::string& host) const {
    for (;;) {
      const std::string said = heard();
      const std::size_t at = said.find("ACCEPT "), colon = said.find(':', at), end = said.find('\n', colon);
      if (at != std::string::npos && end != std::string::npos)
        return fmt::format("https://{}:{}/v1", host, said.substr(colon + 1, end - colon - 1));
      if (ended_) throw std::runtime_error("no TLS server: " + said);
      std::this_thread::sleep_for(std::chrono::milliseconds(5));
    }
  }
  const std::string& certificate() const { return certificate_; }
  // What it said, with all that was sent to it, deciphered.
  std::string heard() const {
    const std::scoped_lock lock(mutex_);
    return heard_;
  }

 private:
  void start() {
    std::array<int, 2> in{}, out{};
    if (::pipe2(in.data(), O_CLOEXEC) != 0 || ::pipe2(out.data(), O_CLOEXEC) != 0)
      throw std::runtime_error("no pipes");
    std::vector<std::string> arguments = {"openssl", "s_server",   "-accept", "127.0.0.1:0",
                                          "-cert",   certificate_, "-key",    key_};
    std::vector<char*> pointers;
    for (std::string& each : arguments) pointers.push_back(each.data());
    pointers.push_back(nullptr);
    server_ = ::fork();
    if (server_ < 0) throw std::runtime_error("no process");
    if (server_ == 0) {
      ::dup2(in[0], 0);
      ::dup2(out[1], 1);
      ::dup2(out[1], 2);
      ::execvp(pointers.front(), pointers.data());
      ::_exit(127);
    }
    ::close(in[0]);
    ::close(out[1]);
    input_ = in[1];
    output_ = out[0];
    reader_ = std::thread([this] { listen(); });
  }

  void listen() {
    std::array<char, 4096> chunk{};
    bool answered = false;
    for (ssize_t count; (count = ::read(output_, chunk.data(), chunk.size())) > 0;) {
      const std::scoped_lock lock(mutex_);
      heard_.append(chunk.data(), static_cast<std::size_t>(count));
      if (answered || heard_.find("\"messages\"") == std::string::npos) continue;
      answered = true;
      if (::write(input_, answer_.data(), answer_.size()) < 0) return;
    }
    ended_ = true;
  }

  const std::string certificate_, key_;
  std::string answer_;
  pid_t server_ = -1;
  int input_ = -1, output_ = -1;
  mutable std::mutex mutex_;
  std::string heard_;
  std::atomic<bool> ended_{false};
  std::thread reader_;
};

}  // namespace tests
