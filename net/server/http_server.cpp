#include "net/server/http_server.hpp"

#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <chrono>
#include <condition_variable>
#include <mutex>
#include <set>
#include <thread>

#include "net/server/connection.hpp"

namespace net {
namespace {

namespace asio = boost::asio;
using asio::ip::tcp;
using boost::system::error_code;

constexpr auto kPause = std::chrono::milliseconds(100);

}  // namespace

class HttpServer::Core {
 public:
  Core(HttpServerOptions options, Handler handler, HeadCheck check)
      : options_(std::move(options)),
        handler_(std::move(handler)),
        check_(std::move(check)),
        acceptor_(*io_),
        pause_(*io_) {
    const tcp::endpoint at(asio::ip::make_address(options_.address), options_.port);
    acceptor_.open(at.protocol());
    acceptor_.set_option(asio::socket_base::reuse_address(true));
    acceptor_.bind(at);
    acceptor_.listen();
    port_ = acceptor_.local_endpoint().port();
    accept();
    thread_ = std::thread([this] { io_->run(); });
  }
  ~Core();

  std::uint16_t port() const { return port_; }
  std::size_t connections() const { return count_; }
  void drain(double seconds);

 private:
  void accept();
  void closed(const std::shared_ptr<Connection>& connection);

  const HttpServerOptions options_;
  const Handler handler_;
  const HeadCheck check_;
  const std::shared_ptr<asio::io_context> io_ = std::make_shared<asio::io_context>(1);
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::uint16_t port_ = 0;
  std::set<std::shared_ptr<Connection>> all_;
  std::size_t bodies_ = 0;  // bytes of them that were read so far
  std::atomic<std::size_t> count_{0};
  bool accepting_ = false, draining_ = false;
  std::mutex mutex_;
  std::condition_variable fewer_;
  const ConnectionHost host_{options_, handler_,
                             check_,   io_,
                             bodies_,  [this](const std::shared_ptr<Connection>& each) { closed(each); }};
  std::thread thread_;
};

// ---- the server

void HttpServer::Core::accept() {
  if (accepting_ || draining_ || count_ >= options_.most_connections) return;
  accepting_ = true;
  acceptor_.async_accept([this](error_code error, tcp::socket socket) {
    accepting_ = false;
    if (error == asio::error::operation_aborted || draining_) return;
    if (error) {  // no descriptor is left, perhaps
      pause_.expires_after(kPause);
      return pause_.async_wait([this](error_code stopped) {
        if (!stopped) accept();
      });
    }
    const auto connection = std::make_shared<Connection>(host_, std::move(socket));
    all_.insert(connection);
    ++count_;
    connection->read();
    accept();
  });
}

void HttpServer::Core::closed(const std::shared_ptr<Connection>& connection) {
  if (all_.erase(connection) == 0) return;
  {
    const std::scoped_lock lock(mutex_);
    --count_;
  }
  fewer_.notify_all();
  accept();
}

void HttpServer::Core::drain(double seconds) {
  asio::post(*io_, [this] {
    draining_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (const auto& each : std::set(all_)) each->drain();
  });
  std::unique_lock lock(mutex_);
  fewer_.wait_for(lock, std::chrono::duration<double>(seconds), [this] { return count_ == 0; });
}

HttpServer::Core::~Core() {
  asio::post(*io_, [this] {
    draining_ = true;
    error_code ignored;
    acceptor_.close(ignored);
    pause_.cancel();
    for (const auto& each : std::set(all_)) each->close();
  });
  thread_.join();
}

HttpServer::HttpServer(HttpServerOptions options, Handler handler, HeadCheck check)
    : core_(std::make_unique<Core>(std::move(options), std::move(handler), std::move(check))) {}
HttpServer::~HttpServer() = default;
std::uint16_t HttpServer::port() const { return core_->port(); }
std::size_t HttpServer::connections() const { return core_->connections(); }
void HttpServer::drain(double seconds) { core_->drain(seconds); }

}  // namespace net
