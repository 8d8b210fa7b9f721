#include "net/http_transfer.hpp"

#include <algorithm>
#include <cctype>
#include <cstdlib>
#include <fmt/format.h>
#include <mutex>
#include <utility>

#include "genome/base/check.hpp"
#include "genome/base/open_files.hpp"
#include "genome/base/text.hpp"
#include "net/address/proxy.hpp"

namespace net {
namespace {

using Result = HttpResponse::Result;

constexpr std::size_t kMostHeaders = 200;
constexpr std::size_t kMostHeaderBytes = 256UL * 1024;  // of all heads and trailers of an answer

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

HttpRequest with_body(HttpRequest request) {
  if (request.make_body) request.body = request.make_body();
  request.make_body = nullptr;
  return request;
}

}  // namespace

void start_curl() {
  static std::once_flag once;
  std::call_once(once, [] { EVOTTS_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

HttpTransfer::HttpTransfer(HttpRequest request) : request_(with_body(std::move(request))) {
  start_curl();
  easy_.reset(curl_easy_init());
  EVOTTS_CHECK(easy_);
  for (const std::string& header : request_.headers) add_header(header);
  add_header("expect:");  // no waiting for a "100 continue" that some proxies never send
  set_up_connection();
  set_up();
}

template <typename T>
void HttpTransfer::set(CURLoption option, T value) {
  EVOTTS_CHECK(curl_easy_setopt(easy_.get(), option, value) == CURLE_OK);
}

void HttpTransfer::add_header(const std::string& header) {
  curl_slist* longer = curl_slist_append(headers_.get(), header.c_str());
  EVOTTS_CHECK(longer != nullptr);
  (void)headers_.release();
  headers_.reset(longer);
}

void HttpTransfer::set_up_connection() {
  set(CURLOPT_URL, request_.url.c_str());
  set_up_way();
  set(CURLOPT_PROTOCOLS_STR, "http,https");
  set(CURLOPT_HTTP_VERSION, long{CURL_HTTP_VERSION_1_1});
  set(CURLOPT_FOLLOWLOCATION, 0L);
  set(CURLOPT_SSL_VERIFYPEER, 1L);
  set(CURLOPT_SSL_VERIFYHOST, 2L);
  if (const char* const authorities = std::getenv("SSL_CERT_FILE");
      authorities != nullptr && *authorities != 0)
    set(CURLOPT_CAINFO, authorities);
  set(CURLOPT_NOSIGNAL, 1L);
  set(CURLOPT_QUICK_EXIT, 1L);  // a name that is being resolved is not waited for when the request ends
  set(CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, static_cast<long>(1000 * request_.connect_seconds)));
  if (request_.silent_seconds > 0) {
    set(CURLOPT_LOW_SPEED_LIMIT, 1L);  // bytes in a second
    set(CURLOPT_LOW_SPEED_TIME, std::max(1L, static_cast<long>(request_.silent_seconds)));
  }
  set(CURLOPT_TCP_KEEPALIVE, 1L);  // a model thinks for minutes; firewalls forget silent connections
  set(CURLOPT_TCP_KEEPIDLE, 30L);
  set(CURLOPT_PREREQFUNCTION, &HttpTransfer::before_sending);
  set(CURLOPT_PREREQDATA, this);
}

// What proxy_for() says is all there is: libcurl is kept from reading the environment by itself.
void HttpTransfer::set_up_way() {
  proxy_ = proxy_for(request_.url);
  set(CURLOPT_PROXY, proxy_ && proxy_->usable() ? proxy_->address.c_str() : "");
  set(CURLOPT_NOPROXY, "");
  if (proxy_ && proxy_->usable()) response_.proxy = proxy_->shown;
  if (proxy_ && !proxy_->usable()) set(CURLOPT_URL, "");  // nothing is sent: see finished()
}

void HttpTransfer::set_up() {
  if (!request_.sink) set(CURLOPT_ACCEPT_ENCODING, "");
  if (request_.method == HttpRequest::Method::kPost) {
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDS, request_.body.c_str());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
  }
  set(CURLOPT_HTTPHEADER, headers_.get());
  set(CURLOPT_ERRORBUFFER, error_);
  set(CURLOPT_WRITEFUNCTION, &HttpTransfer::take_body);
  set(CURLOPT_WRITEDATA, this);
  set(CURLOPT_HEADERFUNCTION, &HttpTransfer::take_header);
  set(CURLOPT_HEADERDATA, this);
  set(CURLOPT_XFERINFOFUNCTION, &HttpTransfer::watch);
  set(CURLOPT_XFERINFODATA, this);
  set(CURLOPT_NOPROGRESS, 0L);
  set(CURLOPT_DEBUGFUNCTION, &HttpTransfer::count);
  set(CURLOPT_DEBUGDATA, this);
  set(CURLOPT_VERBOSE, 1L);  // for count() alone: nothing is printed
}

// Asked each time that a connection is ready for the request: once, unless libcurl means to repeat it.
int HttpTransfer::before_sending(void* self, char*, char*, int, int) {
  return ++static_cast<HttpTransfer*>(self)->times_sent_ == 1 ? CURL_PREREQFUNC_OK : CURL_PREREQFUNC_ABORT;
}

// Bytes of the body as they come, before chunks are taken apart: their extensions are in no other count. And
// bytes as they go: libcurl's own count begins anew with every connection.
int HttpTransfer::count(CURL*, curl_infotype type, char*, std::size_t size, void* self) {
  auto& transfer = *static_cast<HttpTransfer*>(self);
  if (type == CURLINFO_DATA_IN) transfer.line_bytes_ += size;
  if (type == CURLINFO_DATA_OUT) transfer.body_sent_ += size;
  if (type == CURLINFO_HEADER_OUT) transfer.head_sent_ += size;
  return 0;
}

// `received` is the body without its chunks' heads, still compressed: it may be long and come to nothing.
int HttpTransfer::watch(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t) {
  auto& transfer = *static_cast<HttpTransfer*>(self);
  const auto body = static_cast<std::size_t>(received);
  const std::size_t most = transfer.request_.most_bytes;
  transfer.too_long_ =
      transfer.too_long_ || body > most || transfer.line_bytes_ > body + most + kMostHeaderBytes;
  return transfer.too_long_ ? 1 : 0;  // 1 ends the transfer
}

bool HttpTransfer::streams() const {
  long status = 0;
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &status);
  return request_.sink && status / 100 == 2;
}

std::size_t HttpTransfer::take_body(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<HttpTransfer*>(self);
  transfer.body_bytes_ += size;
  if (transfer.body_bytes_ > transfer.request_.most_bytes) {
    transfer.too_long_ = true;
    return 0;  // ends the transfer
  }
  if (!transfer.streams()) {
    transfer.response_.body.append(data, size);
    return size;
  }
  transfer.unwanted_ = !transfer.request_.sink({data, size});
  return transfer.unwanted_ ? 0 : size;
}

std::size_t HttpTransfer::take_header(char* data, std::size_t, std::size_t size, void* self) {
  auto& transfer = *static_cast<HttpTransfer*>(self);
  transfer.header_bytes_ += size;
  if (transfer.header_bytes_ > std::min(kMostHeaderBytes, transfer.request_.most_bytes)) {
    transfer.too_long_ = true;
    return 0;
  }
  auto& headers = transfer.response_.headers;
  const std::string_view line(data, size);
  if (line.starts_with("HTTP/")) headers.clear();  // those before were of a proxy, or of a "100 continue"
  const std::size_t colon = line.find(':');
  if (colon != std::string_view::npos && headers.size() < kMostHeaders)
    headers[lower(genome::base::trimmed(line.substr(0, colon)))] =
        std::string(genome::base::trimmed(line.substr(colon + 1)));
  return size;
}

HttpResponse HttpTransfer::ended(Result result, std::string error) {
  curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &response_.status);
  response_.sent = times_sent_ > 0 && head_sent_ > 0 && body_sent_ >= request_.body.size();
  response_.result = result;
  if (!error.empty() && !response_.proxy.empty() && result != Result::kStopped)
    error += fmt::format(" (through the proxy {} of {})", response_.proxy, proxy_->variable);
  response_.error = std::move(error);
  return std::move(response_);
}

