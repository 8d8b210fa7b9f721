// this_machine.hpp: which addresses are on this machine.
// Why:      what is sent to them never leaves it, so that a key may go unencrypted; which it may only when it
//           does not make a detour over a proxy.
// Use:      if (needs_no_proxy(host_of(url))) ...
// Promises: no name is looked up.
// Threads:  pure functions, but for the addresses that the machine has at the moment.
// Tests:    tests/net/this_machine_test.cpp
#pragma once

#include <string>
#include <string_view>

namespace net {

// Whether a host (as host_of() gives it) is this machine: "localhost", 127.x.x.x or [::1].
bool is_this_machine(std::string_view host);

// The same and besides names that end in ".localhost", the machine's own name, and its interfaces' addresses.
bool needs_no_proxy(const std::string& host);

}  // namespace net
