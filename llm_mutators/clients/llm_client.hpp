// llm_client.hpp: a language model that can be asked: a prompt goes in, a reply comes out.
// Why:      how a model is reached (a command, a server) is nobody's business but the client's.
// Use:      Reply reply = client.ask({.constant = card, .rest = question});
//           if (reply.outcome == Reply::Outcome::kAnswered) read_reply(reply.text);
// Promises: ask() ends within the client's deadline and never throws for what a model does: that is an
//           outcome with a text that says what happened, fit to be shown. Neither texts nor errors hold a key
//           that the client uses.
// Threads:  ask() may be called from several threads at once.
#pragma once

#include <cstdint>
#include <functional>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "net/usage.hpp"

namespace llm_mutators {

// What is asked. Providers charge less for a beginning they have seen before, so it is told apart.
struct Prompt {
  std::string constant;  // the beginning that all questions share; may be empty
  std::string rest;
  std::uint64_t seed = 0;  // for providers that sample by one

  Prompt() = default;
  Prompt(std::string text) : rest(std::move(text)) {}  // NOLINT: a text is a prompt
  Prompt(const char* text) : rest(text) {}             // NOLINT
  Prompt(std::string beginning, std::string end, std::uint64_t key = 0)
      : constant(std::move(beginning)), rest(std::move(end)), seed(key) {}
  std::string text() const { return constant + rest; }
  std::size_t size() const { return constant.size() + rest.size(); }
};

struct Reply {
  enum class Outcome : std::uint8_t {
    kAnswered,   // the whole reply is in `text`
    kTruncated,  // cut short by the limit on output or context; what came is in `text`
    kRefused,    // the model or its provider declined; `error` says how
    kTimedOut,   // the deadline passed
    kFailed,     // anything else that is not a reply
    kTooLong,    // more than the client takes in
    kStopped,    // waiting was ended by the wish to stop
    kSkipped,    // it was not asked after all
  };
  Outcome outcome = Outcome::kFailed;
  std::string text;        // of kAnswered and kTruncated: any bytes
  std::string error;       // of the others: one line
  std::string finish;      // why it ended, as its server says: "stop"; empty: nothing is said of it
  std::string said;        // what a command said beside its reply: one line for people, never kept
  bool hopeless = false;   // of kFailed: asking again soon cannot help (a wrong key, a spent quota)
  net::Usage usage;        // as reported; of all tries that were
  std::string parameters;  // what was asked for beside the prompt, as JSON; may be empty
  std::string served_by;   // the model or build that replied, as it says of itself; may be empty
  std::vector<std::string> left_out;  // parameters that the server refused by name
  int tries = 1;                      // requests made
  // Tries that came to no reply and that may be charged for all the same.
  int lost = 0;
  friend bool operator==(const Reply&, const Reply&) = default;
};

// Whether the server says that the model ended its reply by itself.
bool is_whole(const Reply& reply);

// Whether something came back from the model itself.
constexpr bool was_had(Reply::Outcome outcome) {
  return outcome == Reply::Outcome::kAnswered || outcome == Reply::Outcome::kTruncated ||
         outcome == Reply::Outcome::kRefused;
}

// Whether it is paid for, whatever it was.
constexpr bool is_paid(const Reply& reply) { return was_had(reply.outcome) || reply.usage.known(); }

// "answered", "truncated", ...
std::string_view name_of(Reply::Outcome outcome);

// Asked before a try is made after one that may have been charged for nothing; false: it is too dear.
using MayTryAgain = std::function<bool()>;

class LlmClient {
 public:
  virtual ~LlmClient() = default;
  // Written into the journal and into lineages.
  virtual std::string_view name() const = 0;
  // What identifies an exchange beside the question: name, model, parameters. No address, no key.
  virtual std::string identity() const { return std::string(name()); }
  virtual Reply ask(const Prompt& prompt, const MayTryAgain& may_try_again = {}) = 0;
  // Parameters that were found to be refused before, by another process perhaps: they are not sent.
  virtual void leave_out(const std::vector<std::string>& /*parameters*/) {}
};

}  // namespace llm_mutators
