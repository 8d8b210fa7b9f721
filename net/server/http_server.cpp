#include "net/server/http_server.hpp"

#include <array>
#include <atomic>
#include <boost/asio/io_context.hpp>
#include <boost/asio/ip/tcp.hpp>
#include <boost/asio/post.hpp>
#include <boost/asio/steady_timer.hpp>
#include <boost/asio/write.hpp>
#include <boost/beast/core/flat_buffer.hpp>
#include <boost/beast/core/tcp_stream.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/parser.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/string_body.hpp>
#include <cerrno>
#include <chrono>
#include <condition_variable>
#include <deque>
#include <fmt/format.h>
#include <mutex>
#include <optional>
#include <set>
#include <sys/socket.h>
#include <thread>

namespace net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;
using boost::system::error_code;

constexpr double kLinger = 2, kPause = 0.1;  // seconds

std::chrono::milliseconds span_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1e3));
}

// Neither names nor values can begin another header.
bool is_plain(const std::string& text) { return text.find_first_of("\r\n\0", 0, 3) == std::string::npos; }

std::string head_text(const ReplyHead& head, const std::string& length, bool closing) {
  std::string text = fmt::format("HTTP/1.1 {} {}\r\n", head.status,
                                 std::string(http::obsolete_reason(static_cast<http::status>(head.status))));
  if (is_plain(head.type)) text += fmt::format("content-type: {}\r\n", head.type);
  for (const auto& [name, value] : head.headers)
    if (is_plain(name) && is_plain(value)) text += fmt::format("{}: {}\r\n", name, value);
  return text + length + (closing ? "connection: close\r\n\r\n" : "\r\n");
}

}  // namespace

class HttpServer::Core {
 public:
  class Connection;
  class Writer;

  Core(HttpServerOptions options, Handler handler)
      : options_(std::move(options)), handler_(std::move(handler)), acceptor_(*io_), pause_(*io_) {
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
  const std::shared_ptr<asio::io_context> io_ = std::make_shared<asio::io_context>(1);
  tcp::acceptor acceptor_;
  asio::steady_timer pause_;
  std::uint16_t port_ = 0;
  std::set<std::shared_ptr<Connection>> all_;
  std::atomic<std::size_t> count_{0};
  bool accepting_ = false, draining_ = false;
  std::mutex mutex_;
  std::condition_variable fewer_;
  std::thread thread_;
};

class HttpServer::Core::Connection : public std::enable_shared_from_this<Connection> {
 public:
  Connection(Core& core, tcp::socket socket) : core_(core), stream_(std::move(socket)) {
    error_code ignored;
    stream_.socket().set_option(tcp::no_delay(true), ignored);
  }

  void read();
  void drain() {
    draining_ = true;
    if (!writer_) close();
  }
  void close();
  void put(std::string text, bool last);
  bool closing() const { return draining_ || !keep_; }

 private:
  void got_head(error_code error);
  void read_body();
  void got_request(error_code error);
  void refuse(error_code error);
  void watch();
  void write();
  void linger();
  void discard();

  Core& core_;
  beast::tcp_stream stream_;
  beast::flat_buffer buffer_;
  std::optional<http::request_parser<http::string_body>> parser_;
  std::shared_ptr<Writer> writer_;  // of the request under way
  std::deque<std::string> unwritten_;
  std::size_t unread_ = 0;
  bool writing_ = false, ended_ = false, keep_ = true, draining_ = false, open_ = true;
  bool first_ = true, refused_ = false;
  std::array<char, 4096> discarded_;
};

// May outlive its connection and the request.
class HttpServer::Core::Writer : public ReplyWriter, public std::enable_shared_from_this<Writer> {
 public:
  Writer(std::weak_ptr<asio::io_context> io, std::weak_ptr<Connection> connection)
      : io_(std::move(io)), connection_(std::move(connection)) {}

