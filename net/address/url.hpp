// url.hpp: the parts of an address that http and https have.
// Why:      an address says where bytes go; whoever guesses its parts by searching for signs guesses wrong.
// Use:      if (host_of(url).empty()) refuse();
//           if (const auto url = led_to(asked, location)) report(url->shown());
// Promises: never throws for what a text holds. What is shown of an address has no user, password or query.
// Threads:  pure functions.
// Tests:    tests/net/proxy_test.cpp, tests/net/this_machine_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>

namespace net {

struct Url {
  std::string scheme, host;    // in lower case; a host of IPv6 stands in brackets
  std::string port;            // empty: the scheme's own
  std::string path;            // "/v1"; at least "/"
  bool private_parts = false;  // it holds a user, a password, a query or a fragment
  std::string shown() const;   // without these
};

enum class Schemes : std::uint8_t { kHttp, kAny };  // http and https, or any there is

// Nothing when the text is no address.
std::optional<Url> url_in(const std::string& text, Schemes schemes = Schemes::kHttp);

// The host of an address without its port, in lower case; empty when it is none of ours (http, https), or
// when it holds a user's name, a query or a fragment.
std::string host_of(const std::string& url);

// The address that a redirection leads to, which may be relative; nothing when it is none.
std::optional<Url> led_to(const std::string& from, const std::string& location);

}  // namespace net
