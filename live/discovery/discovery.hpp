// discovery.hpp: asks a server what it can do.
// Why:      neither its name nor its version tells what it does with requests like ours; its answers do.
// Use:      Capabilities can = discover({.url = "http://127.0.0.1:8000/v1"}, "");
// Promises: some twenty short requests, each of at most a few tokens, but for one that is dropped to see
//           whether the server goes on with it. Whatever cannot be seen counts as not there.
// Throws:   UpstreamError when the server is not reached, is none, refuses the key or has no such model: one
//           line that says what to do.
// Threads:  one call waits; any number of calls at a time.
// Tests:    tests/live/discovery/discovery_test.cpp
#pragma once

#include <string>

#include "live/upstream/capabilities.hpp"
#include "live/upstream/server.hpp"

namespace live {

// Without a name the server must have one model alone.
Capabilities discover(const Server& server, const std::string& model);

}  // namespace live
