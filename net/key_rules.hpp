// key_rules.hpp: what a key of a server looks like, where it may go, and how it is struck out of texts.
// Why:      a key that leaks is paid for by its owner; every rule that keeps one in is in this file.
// Use:      if (!key_may_go_to(url)) refuse();
//           body = without_secret(std::move(body), key);
// Promises: a key goes to https addresses, and without encryption only to this machine itself.
// Threads:  pure functions.
// Tests:    tests/net/key_rules_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace net {

inline constexpr std::size_t kShortestKey = 6;

// Whether a text can be a key: at least kShortestKey visible characters of ASCII, without blanks.
bool is_key(std::string_view text);

// False for an unencrypted address of another machine. An address that is empty or no address of ours is
// sent nothing, so that it passes.
bool key_may_go_to(const std::string& url);

// The text with every occurrence of the key replaced by "[key]", also of one that JSON writes with "\/", and
// of a beginning of it with which the text ends, as a text that was cut may. What is shorter than
// kShortestKey is no key, and no such beginning.
std::string without_secret(std::string text, std::string_view secret);

}  // namespace net
