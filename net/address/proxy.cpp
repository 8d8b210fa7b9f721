#include "net/address/proxy.hpp"

#include <algorithm>
#include <arpa/inet.h>
#include <array>
#include <cctype>
#include <charconv>
#include <cstdlib>
#include <initializer_list>
#include <vector>

#include "net/address/this_machine.hpp"
#include "net/address/url.hpp"

namespace net {
namespace {

std::string lower(std::string_view text) {
  std::string out(text);
  for (char& c : out) c = static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  return out;
}

// The first of these variables that says anything, and its name.
struct Variable {
  std::string name, value;
};

std::optional<Variable> first_set(std::initializer_list<const char*> names) {
  for (const char* name : names) {
    const char* const value = std::getenv(name);
    if (value != nullptr && *value != 0) return Variable{name, value};
  }
  return std::nullopt;
}

bool is_proxy_scheme(std::string_view scheme) {
  constexpr std::array kSchemes = {"http", "https", "socks4", "socks4a", "socks5", "socks5h"};
  return std::ranges::find(kSchemes, scheme) != kSchemes.end();
}

Proxy proxy_in(const Variable& variable) {
  Proxy proxy{.address = variable.value, .variable = variable.name};
  const bool has_scheme = variable.value.find("://") != std::string::npos;
  const auto url = url_in(has_scheme ? variable.value : "http://" + variable.value, Schemes::kAny);
  if (!url || !is_proxy_scheme(url->scheme)) return proxy;
  proxy.host = url->host;
  proxy.shown = url->scheme + "://" + url->host + (url->port.empty() ? "" : ":" + url->port);
  return proxy;
}

// An address as bytes: 4 of them, 16, or none.
std::vector<unsigned char> bytes_of(std::string host) {
  if (host.starts_with('[') && host.ends_with(']')) host = host.substr(1, host.size() - 2);
  std::vector<unsigned char> bytes(4);
  if (::inet_pton(AF_INET, host.c_str(), bytes.data()) == 1) return bytes;
  bytes.resize(16);
  if (::inet_pton(AF_INET6, host.c_str(), bytes.data()) == 1) return bytes;
  return {};
}

bool in_network(const std::vector<unsigned char>& address, const std::string& network) {
  const std::size_t slash = network.find('/');
  const std::vector<unsigned char> base = bytes_of(network.substr(0, slash));
  if (address.empty() || address.size() != base.size()) return false;
  std::size_t bits = 8 * base.size();
  if (slash != std::string::npos) {
    const char *const first = network.data() + slash + 1, *const last = network.data() + network.size();
    const auto [end, error] = std::from_chars(first, last, bits);
    if (error != std::errc() || end != last || bits > 8 * base.size()) return false;
  }
  for (std::size_t i = 0; i < bits; ++i) {
    const unsigned mask = 0x80U >> (i % 8);
    if ((address[i / 8] & mask) != (base[i / 8] & mask)) return false;
  }
  return true;
}

std::string_view without_last_dot(std::string_view name) {
  return name.ends_with('.') ? name.substr(0, name.size() - 1) : name;
}

// "example.com" and ".example.com" are that host and all below it.
bool in_domain(std::string_view host, std::string_view domain) {
  if (domain.starts_with('.')) domain.remove_prefix(1);
  if (domain.empty() || !host.ends_with(domain)) return false;
  return host.size() == domain.size() || host[host.size() - domain.size() - 1] == '.';
}

}  // namespace

bool is_listed(std::string_view list, std::string_view host) {
  const std::string name = lower(without_last_dot(host));
  const std::vector<unsigned char> address = bytes_of(name);
  while (!list.empty()) {
    const std::size_t end = std::min(list.find_first_of(", \t"), list.size());
    const std::string entry = lower(without_last_dot(list.substr(0, end)));
    list.remove_prefix(std::min(end + 1, list.size()));
    if (entry.empty() || name.empty()) continue;
    if (entry == "*") return true;
    if (address.empty() ? in_domain(name, entry) : in_network(address, entry)) return true;
  }
  return false;
}

std::optional<Proxy> proxy_for(const std::string& url) {
  const std::string host = host_of(url);
  if (host.empty() || needs_no_proxy(host)) return std::nullopt;
  const bool encrypted = lower(url.substr(0, 6)) == "https:";
  const auto variable = encrypted ? first_set({"https_proxy", "HTTPS_PROXY", "all_proxy", "ALL_PROXY"})
                                  : first_set({"http_proxy", "all_proxy", "ALL_PROXY"});
  if (!variable) return std::nullopt;
  const auto direct = first_set({"no_proxy", "NO_PROXY"});
  if (direct && is_listed(direct->value, host)) return std::nullopt;
  return proxy_in(*variable);
}

}  // namespace net
