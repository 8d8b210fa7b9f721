// http_client.hpp: one POST over HTTP, and what came back.
// Why:      everything that libcurl can do wrong or right for us is in one file, so that the layers above
//           deal in answers and kinds of failure.
// Use:      HttpResponse r = http_post({.url = url, .headers = {"authorization: " + key}, .body = json});
//           if (r.result == HttpResponse::Result::kAnswered && r.status == 200) use(r.body);
// Promises: never throws for what a server does. Certificates are verified, by the authorities of the
//           system or those in the file that SSL_CERT_FILE names; a server with a wrong one is sent
//           nothing. The proxies that the environment names (https_proxy, no_proxy, ...) are used, but
//           never for an address on this machine; redirections are not followed, for a key would go with
//           them. The call ends at its deadline, and within a tenth of a second of stop() being true. No
//           more than most_bytes are received of a body, nor kept of it after decompression, nor of heads
//           and trailers, for which 256 KiB are the limit besides. What frames a chunked body, extensions
//           included, may be as long as both limits together.
// Threads:  any number of calls at a time; no signal is used.
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
  std::string url;                   // http:// or https://
  std::vector<std::string> headers;  // "name: value"
  std::string body;
  double seconds = 300;                    // until the whole answer is there
  double connect_seconds = 30;             // of those, until there is a connection
  std::size_t most_bytes = 8U * 1048576U;  // of the answer's body
  std::function<bool()> stop;              // may be empty
};

struct HttpResponse {
  enum class Result : std::uint8_t {
    kAnswered,    // a whole answer, whatever its status
    kNotReached,  // no connection: nothing was sent
    kDropped,     // the connection ended before a whole answer was there
    kTimedOut,
    kTooLong,
    kStopped,
    kUnusable,  // the certificate, the address or the protocol is not acceptable
  };
  Result result = Result::kDropped;
  long status = 0;
  std::map<std::string, std::string> headers;  // names in lower case; of several, the last
  std::string body;
  std::string error;  // of all but kAnswered: one line
  bool sent = false;  // whether the whole request may have reached the server
};

HttpResponse http_post(const HttpRequest& request);

// Seconds since 1970 of a date as HTTP writes it, or nothing.
std::optional<std::int64_t> http_date(std::string_view text);

// The host of an address without its port, in lower case; empty when it is none of ours (http, https), or
// when it holds a user's name, a query or a fragment.
std::string host_of(const std::string& url);

}  // namespace net
