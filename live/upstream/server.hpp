// server.hpp: where a server of models is, what is sent to all of its addresses, and what its failures mean.
// Why:      every request carries the same headers and the same key, and every failure is one line that names
//           the server and says what to do.
// Use:      net::HttpRequest r = request_to(server, server.url + "/completions", json);
//           throw UpstreamError(failure_text(server, response));
// Promises: failure_text() is one line; the key is struck out of all that is shown.
// Threads:  pure functions.
// Tests:    tests/live/discovery/discovery_test.cpp
#pragma once

#include <functional>
#include <nlohmann/json_fwd.hpp>
#include <string>

#include "genome/base/error.hpp"
#include "net/http_message.hpp"

namespace live {

struct Server {
  std::string url;           // the base address, e.g. "http://127.0.0.1:8080/v1"
  std::string key;           // may be empty
  std::string key_variable;  // that holds it; for messages
  std::function<bool()> stop;
};

// The server cannot be used, by its own fault or the network's, or by that of whoever gave its address.
struct UpstreamError : genome::base::Error {
  using Error::Error;
};

net::HttpRequest request_to(const Server& server, const std::string& url, const nlohmann::json& body);
// The same with a body that is made when the request is begun.
net::HttpRequest request_to(const Server& server, const std::string& url,
                            std::function<std::string()> make_body);
net::HttpRequest request_to(const Server& server, const std::string& url);  // a GET

// Of an answer that is no good one, or of no answer at all. The body must be there, not given to a sink.
std::string failure_text(const Server& server, const net::HttpResponse& response);

// Whether the answer is a page for people.
bool is_web_page(const net::HttpResponse& response);

// Whether whoever gave address, key or name can put it right.
genome::base::Fault fault_of(const net::HttpResponse& response);

}  // namespace live
