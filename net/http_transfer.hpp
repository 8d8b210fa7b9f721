// http_transfer.hpp: one request as libcurl carries it: how its handle is set up, and what its end means.
// Why:      everything that libcurl can do wrong or right for us is in one file, whether one request is
//           waited for or thousands are under way.
// Use:      HttpTransfer transfer(std::move(request));
//           curl_multi_add_handle(multi, transfer.handle());  ...  transfer.finished(message->data.result)
// Promises: as http_client.hpp says of certificates, proxies, redirections and sizes. The request is sent at
//           most once: libcurl would send it again by itself on a new connection when one that was re-used
//           closes without a byte (findings/libcurl_sends_a_post_twice.sh), and is kept from it. HTTP/1.1 is
//           spoken, so that a request that is ended closes its connection: every server sees that.
// Threads:  one at a time.
// Tests:    tests/net/http_client_test.cpp, tests/net/http_loop_test.cpp
#pragma once

#include <cstddef>
#include <curl/curl.h>
#include <memory>
#include <optional>
#include <string>

#include "net/address/proxy.hpp"
#include "net/http_message.hpp"

namespace net {

// Before any other call of libcurl.
void start_curl();

class HttpTransfer {
 public:
  explicit HttpTransfer(HttpRequest request);
  HttpTransfer(const HttpTransfer&) = delete;
  HttpTransfer& operator=(const HttpTransfer&) = delete;

  // It must be in no multi handle any more when the transfer goes.
  CURL* handle() const { return easy_.get(); }
  const HttpRequest& request() const { return request_; }

  // What it came to, once: as libcurl says, or as the caller does that ends it before.
  HttpResponse finished(CURLcode code);
  HttpResponse ended(HttpResponse::Result result, std::string error);
  HttpResponse timed_out();

 private:
  struct FreeEasy {
    void operator()(CURL* handle) const { curl_easy_cleanup(handle); }
  };
  struct FreeList {
    void operator()(curl_slist* list) const { curl_slist_free_all(list); }
  };

  template <typename T>
  void set(CURLoption option, T value);
  void add_header(const std::string& header);
  void set_up();
  void set_up_connection();
  void set_up_way();
  std::string told(CURLcode code) const;
  HttpResponse failed(CURLcode code, const std::string& what);
  bool streams() const;

  static int before_sending(void* self, char*, char*, int, int);
  static int count(CURL*, curl_infotype type, char*, std::size_t size, void* self);
  static int watch(void* self, curl_off_t, curl_off_t received, curl_off_t, curl_off_t);
  static std::size_t take_body(char* data, std::size_t, std::size_t size, void* self);
  static std::size_t take_header(char* data, std::size_t, std::size_t size, void* self);

  const HttpRequest request_;
  HttpResponse response_;
  std::optional<Proxy> proxy_;
  bool too_long_ = false;
  bool unwanted_ = false;  // the sink wants no more
  int times_sent_ = 0;     // how often a connection was ready for it
  std::size_t head_sent_ = 0, body_sent_ = 0;
  std::size_t header_bytes_ = 0, body_bytes_ = 0, line_bytes_ = 0;
  char error_[CURL_ERROR_SIZE] = {};
  std::unique_ptr<curl_slist, FreeList> headers_;
  std::unique_ptr<CURL, FreeEasy> easy_;
};

}  // namespace net
