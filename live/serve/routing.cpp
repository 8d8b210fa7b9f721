#include "live/serve/routing.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <charconv>
#include <fmt/format.h>
#include <string_view>

#include "genome/base/text.hpp"
#include "live/serve/chat_request.hpp"
#include "net/address/this_machine.hpp"

namespace live {
namespace {

using Place = Route::Place;

constexpr std::string_view kOneModel = "/v1/models/";

std::string lower(std::string_view text) {
  std::string result(text);
  for (char& c : result) c = c >= 'A' && c <= 'Z' ? static_cast<char>(c - 'A' + 'a') : c;
  return result;
}

const std::string& header(const net::ServedRequest& request, const char* name) {
  static const std::string none;
  const auto found = request.headers.find(name);
  return found == request.headers.end() ? none : found->second;
}

// Takes as long whatever the difference is; the length of a key is no secret.
bool same_secret(std::string_view given, std::string_view key) {
  if (given.size() != key.size()) return false;
  volatile unsigned char differences = 0;
  for (std::size_t i = 0; i < key.size(); ++i)
    differences = differences | static_cast<unsigned char>(given[i] ^ key[i]);
  return differences == 0;
}

// Whether a Host is no name that somebody else could make lead here.
bool is_address(std::string host) {
  const std::size_t bracket = host.rfind(']');
  const std::size_t colon = host.rfind(':');
  if (colon != host.npos && (bracket == host.npos || colon > bracket)) host.resize(colon);
  if (host.size() > 1 && host.ends_with('.')) host.pop_back();  // a whole name, as name servers have it
  if (host.empty() || net::is_this_machine(host)) return true;
  if (host.front() == '[' && host.back() == ']') host = host.substr(1, host.size() - 2);
  in6_addr address{};
  return ::inet_pton(AF_INET, host.c_str(), &address) == 1 ||
         ::inet_pton(AF_INET6, host.c_str(), &address) == 1;
}

bool sends_key(const std::string& given, const std::string& key) {
  constexpr std::string_view kScheme = "bearer ";
  if (lower(std::string_view(given).substr(0, kScheme.size())) != kScheme) return false;
  const std::size_t at = given.find_first_not_of(' ', kScheme.size());
  return at != given.npos && same_secret(std::string_view(given).substr(at), key);
}

void expect_allowed(const net::ServedRequest& head, const std::string& path, const std::string& key) {
  if (key.empty()) {
    if (!is_address(lower(header(head, "host"))))
      throw ChatRefusal(403, "the Host of the request is not this machine; behind a proxy, serve with a key");
    return;
  }
  if (path != "/health" && !sends_key(header(head, "authorization"), key))
    throw ChatRefusal(401, "a key must be sent, as \"Authorization: Bearer KEY\", and be the right one", {},
                      "invalid_api_key");
}

// What stands for a byte is that byte: names of models hold slashes, which some clients write as %2F.
std::string percent_decoded(std::string_view text) {
  std::string result;
  for (std::size_t i = 0; i < text.size(); ++i) {
    unsigned char byte = 0;
    const std::string_view digits = text.substr(std::min(i + 1, text.size()), 2);
    const char* const end = digits.data() + digits.size();
    const bool encoded =
        text[i] == '%' && digits.size() == 2 && std::from_chars(digits.data(), end, byte, 16).ptr == end;
    result += encoded ? static_cast<char>(byte) : text[i];
    if (encoded) i += 2;
  }
  return result;
}

Route place_of(const std::string& path) {
  if (path == "/v1/chat/completions") return {.place = Place::kChat};
  if (path == "/v1/models") return {.place = Place::kModels};
  if (path == "/health") return {.place = Place::kHealth};
  if (path == "/metrics") return {.place = Place::kMetrics};
  if (path.starts_with(kOneModel) && path.size() > kOneModel.size())
    return {.place = Place::kModel,
            .model = percent_decoded(std::string_view(path).substr(kOneModel.size()))};
  throw ChatRefusal(404,
                    fmt::format("{} is not known; there are /v1/chat/completions, /v1/models, "
                                "/v1/models/NAME, /health and /metrics",
                                genome::base::visible(path, 100)),
                    {}, "unknown_url");
}

void expect_method(const std::string& method, const std::string& path, Place place) {
  const bool chats = place == Place::kChat;
  if (chats ? method == "POST" : method == "GET" || method == "HEAD") return;
  const char* const taken = chats ? "POST" : "GET";
  throw ChatRefusal(405, fmt::format("{} takes {} alone", genome::base::visible(path, 100), taken), {}, {},
                    chats ? "POST" : "GET, HEAD");
}

bool is_json(const std::string& type) {
  return genome::base::trimmed(lower(std::string_view(type).substr(0, type.find(';')))) == "application/json";
}

}  // namespace

Route route_of(const net::ServedRequest& head, const std::string& key, const std::string& model) {
  const std::string path = head.target.substr(0, head.target.find('?'));
  expect_allowed(head, path, key);
  Route route = place_of(path);
  expect_method(head.method, path, route.place);
  if (route.place == Place::kModel) (void)beta_named(route.model, model);
  if (route.place == Place::kChat && !is_json(header(head, "content-type")))
    throw ChatRefusal(415, "content-type must be application/json");
  return route;
}

}  // namespace live
