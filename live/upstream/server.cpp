#include "live/upstream/server.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

#include "genome/base/text.hpp"
#include "net/address/key_rules.hpp"
#include "net/retry.hpp"

namespace live {
namespace {

using genome::base::visible;
using net::HttpResponse;
using Result = HttpResponse::Result;

net::HttpRequest with_headers(const Server& server, const std::string& url) {
  net::HttpRequest request{.url = url, .headers = {"content-type: application/json"}, .stop = server.stop};
  if (!server.key.empty()) request.headers.push_back("authorization: Bearer " + server.key);
  return request;
}

bool mentions(const std::string& text, std::string_view words) {
  return text.find(words) != std::string::npos;
}

// libcurl says what it met; what that means for an address is said here.
std::string unreached_text(const Server& server, const HttpResponse& response) {
  const std::string what = visible(net::without_secret(response.error, server.key));
  if (mentions(what, "HTTP/0.9") || mentions(what, "Unsupported HTTP"))
    return "does not speak HTTP; is it another service, or one that is reached by https?";
  if (mentions(what, "wrong version number") || mentions(what, "SSL routines::packet"))
    return "does not speak TLS; is it reached by http rather than https?";
  if (mentions(what, "ertificate"))
    return fmt::format(
        "shows a certificate that is not trusted: {}; SSL_CERT_FILE names a file of authorities", what);
  switch (response.result) {
    case Result::kNotReached: return fmt::format("is not reached: {}", what);
    case Result::kDropped: return fmt::format("broke off: {}", what);
    case Result::kUnusable: return fmt::format("cannot be used: {}", what);
    default: return what;
  }
}

std::string what_it_says(const Server& server, const HttpResponse& response) {
  const std::string body = net::without_secret(response.body, server.key);
  if (const auto error = net::server_error_in(body); error && !error->message.empty())
    return visible(error->message);
  return fmt::format("the answer begins with \"{}\"", visible(genome::base::trimmed(body), 60));
}

}  // namespace

net::HttpRequest request_to(const Server& server, const std::string& url, const nlohmann::json& body) {
  net::HttpRequest request = with_headers(server, url);
  request.body = body.dump(-1, ' ', false, nlohmann::json::error_handler_t::replace);
  return request;
}

net::HttpRequest request_to(const Server& server, const std::string& url,
                            std::function<std::string()> make_body) {
  net::HttpRequest request = with_headers(server, url);
  request.make_body = std::move(make_body);
  return request;
}

net::HttpRequest request_to(const Server& server, const std::string& url) {
  net::HttpRequest request = with_headers(server, url);
  request.method = net::HttpRequest::Method::kGet;
  return request;
}

bool is_web_page(const HttpResponse& response) {
  const auto type = response.headers.find("content-type");
  if (type != response.headers.end() && type->second.starts_with("text/html")) return true;
  return genome::base::trimmed(response.body).starts_with("<");
}

std::string failure_text(const Server& server, const HttpResponse& response) {
  const std::string url = visible(server.url, 200);
  if (response.result != Result::kAnswered)
    return fmt::format("{} {}", url, unreached_text(server, response));
  if (response.status == 401 || response.status == 403) {
    const std::string said = what_it_says(server, response);
    if (server.key.empty())
      return fmt::format("{} wants a key (status {}: {}); --key-variable names the variable that holds it",
                         url, response.status, said);
    return fmt::format("{} refuses the key that {} holds (status {}: {})", url,
                       visible(server.key_variable, 100), response.status, said);
  }
  if (response.status / 100 == 3)
    return fmt::format("{} leads elsewhere (status {}), where no key would be sent; give the address itself",
                       url, response.status);
  if (is_web_page(response))
    return fmt::format(
        "{} answers with a page for people (status {}); the address of the interface usually ends "
        "in /v1",
        url, response.status);
  return fmt::format("{} answers with status {}: {}", url, response.status, what_it_says(server, response));
}

genome::base::Fault fault_of(const HttpResponse& response) {
  const bool theirs = response.result != Result::kAnswered ? response.result != Result::kUnusable
                                                           : response.status == 429 || response.status >= 500;
  return theirs ? genome::base::Fault::kSystem : genome::base::Fault::kInput;
}

}  // namespace live
