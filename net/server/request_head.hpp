// request_head.hpp: what the head of a request says, and whether it says so in one way alone.
// Why:      whoever stands between a client and this server must see the same requests as it does; a head
//           that two readers understand differently would smuggle one past the other.
// Use:      if (const auto fault = fault_of(head)) refuse(*fault);   else request = request_of(head);
// Promises: HTTP/1.1 names its Host once. A body comes whole or in chunks; whatever else its coding is said
//           to be is refused, with 501. A header that is repeated is one whose values are joined by commas.
// Threads:  pure functions.
// Tests:    tests/net/server/strict_heads_test.cpp
#pragma once

#include <boost/beast/http/fields.hpp>
#include <boost/beast/http/message.hpp>
#include <optional>
#include <string_view>

#include "net/server/served.hpp"

namespace net {

using RequestHead = boost::beast::http::request_header<>;

// What the server says of itself to a request that no handler sees.
ReplyHead refusal(int status, std::string_view message);

std::optional<ReplyHead> fault_of(const RequestHead& head);

// All but its body.
ServedRequest request_of(const RequestHead& head);

// Whether the client waits to hear that its body will be read.
bool awaits_leave(const RequestHead& head);

}  // namespace net