  void send(ReplyHead reply) override {
    post([reply = std::move(reply)](Writer& self, Connection& to) {
      if (self.state_ != State::kNew) return;
      self.state_ = State::kEnded;
      to.put(head_text(reply, fmt::format("content-length: {}\r\n", reply.body.size()), to.closing()) +
                 reply.body,
             true);
    });
  }
  void begin(ReplyHead head) override {
    post([head = std::move(head)](Writer& self, Connection& to) {
      if (self.state_ != State::kNew) return;
      self.state_ = State::kBegun;
      to.put(head_text(head, "transfer-encoding: chunked\r\n", to.closing()), false);
    });
  }
  void write(std::string piece) override {
    if (piece.empty()) return;
    post([piece = std::move(piece)](Writer& self, Connection& to) {
      if (self.state_ == State::kBegun) to.put(fmt::format("{:x}\r\n{}\r\n", piece.size(), piece), false);
    });
  }
  void end() override {
    post([](Writer& self, Connection& to) {
      if (self.state_ != State::kBegun) return;
      self.state_ = State::kEnded;
      to.put("0\r\n\r\n", true);
    });
  }
  void on_gone(std::function<void()> task) override {
    const auto io = io_.lock();
    if (io == nullptr) return;
    asio::post(*io, [self = shared_from_this(), task = std::move(task)] {
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
    asio::post(*io, [self = shared_from_this(), task = std::move(task)] {
      if (const auto connection = self->connection_.lock(); connection && !self->gone_)
        task(*self, *connection);
    });
  }

  const std::weak_ptr<asio::io_context> io_;  // the server may end first
  const std::weak_ptr<Connection> connection_;
  std::function<void()> on_gone_;
  State state_ = State::kNew;
  bool gone_ = false;
};

// ---- a connection

void HttpServer::Core::Connection::read() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(core_.options_.head_bytes));
  parser_->body_limit(core_.options_.body_bytes);
  ended_ = false;
  const bool begun = std::exchange(first_, false) || buffer_.size() > 0;
  stream_.expires_after(span_of(begun ? core_.options_.head_seconds : core_.options_.idle_seconds));
  http::async_read_header(
      stream_, buffer_, *parser_,
      [self = shared_from_this()](error_code error, std::size_t) { self->got_head(error); });
}

void HttpServer::Core::Connection::got_head(error_code error) {
  if (error) return refuse(error);
  if (parser_->get()[http::field::expect] != "100-continue") return read_body();
  stream_.expires_after(span_of(core_.options_.write_seconds));
  static const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(stream_, asio::buffer(go_on),
                    [self = shared_from_this()](error_code failed, std::size_t) {
                      failed ? self->close() : self->read_body();
                    });
}

void HttpServer::Core::Connection::read_body() {
  stream_.expires_after(span_of(core_.options_.body_seconds));
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](error_code error, std::size_t) { self->got_request(error); });
}

void HttpServer::Core::Connection::got_request(error_code error) {
  if (error) return refuse(error);
  stream_.expires_never();
  http::request<http::string_body> got = parser_->release();
  keep_ = got.keep_alive();
  ServedRequest request{.method = std::string(got.method_string()),
                        .target = std::string(got.target()),
                        .body = std::move(got.body())};
  for (const auto& field : got) {
    std::string name(field.name_string());
    for (char& c : name) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
    request.headers[name] = std::string(field.value());
  }
  writer_ = std::make_shared<Writer>(core_.io_, weak_from_this());
  watch();
  core_.handler_(std::move(request), writer_);
}

void HttpServer::Core::Connection::refuse(error_code error) {
  int status = 400;
  if (error == http::error::end_of_stream || error == asio::error::connection_reset ||
      error == asio::error::operation_aborted || error == http::error::partial_message)
    return close();
  if (error == beast::error::timeout) return close();  // its socket is closed already
  if (error == http::error::body_limit) status = 413;
  if (error == http::error::header_limit || error == http::error::buffer_overflow) status = 431;
  keep_ = false;
  refused_ = true;
  const std::string body = R"({"error": {"message": "the request is malformed or too large", )"
                           R"("type": "invalid_request_error"}})";
  put(head_text({.status = status}, fmt::format("content-length: {}\r\n", body.size()), true) + body, true);
}

