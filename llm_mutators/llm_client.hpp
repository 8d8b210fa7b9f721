// llm_client.hpp: a language model that can be asked: a prompt goes in, a reply comes out.
// Why:      how a model is reached (a command, a server) is nobody's business but the client's.
// Use:      Reply reply = client.ask(prompt);
//           if (reply.outcome == Reply::Outcome::kAnswered) read_reply(reply.text);
// Promises: ask() ends within the client's deadline and never throws for what a model does: that is an
//           outcome with a text that says what happened, fit to be shown.
// Threads:  one call at a time.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace llm_mutators {

struct Reply {
  enum class Outcome : std::uint8_t {
    kAnswered,  // the whole reply is in `text`
    kTimedOut,  // the deadline passed
    kFailed,    // anything else that is not a reply
    kTooLong,   // more than the client takes in
  };
  Outcome outcome = Outcome::kFailed;
  std::string text;   // of kAnswered: any bytes
  std::string error;  // of the others: one line
  friend bool operator==(const Reply&, const Reply&) = default;
};

class LlmClient {
 public:
  virtual ~LlmClient() = default;
  // Part of what identifies an exchange, and written into the journal.
  virtual std::string_view name() const = 0;
  virtual Reply ask(const std::string& prompt) = 0;
};

}  // namespace llm_mutators
