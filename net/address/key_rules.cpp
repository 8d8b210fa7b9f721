#include "net/address/key_rules.hpp"

#include <algorithm>
#include <cctype>
#include <fmt/format.h>

#include "net/address/proxy.hpp"
#include "net/address/this_machine.hpp"
#include "net/address/url.hpp"

namespace net {
namespace {

// As libcurl takes the address apart, which also reads "http:/host".
bool is_unencrypted(const std::string& url) {
  const auto parts = url_in(url);
  return parts && parts->scheme == "http";
}

bool may_read(const std::string& host, Hosts unencrypted) {
  return is_this_machine(host) || std::ranges::any_of(unencrypted, [&](const std::string& each) {
           return is_host_name(each) && is_listed(each, host);
         });
}

constexpr std::string_view kStruckOut = "[key]";

// From the same place on, as "[key]" may make the key whole again with what follows; the text only shrinks.
void strike_out(std::string& text, std::string_view secret) {
  for (std::size_t at = text.find(secret); at != std::string::npos; at = text.find(secret, at))
    text.replace(at, secret.size(), kStruckOut);
}

// JSON may be written so, and says the same.
std::string with_escaped_slashes(std::string_view secret) {
  std::string escaped;
  for (const char c : secret) {
    if (c == '/') escaped += '\\';
    escaped += c;
  }
  return escaped;
}

}  // namespace

bool is_key(std::string_view text) {
  return text.size() >= kShortestKey &&
         std::all_of(text.begin(), text.end(), [](char c) { return c > 0x20 && c < 0x7F; });
}

bool is_host_name(std::string_view text) {
  const auto fits = [](char c) {
    return std::isalnum(static_cast<unsigned char>(c)) != 0 ||
           std::string_view(".-_:/[]").find(c) != std::string_view::npos;
  };
  return !text.empty() && text.size() <= 255 && std::ranges::all_of(text, fits) &&
         text.find("//") == std::string_view::npos &&
         std::ranges::any_of(text, [](char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0; });
}

bool key_may_go_to(const std::string& url, Hosts unencrypted) {
  return !is_unencrypted(url) || may_read(host_of(url), unencrypted);
}

std::optional<std::string> key_refusal(const std::string& url, Hosts unencrypted) {
  if (!is_unencrypted(url)) return std::nullopt;  // whoever passes it on cannot read it
  const std::string host = host_of(url);
  if (!may_read(host, unencrypted)) return host.empty() ? "another machine" : host;
  const auto proxy = proxy_for(url);
  if (!proxy || (proxy->usable() && may_read(proxy->host, unencrypted))) return std::nullopt;
  return fmt::format("the proxy {}(of {})", proxy->usable() ? proxy->shown + " " : "", proxy->variable);
}

std::string without_secret(std::string text, std::string_view secret) {
  if (secret.size() < kShortestKey) return text;
  strike_out(text, secret);
  if (const std::string escaped = with_escaped_slashes(secret); escaped != secret) strike_out(text, escaped);
  for (std::size_t size = secret.size() - 1; size >= kShortestKey; --size) {
    if (!text.ends_with(secret.substr(0, size))) continue;
    text.replace(text.size() - size, size, kStruckOut);
    break;
  }
  return text;
}

}  // namespace net
