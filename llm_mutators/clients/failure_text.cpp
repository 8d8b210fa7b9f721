#include "llm_mutators/clients/failure_text.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <string_view>

#include "genome/base/text.hpp"
#include "net/address/url.hpp"

namespace llm_mutators {
namespace {

using genome::base::beginning;
using genome::base::one_line;
using Result = net::HttpResponse::Result;

constexpr std::size_t kMostAddress = 200, kMostMessage = 300;

bool has(std::string_view text, std::string_view part) { return text.find(part) != std::string_view::npos; }

std::string shown(const std::string& address) { return one_line(beginning(address, kMostAddress)); }

bool is_page(const net::HttpResponse& response) {
  const auto type = response.headers.find("content-type");
  return (type != response.headers.end() && type->second.starts_with("text/html")) ||
         genome::base::trimmed(response.body).starts_with("<");
}

// Of a version, as in "/v1".
std::size_t versions_in(std::string_view path) {
  std::size_t count = 0;
  for (std::size_t at = path.find("/v"); at != std::string_view::npos; at = path.find("/v", at + 1)) {
    const std::string_view rest = path.substr(at + 2);
    const std::size_t digits = std::min(rest.find_first_not_of("0123456789"), rest.size());
    count +=
        digits > 0 && (digits == rest.size() || rest[digits] == '/' || rest.starts_with("1beta")) ? 1 : 0;
  }
  return count;
}

// What is usually wrong with an address that leads nowhere.
std::string advice_on(const std::string& base) {
  const auto url = net::url_in(base);
  const std::string path = url ? url->path : std::string();
  if (has(path, "/chat/completions") || path.ends_with("/completions") || path.ends_with("/messages"))
    return "; url is the base address alone, without /chat/completions or /messages";
  if (versions_in(path) > 1) return "; /v1 stands there twice";
  if (versions_in(path) == 0) return fmt::format("; is /v1 missing, as in {}/v1?", shown(base));
  return "; is url the base address of the interface?";
}

// The base address that a redirection means: what it leads to without what was put behind ours.
std::string redirection(const std::string& base, const std::string& asked,
                        const net::HttpResponse& response) {
  const auto location = response.headers.find("location");
  const auto to = location == response.headers.end() ? std::nullopt : net::led_to(asked, location->second);
  if (!to) return "; redirections are not followed, as the key would go with them";
  std::string target = to->shown();
  const std::string path = asked.substr(std::min(base.size(), asked.size()));
  const bool whole = target.ends_with(path);
  if (whole) target.resize(target.size() - path.size());
  return fmt::format("; it leads to {}, which is not followed, as the key would go with it: {}",
                     shown(target), whole ? "set url to that" : "is url the base address of the interface?");
}

}  // namespace

std::string status_text(const std::string& base, const std::string& asked, const net::HttpResponse& response,
                        const std::optional<net::ServerError>& error) {
  std::string text = fmt::format("status {}", response.status);
  const long status = response.status;
  const bool redirected = status / 100 == 3, nowhere = status == 404 || status == 405;
  if (redirected || nowhere || !response.proxy.empty()) text += " of " + shown(asked);
  if (!response.proxy.empty()) text += " (through the proxy " + response.proxy + ")";
  const std::string_view body = genome::base::trimmed(response.body);
  std::string message = error ? one_line(beginning(error->message, kMostMessage)) : std::string();
  if (redirected) return text + redirection(base, asked, response);
  if (!message.empty()) {
    text += ": " + message;
  } else if (is_page(response)) {
    text += "; the answer is a page for people";
  } else if (!body.empty()) {
    text += fmt::format("; the answer begins with \"{}\"", one_line(beginning(body, 60)));
  }
  std::ranges::transform(message, message.begin(),
                         [](unsigned char c) { return c >= 'A' && c <= 'Z' ? c + 32 : c; });
  const bool about_model = has(message, "model");  // it is the name that is wrong
  if (nowhere && !about_model) text += advice_on(base);
  return text;
}

std::string unreached_text(const std::string& asked, const net::HttpResponse& response) {
  const std::string what = one_line(response.error);
  if (has(what, "HTTP/0.9") || has(what, "Unsupported HTTP"))
    return fmt::format("{} does not speak HTTP; is it another service, or one that is reached by https? ({})",
                       shown(asked), what);
  if (has(what, "wrong version number") || has(what, "SSL routines::packet"))
    return fmt::format("{} does not speak TLS; is it reached by http rather than https? ({})", shown(asked),
                       what);
  if (has(what, "ertificate"))
    return fmt::format(
        "{} shows a certificate that is not trusted: {}; SSL_CERT_FILE names a file of authorities",
        shown(asked), what);
  switch (response.result) {
    case Result::kNotReached: return fmt::format("{} cannot be reached: {}", shown(asked), what);
    case Result::kDropped: return fmt::format("{} broke off: {}", shown(asked), what);
    case Result::kUnusable: return fmt::format("{} cannot be used: {}", shown(asked), what);
    default: return what;
  }
}

}  // namespace llm_mutators
