#include "net/server/connection.hpp"

#include <boost/asio/write.hpp>
#include <boost/beast/http/error.hpp>
#include <boost/beast/http/read.hpp>
#include <boost/beast/http/status.hpp>
#include <boost/beast/http/verb.hpp>
#include <chrono>
#include <ctime>
#include <fmt/chrono.h>
#include <fmt/format.h>
#include <poll.h>
#include <string_view>
#include <utility>

#include "net/server/reply_writer.hpp"
#include "net/server/request_head.hpp"

namespace net {
namespace {

namespace asio = boost::asio;
namespace beast = boost::beast;
namespace http = boost::beast::http;
using asio::ip::tcp;

constexpr double kLinger = 2, kBetweenLooks = 0.2;  // seconds
constexpr std::size_t kFirstBytes = 512, kBeyondHead = 64U << 10U;
constexpr unsigned kOnePointOne = 11;

std::chrono::milliseconds span_of(double seconds) {
  return std::chrono::milliseconds(static_cast<std::int64_t>(seconds * 1e3));
}

// Neither names nor values can begin another header.
bool is_plain(const std::string& text) { return text.find_first_of("\r\n\0", 0, 3) == std::string::npos; }

ReplyForm form_of(const RequestHead& head) {
  return {.chunks = head.version() >= kOnePointOne, .body = head.method() != http::verb::head};
}

}  // namespace

std::string head_text(const ReplyHead& head, const std::string& length, const std::string& persistence) {
  std::string text = fmt::format("HTTP/1.1 {} {}\r\ndate: {:%a, %d %b %Y %H:%M:%S} GMT\r\n", head.status,
                                 std::string(http::obsolete_reason(static_cast<http::status>(head.status))),
                                 fmt::gmtime(std::time(nullptr)));
  if (is_plain(head.type)) text += fmt::format("content-type: {}\r\n", head.type);
  for (const auto& [name, value] : head.headers)
    if (is_plain(name) && is_plain(value)) text += fmt::format("{}: {}\r\n", name, value);
  return text + length + persistence + "\r\n";
}

std::string reply_text(const ReplyHead& reply, ReplyForm form, const std::string& persistence) {
  std::string text = head_text(reply, fmt::format("content-length: {}\r\n", reply.body.size()), persistence);
  return form.body ? text + reply.body : text;
}

Connection::Connection(const ConnectionHost& host, tcp::socket socket)
    : host_(host),
      stream_(std::move(socket)),
      timer_(*host.io),
      buffer_(host.options.head_bytes + kBeyondHead) {
  Error ignored;
  stream_.socket().set_option(tcp::no_delay(true), ignored);
}

void Connection::drain() {
  draining_ = true;
  if (!writer_ && !writing_) close();
}

std::string Connection::persistence() const {
  if (closing()) return "connection: close\r\n";
  return parser_->get().version() < kOnePointOne ? "connection: keep-alive\r\n" : "";
}

void Connection::end_by_closing() {
  keep_ = false;
  lingers_ = true;
}

// ---- reading

void Connection::read() {
  parser_.emplace();
  parser_->header_limit(static_cast<std::uint32_t>(host_.options.head_bytes));
  parser_->body_limit(host_.options.body_bytes);
  ended_ = false;
  const bool begun = std::exchange(first_, false) || buffer_.size() > 0;
  stream_.expires_after(span_of(begun ? host_.options.head_seconds : host_.options.idle_seconds));
  pass_over_empty_lines();
}

// Some clients end a body with a line end that is not part of it.
void Connection::pass_over_empty_lines() {
  const auto begins_with = [this](std::string_view text) {
    return std::string_view(static_cast<const char*>(buffer_.data().data()), buffer_.size())
        .starts_with(text);
  };
  while (begins_with("\r\n")) buffer_.consume(2);
  if (buffer_.size() > 1 || (buffer_.size() == 1 && !begins_with("\r"))) return read_head();
  stream_.async_read_some(buffer_.prepare(kFirstBytes),
                          [self = shared_from_this()](Error error, std::size_t count) {
                            if (error) return self->close();
                            self->buffer_.commit(count);
                            self->pass_over_empty_lines();
                          });
}

void Connection::read_head() {
  stream_.expires_after(span_of(host_.options.head_seconds));
  http::async_read_header(stream_, buffer_, *parser_,
                          [self = shared_from_this()](Error error, std::size_t) { self->got_head(error); });
}

// Headers are taken before the body is read: a trailer behind it must not change what they say.
void Connection::got_head(Error error) {
  if (!open_) return;
  if (error) return refuse(error);
  const RequestHead& head = parser_->get();
  if (const auto fault = fault_of(head)) return refuse(*fault);
  keep_ = parser_->keep_alive();
  request_ = request_of(head);
  if (parser_->is_done()) return got_request();
  if (const auto refused = host_.check ? host_.check(request_) : std::nullopt) return refuse(*refused);
  if (!awaits_leave(head)) return read_body();
  stream_.expires_after(span_of(host_.options.write_seconds));
  static const std::string go_on = "HTTP/1.1 100 Continue\r\n\r\n";
  asio::async_write(stream_, asio::buffer(go_on), [self = shared_from_this()](Error failed, std::size_t) {
    failed ? self->close() : self->read_body();
  });
}

void Connection::read_body() {
  stream_.expires_after(span_of(host_.options.body_seconds));
  parser_->eager(true);
  read_of_body();
}

void Connection::read_of_body() {
  http::async_read_some(stream_, buffer_, *parser_,
                        [self = shared_from_this()](Error error, std::size_t) { self->got_of_body(error); });
}

void Connection::got_of_body(Error error) {
  if (!open_) return;
  if (error) return refuse(error);
  count_body(parser_->get().body().size());
  if (host_.bodies > host_.options.bodies_bytes) {
    ReplyHead busy = refusal(503, "the bodies of other requests are being read: come again later");
    busy.headers.emplace_back("retry-after", "1");
    return refuse(busy);
  }
  parser_->is_done() ? got_request() : read_of_body();
}

void Connection::count_body(std::size_t bytes) {
  host_.bodies += bytes - std::exchange(body_counted_, bytes);
}

void Connection::got_request() {
  count_body(0);
  stream_.expires_never();
  request_.body = std::move(parser_->get().body());
  writer_ = std::make_shared<ConnectionWriter>(host_.io, weak_from_this(), form_of(parser_->get()));
  watch();
  host_.handler(std::exchange(request_, {}), writer_);
}

void Connection::refuse(Error error) {
  if (error == http::error::end_of_stream || error == asio::error::connection_reset ||
      error == asio::error::operation_aborted || error == http::error::partial_message)
    return close();
  if (error == beast::error::timeout) return close();  // its socket is closed already
  if (error == http::error::body_limit) return refuse(refusal(413, "the body of the request is too large"));
  if (error == http::error::header_limit || error == http::error::buffer_overflow)
    return refuse(refusal(431, "the head, a chunk's extension or the trailer of the request is too large"));
  refuse(refusal(400, "the request is malformed"));
}

void Connection::refuse(const ReplyHead& reply) {
  count_body(0);
  end_by_closing();
  put(reply_text(reply, form_of(parser_->get()), persistence()), true);
}

// ---- while it is answered

// While a request is worked on nothing is read; that the client closes is seen at once. Where it has sent
// more already, readiness tells nothing any more, and the socket is asked from time to time.
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
  if (lingers_) return linger();
  closing() ? close() : read();
}

// Closed with bytes unread, the connection would be reset, and the client might not see all of the reply.
void Connection::linger() {
  parser_.reset();
  Error ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_send, ignored);
  stream_.expires_after(span_of(kLinger));
  lingers_until_ = std::chrono::steady_clock::now() + span_of(kLinger);
  discard();
}

// The stream's own timer runs out only while a read waits: of a client that talks without a pause none does.
void Connection::discard() {
  stream_.async_read_some(asio::buffer(discarded_), [self = shared_from_this()](Error error, std::size_t) {
    error || std::chrono::steady_clock::now() > self->lingers_until_ ? self->close() : self->discard();
  });
}

void Connection::close() {
  if (!open_) return;
  open_ = false;
  Error ignored;
  stream_.socket().shutdown(tcp::socket::shutdown_both, ignored);
  stream_.close();
  timer_.cancel();
  count_body(0);
  if (const auto writer = std::exchange(writer_, nullptr)) writer->gone();
  host_.closed(shared_from_this());
}

}  // namespace net
