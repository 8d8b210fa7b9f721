// conversation.hpp: a question put to a model until it is answered with a controller, or given up.
// Why:      replies come late and in any order; what one question comes to must not depend on any other.
// Use:      Result result = converse(endpoint, journal, prompter, question, options);
// Promises: a reply that does not check, that is cut short, or that is a controller known already is sent
//           back with all that is wrong, at most `most_repairs` times. Every reply is in the journal before
//           it is looked at, and every call is noted there before it is made. What is at hand is not asked
//           again; with `only_recalled` nothing is asked at all. The result depends on the question and the
//           replies alone.
// Threads:  any number of conversations at a time.
#pragma once

#include <functional>
#include <optional>
#include <string>
#include <vector>

#include "llm_mutators/journal/journal.hpp"
#include "llm_mutators/prompts/prompt.hpp"
#include "llm_mutators/proposers/endpoint.hpp"
#include "net/ledger.hpp"

namespace llm_mutators {

struct ConversationOptions {
  int most_repairs = 2;
  int failures_in_a_row = 3;
  bool only_recalled = false;
  bool may_ask = true;            // false: the budget allows nothing beside what is at hand
  net::Ledger* ledger = nullptr;  // asked before a try after one that may have been charged; may be null
  std::function<bool()> stop;     // may be empty
  // What took time, for a log: seconds and the record of an exchange. May be empty.
  std::function<void(double seconds, const Question&, const Kept&)> log;
};

// What a conversation came to.
struct Talk {
  std::vector<Kept> exchanges;       // in the order of asking
  std::vector<net::Amount> amounts;  // that each used
  std::optional<genome::CheckedController> child;
  std::string hypothesis;
  bool repaired = false;
  std::string problem;   // without a child: why, in a line
  bool stopped = false;  // given up because it was asked to stop: nothing of it counts
  net::Amount extra;     // reserved in the ledger beside what was reserved for the question
};

Talk converse(Endpoint& endpoint, const Journal& journal, const Prompter& prompter, Question question,
              const ConversationOptions& options);

// The most that a question with all its repairs may use.
net::Amount worst_of(const Model& model, std::size_t prompt_bytes, int most_repairs);

// The same for controllers that are one program in other words (see genome/comparison/equivalence.hpp).
std::string fingerprint(const genome::CheckedController& controller);

}  // namespace llm_mutators
