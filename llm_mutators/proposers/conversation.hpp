// conversation.hpp: a question put to a model until it is answered with a controller, or given up.
// Why:      replies come late and in any order; what one question comes to must not depend on any other.
// Use:      ConversationResult result = converse(endpoint, journal, prompter, question, ledger, reporter,
//                                                {.most_repairs = 2});
// Promises: a reply that does not check, that is cut short, or that is a controller known already is sent
//           back with all that is wrong, at most `most_repairs` times. Every reply is in the journal before
//           it is looked at, and every call is noted there before it is made. What is at hand is not asked
//           again. Nothing is sent back to a model that spent all its tokens on thinking: it would again. The
//           result depends on the question and the replies alone.
// Threads:  any number of conversations at a time.
// Tests:    tests/llm_mutators/proposers/llm_proposer_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <vector>

#include "llm_mutators/journal/journal.hpp"
#include "llm_mutators/prompts/prompt.hpp"
#include "llm_mutators/proposers/endpoint.hpp"
#include "llm_mutators/proposers/observer.hpp"
#include "net/ledger.hpp"

namespace llm_mutators {

// Where the replies of a conversation may come from.
enum class ReplySource : std::uint8_t {
  kModel,    // what is at hand, then the model itself
  kAtHand,   // what is spooled or inherited: the budget allows no call
  kJournal,  // what is at hand or in the run, for a replay: nothing is asked
};

struct ConversationOptions {
  int most_repairs = 2;
  int failures_in_a_row = 3;  // after which a model is left alone
  ReplySource source = ReplySource::kModel;
  int prompt_version = 2;  // 1: replies are read as the first programs did (see text/first_reply.hpp)
};

inline constexpr const char* kKnownAlready = "a controller that is known already";

struct ConversationResult {
  std::vector<RecordedReply> exchanges;  // in the order of asking
  std::vector<net::Amount> amounts;      // that each used
  std::vector<std::string> reasons;      // why each brought no child, in a few words; empty: it did
  std::optional<genome::CheckedController> child;
  std::string hypothesis;
  bool repaired = false;
  std::string problem;   // without a child: why, in a line
  bool stopped = false;  // given up because it was asked to stop: nothing of it counts
  net::Amount reserved;  // in the ledger, for tries after ones that may have been charged
};

// A try after one that may have been charged is made only if the ledger allows it.
ConversationResult converse(Endpoint& endpoint, const Journal& journal, const Prompter& prompter,
                            Question question, net::Ledger& ledger, const Reporter& reporter,
                            const ConversationOptions& options);

// The most that a question with all its repairs may use.
net::Amount worst_of(const Model& model, std::size_t prompt_bytes, int most_repairs);

// The same for controllers that are one program in other words (see genome/comparison/equivalence.hpp).
std::string fingerprint(const genome::CheckedController& controller);

}  // namespace llm_mutators
