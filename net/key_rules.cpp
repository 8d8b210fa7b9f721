#include "net/key_rules.hpp"

#include <algorithm>
#include <cctype>

#include "net/http_message.hpp"
#include "net/this_machine.hpp"

namespace net {
namespace {

// Schemes are the same in either case.
bool is_unencrypted(std::string_view url) {
  constexpr std::string_view kScheme = "http://";
  return url.size() >= kScheme.size() &&
         std::equal(kScheme.begin(), kScheme.end(), url.begin(), [](char expected, char c) {
           return std::tolower(static_cast<unsigned char>(c)) == expected;
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

bool key_may_go_to(const std::string& url) { return !is_unencrypted(url) || is_this_machine(host_of(url)); }

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
