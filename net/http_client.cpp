#include "net/http_client.hpp"

#include <algorithm>
#include <cctype>
#include <chrono>
#include <cstdlib>
#include <curl/curl.h>
#include <fmt/format.h>
#include <memory>
#include <mutex>

#include "genome/base/check.hpp"
#include "genome/base/open_files.hpp"
#include "genome/base/text.hpp"
#include "net/this_machine.hpp"

namespace net {
namespace {

using Clock = std::chrono::steady_clock;
using Result = HttpResponse::Result;

constexpr int kGlance = 100;  // milliseconds between looks at the wish to stop
constexpr std::size_t kMostHeaders = 200;
constexpr std::size_t kMostHeaderBytes = 256UL * 1024;  // of all heads and trailers of an answer

void start_curl() {
  static std::once_flag once;
  std::call_once(once, [] { EVOTTS_CHECK(curl_global_init(CURL_GLOBAL_DEFAULT) == CURLE_OK); });
}

struct FreeEasy {
  void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
};
struct FreeMulti {
  void operator()(CURLM* handle) const { curl_multi_cleanup(handle); }
};
struct FreeList {
  void operator()(curl_slist* list) const { curl_slist_free_all(list); }
};
struct FreeUrl {
  void operator()(CURLU* url) const { curl_url_cleanup(url); }
};

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

class Post {
 public:
  explicit Post(const HttpRequest& request) : request_(request) {
    start_curl();
    multi_.reset(curl_multi_init());
    easy_.reset(curl_easy_init());
    EVOTTS_CHECK(multi_ && easy_);
    for (const std::string& header : request.headers) add_header(header);
    add_header("expect:");  // no waiting for a "100 continue" that some proxies never send
    set_up();
  }
  ~Post() { curl_multi_remove_handle(multi_.get(), easy_.get()); }
  Post(const Post&) = delete;
  Post& operator=(const Post&) = delete;

  HttpResponse run() {
    if (curl_multi_add_handle(multi_.get(), easy_.get()) != CURLM_OK)
      return ended(Result::kUnusable, "no transfer could be started");
    const auto deadline = Clock::now() + std::chrono::duration<double>(request_.seconds);
    for (int running = 1; running > 0;) {
      if (curl_multi_perform(multi_.get(), &running) != CURLM_OK)
        return ended(Result::kDropped, "the transfer broke off");
      if (running == 0) break;
      if (request_.stop && request_.stop())
        return ended(Result::kStopped, "stopped while waiting for the reply");
      const double left = std::chrono::duration<double, std::milli>(deadline - Clock::now()).count();
      if (left <= 0)
        return ended(Result::kTimedOut, fmt::format("no whole reply within {:g} s", request_.seconds));
      curl_multi_poll(multi_.get(), nullptr, 0, static_cast<int>(std::min(left + 1, double{kGlance})),
                      nullptr);
    }
    int queued = 0;
    const CURLMsg* message = curl_multi_info_read(multi_.get(), &queued);
    return finished(message != nullptr ? message->data.result : CURLE_RECV_ERROR);
  }

 private:
  template <typename T>
  void set(CURLoption option, T value) {
    EVOTTS_CHECK(curl_easy_setopt(easy_.get(), option, value) == CURLE_OK);
  }

  void add_header(const std::string& header) {
    curl_slist* longer = curl_slist_append(headers_.get(), header.c_str());
    EVOTTS_CHECK(longer != nullptr);
    (void)headers_.release();
    headers_.reset(longer);
  }

  void set_up() {
    set(CURLOPT_URL, request_.url.c_str());
    if (needs_no_proxy(host_of(request_.url))) set(CURLOPT_PROXY, "");
    set(CURLOPT_PROTOCOLS_STR, "http,https");
    set(CURLOPT_FOLLOWLOCATION, 0L);
    set(CURLOPT_SSL_VERIFYPEER, 1L);
    set(CURLOPT_SSL_VERIFYHOST, 2L);
    if (const char* const authorities = std::getenv("SSL_CERT_FILE");
        authorities != nullptr && *authorities != 0)
      set(CURLOPT_CAINFO, authorities);
    set(CURLOPT_NOSIGNAL, 1L);
    set(CURLOPT_CONNECTTIMEOUT_MS, std::max(1L, static_cast<long>(1000 * request_.connect_seconds)));
    set(CURLOPT_TCP_KEEPALIVE, 1L);  // a model thinks for minutes; firewalls forget silent connections
    set(CURLOPT_TCP_KEEPIDLE, 30L);
    set(CURLOPT_ACCEPT_ENCODING, "");
    set(CURLOPT_POST, 1L);
    set(CURLOPT_POSTFIELDS, request_.body.c_str());
    set(CURLOPT_POSTFIELDSIZE_LARGE, static_cast<curl_off_t>(request_.body.size()));
    set(CURLOPT_HTTPHEADER, headers_.get());
    set(CURLOPT_ERRORBUFFER, error_);
    set(CURLOPT_WRITEFUNCTION, &Post::take_body);
    set(CURLOPT_WRITEDATA, this);
    set(CURLOPT_HEADERFUNCTION, &Post::take_header);
    set(CURLOPT_HEADERDATA, this);
    set(CURLOPT_XFERINFOFUNCTION, &Post::watch);
    set(CURLOPT_XFERINFODATA, this);
    set(CURLOPT_NOPROGRESS, 0L);
    set(CURLOPT_DEBUGFUNCTION, &Post::count);
    set(CURLOPT_DEBUGDATA, this);
    set(CURLOPT_VERBOSE, 1L);  // for count() alone: nothing is printed
  }

