// failure_text.hpp: what a failure of a server means for whoever gave its address.
// Why:      a status alone says nothing of the three things that are usually wrong: the address, the key, the
//           name of the model.
// Use:      reply.error = status_text(base, address, response, error);
// Promises: one line, which names the address asked and the proxy on the way; no secret of an address is in
//           it.
// Threads:  pure functions.
// Tests:    tests/llm_mutators/clients/failure_text_test.cpp
#pragma once

#include <optional>
#include <string>

#include "net/http_message.hpp"
#include "net/retry.hpp"

namespace llm_mutators {

// Of an answer with a bad status. `base` is the address as it was given, `asked` what was made of it.
std::string status_text(const std::string& base, const std::string& asked, const net::HttpResponse& response,
                        const std::optional<net::ServerError>& error);

// Of a request without an answer.
std::string unreached_text(const std::string& asked, const net::HttpResponse& response);

}  // namespace llm_mutators