HttpResponse HttpTransfer::timed_out() {
  return ended(Result::kTimedOut, fmt::format("no whole reply within {:g} s", request_.seconds));
}

HttpResponse HttpTransfer::finished(CURLcode code) {
  if (code == CURLE_OK) return ended(Result::kAnswered, "");
  if (proxy_ && !proxy_->usable())
    return ended(Result::kUnusable,
                 fmt::format("what {} holds is no address of a proxy (it is not shown)", proxy_->variable));
  if (too_long_)
    return ended(Result::kTooLong,
                 header_bytes_ > kMostHeaderBytes
                     ? fmt::format("a reply with more than {} bytes of headers", kMostHeaderBytes)
                     : fmt::format("a reply of more than {} bytes", request_.most_bytes));
  if (unwanted_) return ended(Result::kStopped, "ended while the reply came");
  if (times_sent_ > 1)
    return ended(Result::kDropped, "the server closed a connection that was re-used, without a reply");
  return failed(code, told(code) + genome::base::open_files_advice());
}

// As libcurl tells it, but for the password of a proxy, which it may quote.
std::string HttpTransfer::told(CURLcode code) const {
  std::string text = genome::base::one_line(error_[0] != '\0' ? error_ : curl_easy_strerror(code));
  if (!proxy_) return text;
  for (std::size_t at = text.find(proxy_->address); at != std::string::npos;
       at = text.find(proxy_->address, at + proxy_->shown.size()))
    text.replace(at, proxy_->address.size(), proxy_->shown);
  return text;
}

HttpResponse HttpTransfer::failed(CURLcode code, const std::string& what) {
  switch (code) {
    case CURLE_COULDNT_RESOLVE_HOST:
    case CURLE_COULDNT_RESOLVE_PROXY:
    case CURLE_COULDNT_CONNECT: return ended(Result::kNotReached, what);
    // A connection takes too long; the whole is timed by the caller.
    case CURLE_OPERATION_TIMEDOUT:
      return ended(times_sent_ == 0 ? Result::kNotReached : Result::kTimedOut, what);
    case CURLE_URL_MALFORMAT:
    case CURLE_UNSUPPORTED_PROTOCOL:
    case CURLE_PEER_FAILED_VERIFICATION:
    case CURLE_SSL_ISSUER_ERROR:
    case CURLE_SSL_INVALIDCERTSTATUS:
    case CURLE_SSL_CACERT_BADFILE:
    case CURLE_SSL_CERTPROBLEM: return ended(Result::kUnusable, what);
    default: return ended(Result::kDropped, what);
  }
}

}  // namespace net
