#include "net/server/connection.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <chrono>
#include <fmt/format.h>
#include <poll.h>
#include <utility>

#include "net/server/reply_writer.hpp"

namespace net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr double kLinger = 2, kBetweenLooks = 0.2;  // seconds

std::chrono::milliseconds span_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1e3));
}

// Neither names nor values can begin another header.
bool is_plain(const std::string& text) { return text.find_first_of("\r\n\0", 0, 3) == std::string::npos; }

}  // namespace

std::string head_text(const ReplyHead& head, const std::string& length, bool closing) {
  std::string text = fmt::format("HTTP/1.1 {} {}\r\n", head.status,
                                 std::string(http::obsolete_reason(static_cast<http::status>(head.status))));
  if (is_plain(head.type)) text += fmt::format("content-type: {}\r\n", head.type);
  for (const auto& [name, value] : head.headers)
    if (is_plain(name) && is_plain(value)) text += fmt::format("{}: {}\r\n", name, value);
  return text + length + (closing ? "connection: close\r\n\r\n" : "\r\n");
}

Connection::Connection(const ConnectionHost& host, tcp::socket socket)
    : host_(host), stream_(std::move(socket)), timer_(*host.io) {
  Error ignored;
  stream_.socket().set_option(tcp::no_delay(true), ignored);
}

void Connection::drain() {
  draining_ = true;
  if (!writer_) close();
}

void Connection::read() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(host_.options.head_bytes));
  parser_->body_limit(host_.options.body_bytes);
  ended_ = false;
  const bool begun = std::exchange(first_, false) || buffer_.size() > 0;
  stream_.expires_after(span_of(begun ? host_.options.head_seconds : host_.options.idle_seconds));
  http::async_read_header(stream_, buffer_, *parser_,
                          [self = shared_from_this()](Error error, std::size_t) { self->got_head(error); });
}

void Connection::got_head(Error error) {
  if (error) return refuse(error);
  if (parser_->get()[http::field::expect] != "100-continue") return read_body();
  stream_.expires_after(span_of(host_.options.write_seconds));
  static const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(stream_, asio::buffer(go_on), [self = shared_from_this()](Error failed, std::size_t) {
    failed ? self->close() : self->read_body();
  });
}

void Connection::read_body() {
  stream_.expires_after(span_of(host_.options.body_seconds));
  http::async_read(stream_, buffer_, *parser_,
                   [self = shared_from_this()](Error error, std::size_t) { self->got_request(error); });
}

void Connection::got_request(Error error) {
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
  writer_ = std::make_shared<ConnectionWriter>(host_.io, weak_from_this());
  watch();
  host_.handler(std::move(request), writer_);
}

void Connection::refuse(Error error) {
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

// While a request is worked on nothing is read; that the client closes is seen at once. Where it has sent more
// already, readiness tells nothing any more, and the socket is asked from time to time.
void Connection::watch() {
  stream_.socket().async_wait(tcp::socket::wait_read, [self = shared_from_this(), of = writer_](Error error) {
    if (!self->open_ || self->writer_ != of) return;
    if (error || self->has_left()) return self->close();
    self->watch_from_time_to_time();
  });
}

void Connection::watch_from_time_to_time() {
  timer_.expires_after(span_of(kBetweenLooks));
  timer_.async_wait([self = shared_from_this(), of = writer_](Error stopped) {
    if (stopped || !self->open_ || self->writer_ != of) return;
    if (self->has_left()) return self->close();
    self->watch_from_time_to_time();
  });
}

// Whether the client has closed, its sending half at least, whatever it has sent before.
bool Connection::has_left() {
  pollfd asked{stream_.socket().native_handle(), POLLRDHUP, 0};
  return ::poll(&asked, 1, 0) > 0;
}

void Connection::put(std::string text, bool last) {
  if (!open_) return;
  unread_ += text.size();
  if (unread_ > host_.options.unread_bytes + text.size()) return close();
  ended_ = ended_ || last;
  unwritten_.push_back(std::move(text));
  if (!writing_) write();
}

void Connection::write() {
  writing_ = true;
  stream_.expires_after(span_of(host_.options.write_seconds));
  asio::async_write(stream_, asio::buffer(unwritten_.front()),
                    [self = shared_from_this()](Error error, std::size_t) { self->wrote(error); });
}

void Connection::wrote(Error error) {
  writing_ = false;
  if (error || !open_) return close();
  unread_ -= unwritten_.front().size();
  unwritten_.pop_front();
  if (!unwritten_.empty()) return write();
  stream_.expires_never();
  if (!ended_) return;
  if (writer_) writer_->finish();
  writer_ = nullptr;
  stream_.socket().cancel();  // the watch
  timer_.cancel();
  if (refused_) return linger();
  closing() ? close() : read();
}

// Closed with bytes unread, the connection would be reset, and the client might not see why it was refused.
void Connection::linger() {
  Error ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream_.expires_after(span_of(kLinger));
  discard();
}

void Connection::discard() {
  stream_.async_read_some(asio::buffer(discarded_), [self = shared_from_this()](Error error, std::size_t) {
    error ? self->close() : self->discard();
  });
}

void Connection::close() {
  if (!open_) return;
  open_ = false;
  Error ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
  stream_.close();
  timer_.cancel();
  if (const auto writer = std::exchange(writer_, nullptr)) writer->gone();
  host_.closed(shared_from_this());
}

}  // namespace net
