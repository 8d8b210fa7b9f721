// chat_check.hpp: what a server does with messages: limits, thoughts, and a last message of the assistant.
// Why:      whether such a message is continued or answered is in no reply's form; but the tokens of the
//           prompt tell it, for an answer has a turn's end and a turn's beginning before it.
// Use:      find_chat(asker, can);
// Promises: as discovery.hpp says; at most two dozen requests of at most 16 tokens.
// Threads:  one at a time.
// Tests:    tests/live/discovery/discovery_test.cpp
#pragma once

#include <nlohmann/json_fwd.hpp>
#include <string>

#include "live/discovery/asker.hpp"
#include "live/upstream/capabilities.hpp"

namespace live {

// A short chat, limited as the server understands it.
nlohmann::json chat_body(const Capabilities& can, int tokens);

void find_chat(Asker& asker, Capabilities& can);

// What the server says against a chat.
std::string chat_refusal(Asker& asker, const Capabilities& can);

}  // namespace live
