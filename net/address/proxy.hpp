// proxy.hpp: which proxy a request is sent through, as the environment says.
// Why:      where a key goes is only known when the way is: what is decided here is what libcurl is told, so
//           that a rule about keys and the transfer itself never read the environment in two ways.
// Use:      if (const auto proxy = proxy_for(url)) report("through the proxy " + proxy->shown);
// The rule: as curl has it. http:// addresses go through `http_proxy`, in lower case only, as a server that
//           is started by another one may find a header of a stranger in HTTP_PROXY. https:// addresses go
//           through `https_proxy` or HTTPS_PROXY, and both else through `all_proxy` or ALL_PROXY. `no_proxy`
//           or NO_PROXY lists what goes directly: hosts, domains, addresses, networks as in 10.0.0.0/8, or
//           "*". Nothing on this machine goes through a proxy (see this_machine.hpp).
// Promises: `shown` never holds what stands before an "@": that is a password.
// Threads:  reads the environment of the process.
// Tests:    tests/net/proxy_test.cpp
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace net {

struct Proxy {
  std::string address;   // as the environment has it, password and all: for libcurl alone
  std::string shown;     // "http://proxy.lan:3128"; empty when it is no address of a proxy
  std::string host;      // as host_of() gives one
  std::string variable;  // that names it: "https_proxy"
  bool usable() const { return !shown.empty(); }
};

// Nothing when the address is reached directly. It may be one that is not usable().
std::optional<Proxy> proxy_for(const std::string& url);

// Whether a list such as that of `no_proxy` has this host, which is as host_of() gives it.
bool is_listed(std::string_view list, std::string_view host);

}  // namespace net
