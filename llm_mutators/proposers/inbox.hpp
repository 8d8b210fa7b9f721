// inbox.hpp: questions that were asked and whose replies have not taken effect.
// Why:      replies come late, in any order and from several threads, and a process may be killed between a
//           question and its reply. Which reply takes effect in which generation must not depend on that.
// Use:      inbox.ask(choice, digest, question);
//           if (inbox.is_due(pending, generation))
//             if (auto result = inbox.take(pending)) ... use it ...
// Rule:     a reply is due `patience` generations after its question, and is waited for then; earlier it is
//           due when it is there. What a killed process, or the run that this one was forked from, took in a
//           generation is due there again. In a replay a reply is due when the run says that it took effect.
// Promises: a question that another process asked is asked again, from what the run keeps of it. What a
//           conversation threw, take() throws.
// Throws:   Stopped, when it is to stop while a reply is waited for; StorageError.
// Threads:  one thread; conversations run in those of their endpoints, which must end before the inbox does.
// Tests:    tests/llm_mutators/proposers/several_models_test.cpp
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "genome/base/error.hpp"
#include "llm_mutators/journal/journal.hpp"
#include "llm_mutators/journal/memory.hpp"
#include "llm_mutators/prompts/prompt.hpp"
#include "llm_mutators/proposers/conversation.hpp"
#include "llm_mutators/proposers/endpoint.hpp"
#include "llm_mutators/proposers/model_chooser.hpp"
#include "llm_mutators/proposers/observer.hpp"
#include "net/ledger.hpp"

namespace llm_mutators {

// propose() was asked to stop. The generation is not made; what was replied so far is in the journal.
struct Stopped : genome::base::Error {
  explicit Stopped(std::string message) : Error(genome::base::Fault::kSystem, std::move(message)) {}
};

class Inbox {
 public:
  struct Options {
    int most_repairs = 2;
    int failures_in_a_row = 3;
    int patience = 0;     // generations
    bool replay = false;  // nothing is asked
    int prompt_version = 2;
  };

  // A prompter for each island.
  Inbox(const Endpoints& endpoints, const Journal& journal, const std::vector<Prompter>& prompters,
        net::Ledger& ledger, const Reporter& reporter, Options options);
  ~Inbox();
  Inbox(const Inbox&) = delete;
  Inbox& operator=(const Inbox&) = delete;

  // Begins the conversation. What ReplySource::kModel allows has been reserved in the ledger.
  void ask(const ModelChoice& choice, const std::string& digest, Question question);

  // Whether the reply takes effect in this generation; waits for one that must. A question that cannot be
  // asked again is due, and nothing comes of it.
  bool is_due(const PendingQuestion& asked, int generation);

  // What its conversation came to, which ends its stay here; nothing when it cannot be asked again.
  std::optional<ConversationResult> take(const PendingQuestion& asked);

  // The record of a question under way, which lets a resumed run ask it again.
  evo::Exchange record_of(const PendingQuestion& asked) const;

  // Notes which replies took effect before the first question of a generation, unless it was noted before:
  // the question depends on them.
  void note_moment(int generation, const std::vector<std::string>& entered) const;

 private:
  struct RunningConversation;
  RunningConversation* find_or_resume(const PendingQuestion& asked);
  RunningConversation& start(const ModelChoice& choice, const std::string& digest, Question question);
  std::optional<bool> was_due(const PendingQuestion& asked, int generation) const;
  void wait_for(RunningConversation& conversation) const;
  ConversationResult run(const RunningConversation& conversation) const;

  const Endpoints& endpoints_;
  const Journal& journal_;
  const std::vector<Prompter>& prompters_;
  net::Ledger& ledger_;
  const Reporter& reporter_;
  const Options options_;
  std::map<std::string, std::shared_ptr<RunningConversation>> running_;  // by digest, under way or over
};

}  // namespace llm_mutators
