// http_message.hpp: a request over HTTP, what came back, and the form in which HTTP writes dates.
// Why:      one request at a time and thousands at a time ask and answer in the same words.
// Use:      HttpRequest request{.url = url, .headers = {"authorization: " + key}, .body = json};
//           if (response.result == HttpResponse::Result::kAnswered) read(response.body);
// Promises: values; http_date() never throws for what a text holds.
// Threads:  a pure function.
// Tests:    tests/net/http_client_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace net {

struct HttpRequest {
  enum class Method : std::uint8_t { kPost, kGet };

  std::string url;                   // http:// or https://
  std::vector<std::string> headers;  // "name: value"
  std::string body;
  std::function<std::string()> make_body;  // when there is one, makes the body as the request is begun
  double seconds = 300;                    // until the whole answer is there
  double connect_seconds = 30;             // of those, until there is a connection
  double silent_seconds = 0;               // in which no byte may come, whole ones; 0: as long as the whole
  std::size_t most_bytes = 8U * 1048576U;  // of the answer's body
  std::function<bool()> stop;              // may be empty; of http_exchange() alone
  Method method = Method::kPost;
  // When there is one, it is given the body of a good answer (2xx) in pieces, as they come; nothing of it is
  // kept. False ends the request at once. The body is not asked for in compressed form.
  std::function<bool(std::string_view piece)> sink;
};

struct HttpResponse {
  enum class Result : std::uint8_t {
    kAnswered,    // a whole answer, whatever its status
    kNotReached,  // no connection: nothing was sent
    kDropped,     // the connection ended before a whole answer was there
    kTimedOut,
    kTooLong,
    kStopped,   // by stop(), by the sink, or cancelled
    kUnusable,  // the certificate, the address or the protocol is not acceptable
  };
  Result result = Result::kDropped;
  long status = 0;
  std::map<std::string, std::string> headers;  // names in lower case; of several, the last
  std::string body;
  std::string error;  // of all but kAnswered: one line
  bool sent = false;  // whether the whole request may have reached the server
  std::string proxy;  // that it went through, fit to be shown (see address/proxy.hpp); empty: none
};

// Seconds since 1970 of a date as HTTP writes it, or nothing.
std::optional<std::int64_t> http_date(std::string_view text);

}  // namespace net