// While a request is worked on nothing is read; that the client closes is seen at once.
void HttpServer::Core::Connection::watch() {
  stream_.socket().async_wait(
      tcp::socket::wait_read, [self = shared_from_this(), of = writer_](error_code error) {
        if (!self->open_ || self->writer_ != of) return;
        char byte = 0;
        const auto count =
            error ? -1 : ::recv(self->stream_.socket().native_handle(), &byte, 1, MSG_PEEK | MSG_DONTWAIT);
        if (count == 0 || (count < 0 && (error || (errno != EAGAIN && errno != EWOULDBLOCK)))) self->close();
        // Else the next request has come already: an end behind it is seen when that is read.
      });
}

void HttpServer::Core::Connection::put(std::string text, bool last) {
  if (!open_) return;
  unread_ += text.size();
  if (unread_ > core_.options_.unread_bytes + text.size()) return close();
  ended_ = ended_ || last;
  unwritten_.push_back(std::move(text));
  if (!writing_) write();
}

void HttpServer::Core::Connection::write() {
  writing_ = true;
  stream_.expires_after(span_of(core_.options_.write_seconds));
  asio::async_write(stream_, asio::buffer(unwritten_.front()),
                    [self = shared_from_this()](error_code error, std::size_t) {
                      self->writing_ = false;
                      if (error || !self->open_) return self->close();
                      self->unread_ -= self->unwritten_.front().size();
                      self->unwritten_.pop_front();
                      if (!self->unwritten_.empty()) return self->write();
                      self->stream_.expires_never();
                      if (!self->ended_) return;
                      if (self->writer_) self->writer_->finish();
                      self->writer_ = nullptr;
                      self->stream_.socket().cancel();  // the watch
                      if (self->refused_) return self->linger();
                      self->closing() ? self->close() : self->read();
                    });
}

// Closed with bytes unread, the connection would be reset, and the client might not see why it was refused.
void HttpServer::Core::Connection::linger() {
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream_.expires_after(span_of(kLinger));
  discard();
}

void HttpServer::Core::Connection::discard() {
  stream_.async_read_some(asio::buffer(discarded_),
                          [self = shared_from_this()](error_code error, std::size_t) {
                            error ? self->close() : self->discard();
                          });
}

void HttpServer::Core::Connection::close() {
  if (!open_) return;
  open_ = false;
  error_code ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
  stream_.close();
  if (const auto writer = std::exchange(writer_, nullptr)) writer->gone();
  core_.closed(shared_from_this());
}

// ---- the server

void HttpServer::Core::accept() {
  if (accepting_ || draining_ || count_ >= options_.most_connections) return;
  accepting_ = true;
  acceptor_.async_accept([this](error_code error, tcp::socket socket) {
    accepting_ = false;
    if (error == asio::error::operation_aborted || draining_) return;
    if (error) {  // no descriptor is left, perhaps
      pause_.expires_after(span_of(kPause));
      return pause_.async_wait([this](error_code stopped) {
        if (!stopped) accept();
      });
    }
    const auto connection = std::make_shared<Connection>(*this, std::move(socket));
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

HttpServer::HttpServer(HttpServerOptions options, Handler handler)
    : core_(std::make_unique<Core>(std::move(options), std::move(handler))) {}
HttpServer::~HttpServer() = default;
std::uint16_t HttpServer::port() const { return core_->port(); }
std::size_t HttpServer::connections() const { return core_->connections(); }
void HttpServer::drain(double seconds) { core_->drain(seconds); }

}  // namespace net
