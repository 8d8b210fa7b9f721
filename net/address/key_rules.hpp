// key_rules.hpp: what a key of a server looks like, where it may go, and how it is struck out of texts.
// Why:      a key that leaks is paid for by its owner; every rule that keeps one in is in this file.
// Use:      if (const auto why = key_refusal(url, spec.unencrypted_hosts)) refuse(*why);
//           body = without_secret(std::move(body), key);
// Promises: a key goes to https addresses. Without encryption it goes only to this machine itself and to
//           hosts that were named for it, on the way as at its end: a proxy that would read it is such a
//           host, too.
// Threads:  pure functions, but key_refusal(), which reads what the environment says of proxies.
// Tests:    tests/net/key_rules_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <span>
#include <string>
#include <string_view>

namespace net {

inline constexpr std::size_t kShortestKey = 6;

// Whether a text can be a key: at least kShortestKey visible characters of ASCII, without blanks.
bool is_key(std::string_view text);

// Hosts that may be sent a key unencrypted: names, domains, addresses and networks, as in no_proxy.
using Hosts = std::span<const std::string>;

// Whether a text can be one of these; "*" is none, and neither is an address with its scheme or port.
bool is_host_name(std::string_view text);

// False for an unencrypted address of a machine that is neither this one nor among the hosts. An address that
// is empty or no address of ours is sent nothing, so that it passes.
bool key_may_go_to(const std::string& url, Hosts unencrypted = {});

// The host that would be sent a key unencrypted and must not be, as "models.lan" or "the proxy
// http://proxy.lan:3128 (of http_proxy)", the way requests go now; nothing when a key may go.
std::optional<std::string> key_refusal(const std::string& url, Hosts unencrypted = {});

// The text with every occurrence of the key replaced by "[key]", also of one that JSON writes with "\/", and
// of a beginning of it with which the text ends, as a text that was cut may. What is shorter than
// kShortestKey is no key, and no such beginning.
std::string without_secret(std::string text, std::string_view secret);

}  // namespace net
