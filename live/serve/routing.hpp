// routing.hpp: what a request asks for, and whether it may: all that its head tells.
// Why:      a body may be large and slow; it is not read for those who may not ask, or ask for what is not.
// Use:      const Route route = route_of(head, options.key, options.model);   // throws ChatRefusal
// Promises: with a key, all but /health needs it. Without one, a request whose Host is neither this machine
//           nor an address is refused: it may be of a web page whose name was made to lead here. A chat must
//           be sent as JSON, which a page of another place cannot do without being asked first whether it
//           may. HEAD may be asked wherever GET may. Schemes, hosts and media types do not depend on case.
// Throws:   ChatRefusal, which holds what the client is to be told.
// Threads:  pure functions.
// Tests:    tests/live/serve/routing_test.cpp
#pragma once

#include <cstdint>
#include <string>

#include "net/server/http_server.hpp"

namespace live {

struct Route {
  enum class Place : std::uint8_t { kChat, kModels, kModel, kHealth, kMetrics };
  Place place = Place::kHealth;
  std::string model = {};  // of kModel, as it was named
};

// `key`: that clients must send, if it is not empty; `model`: that is served.
Route route_of(const net::ServedRequest& head, const std::string& key, const std::string& model);

}  // namespace live