  // Bytes of the body as they come, before chunks are taken apart: their extensions are in no other count.
  static int count(CURL*, curl_infotype type, char*, std::size_t size, void* self) {
    if (type == CURLINFO_DATA_IN) static_cast<Post*>(self)->line_bytes_ += size;
    return 0;
  }

  // `received` is the body without its chunks' heads, still compressed: it may be long and come to nothing.
  static int watch(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t) {
    Post& post = *static_cast<Post*>(self);
    const auto body = static_cast<std::size_t>(received);
    post.too_long_ = post.too_long_ || body > post.request_.most_bytes ||
                     post.line_bytes_ > body + post.request_.most_bytes + kMostHeaderBytes;
    return post.too_long_ ? 1 : 0;  // 1 ends the transfer
  }

  static std::size_t take_body(char* data, std::size_t, std::size_t size, void* self) {
    Post& post = *static_cast<Post*>(self);
    if (post.response_.body.size() + size > post.request_.most_bytes) {
      post.too_long_ = true;
      return 0;  // ends the transfer
    }
    post.response_.body.append(data, size);
    return size;
  }

  static std::size_t take_header(char* data, std::size_t, std::size_t size, void* self) {
    Post& post = *static_cast<Post*>(self);
    post.header_bytes_ += size;
    if (post.header_bytes_ > std::min(kMostHeaderBytes, post.request_.most_bytes)) {
      post.too_long_ = true;
      return 0;
    }
    auto& headers = post.response_.headers;
    const std::string_view line(data, size);
    if (line.starts_with("HTTP/")) headers.clear();  // those before were of a proxy, or of a "100 continue"
    const std::size_t colon = line.find(':');
    if (colon != std::string_view::npos && headers.size() < kMostHeaders)
      headers[lower(genome::base::trimmed(line.substr(0, colon)))] =
          std::string(genome::base::trimmed(line.substr(colon + 1)));
    return size;
  }

  HttpResponse ended(Result result, std::string error) {
    curl_off_t uploaded = 0;
    curl_easy_getinfo(easy_.get(), CURLINFO_SIZE_UPLOAD_T, &uploaded);
    response_.sent = uploaded >= static_cast<curl_off_t>(request_.body.size());
    response_.result = result;
    response_.error = std::move(error);
    return std::move(response_);
  }

  HttpResponse finished(CURLcode code) {
    curl_easy_getinfo(easy_.get(), CURLINFO_RESPONSE_CODE, &response_.status);
    if (code == CURLE_OK) return ended(Result::kAnswered, "");
    const std::string what = genome::base::one_line(error_[0] != '\0' ? error_ : curl_easy_strerror(code)) +
                             genome::base::open_files_advice();
    if (too_long_)
      return ended(Result::kTooLong,
                   header_bytes_ > kMostHeaderBytes
                       ? fmt::format("a reply with more than {} bytes of headers", kMostHeaderBytes)
                       : fmt::format("a reply of more than {} bytes", request_.most_bytes));
    switch (code) {
      case CURLE_COULDNT_RESOLVE_HOST:
      case CURLE_COULDNT_RESOLVE_PROXY:
      case CURLE_COULDNT_CONNECT: return ended(Result::kNotReached, what);
      case CURLE_OPERATION_TIMEDOUT:
        return ended(
            response_.status == 0 && response_.body.empty() ? Result::kNotReached : Result::kTimedOut, what);
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

  const HttpRequest& request_;
  HttpResponse response_;
  bool too_long_ = false;
  std::size_t header_bytes_ = 0;
  std::size_t line_bytes_ = 0;
  char error_[CURL_ERROR_SIZE] = {};
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::unique_ptr<CURL, FreeEasy> easy_;
  std::unique_ptr<CURLM, FreeMulti> multi_;
};

std::string part_of(CURLU* url, CURLUPart part) {
  char* text = nullptr;
  if (curl_url_get(url, part, &text, 0) != CURLUE_OK || text == nullptr) return {};
  std::string out(text);
  curl_free(text);
  return out;
}

}  // namespace

HttpResponse http_post(const HttpRequest& request) { return Post(request).run(); }

std::optional<std::int64_t> http_date(std::string_view text) {
  const std::time_t when = curl_getdate(std::string(text).c_str(), nullptr);
  return when < 0 ? std::nullopt : std::optional(std::int64_t{when});
}

std::string host_of(const std::string& url) {
  start_curl();
  const std::unique_ptr<CURLU, FreeUrl> parts(curl_url());
  if (!parts || curl_url_set(parts.get(), CURLUPART_URL, url.c_str(), 0) != CURLUE_OK) return {};
  const std::string scheme = lower(part_of(parts.get(), CURLUPART_SCHEME));
  const bool plain =
      part_of(parts.get(), CURLUPART_USER).empty() && part_of(parts.get(), CURLUPART_PASSWORD).empty() &&
      part_of(parts.get(), CURLUPART_QUERY).empty() && part_of(parts.get(), CURLUPART_FRAGMENT).empty();
  if ((scheme != "http" && scheme != "https") || !plain) return {};
  return lower(part_of(parts.get(), CURLUPART_HOST));
}

}  // namespace net
