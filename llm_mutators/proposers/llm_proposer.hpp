// llm_proposer.hpp: children proposed by language models.
// Why:      a model reads what a controller means and can change it on purpose; operators cannot.
// Use:      LlmProposer proposer(std::move(models), Journal({...}), {.observer = terminal});
//           proposer.begin(outlook);
//           auto children = proposer.propose(requests);
// Life of a question:
//
//     request --> asked --> replied --> proposed --> learned
//                   |          |                        ^
//                   v          +------------------------+   no controller came of it, or a known one
//                 lost
//
//   asked     The question is about one parent (mutate), two (cross: the second is ahead where the first is
//             behind, see mate_choice.hpp) or none (invent), drawn by a stream keyed by (seed, generation,
//             index). A model is chosen for it (model_chooser.hpp), and a conversation begins (inbox.hpp).
//             The memory holds it as a PendingQuestion; the run keeps it, so that it can be asked again.
//   replied   The conversation is over (ConversationResult). Results take effect in the order of asking, of
//             each model, and a generation waits only for what was asked `patience` generations ago.
//   proposed  The child is in the answer to propose() (ProposedChild); the journal says in which generation.
//   learned   learn() has said what became of the child: a Lesson in the memory, a gain of its model.
//   lost      The process ended while a call was under way (pending_calls.hpp). The call may be charged, so
//             the budget counts it at its worst price; the question is asked again.
//
// Promises: see proposer.hpp. What the journal holds is never asked again. Given the journal the proposals
//           are the same: with `replay` nothing is asked, no budget is looked at, and each result takes
//           effect when it did before. A generation that is made again after a kill, or by a fork, takes in
//           what it took and asks what it asked, as long as no client failed and the budget was not near its
//           end. With patience 0 a killed and resumed run also reaches the same trees as one never stopped.
// Throws:   Stopped; StorageError.
// Threads:  called from one thread; for the observer see observer.hpp.
// Tests:    tests/llm_mutators/proposers/llm_proposer_test.cpp, several_models_test.cpp, resume_test.cpp
#pragma once

#include <map>
#include <memory>
#include <optional>
#include <string>
#include <vector>

#include "evo/proposal/proposer.hpp"
#include "genome/base/error.hpp"
#include "llm_mutators/journal/journal.hpp"
#include "llm_mutators/journal/memory.hpp"
#include "llm_mutators/prompts/prompt.hpp"
#include "llm_mutators/proposers/endpoint.hpp"
#include "llm_mutators/proposers/inbox.hpp"
#include "llm_mutators/proposers/model_chooser.hpp"
#include "llm_mutators/proposers/observer.hpp"
#include "net/ledger.hpp"

namespace llm_mutators {

// What an island asks in a way of its own.
struct IslandPrompts {
  Task task;
  Prompter::Templates templates;
  double invent = 0;  // chance of a question about no parent
};

struct LlmOptions {
  Task task;
  Prompter::Templates templates;
  double crossover = 0.5;                         // chance of two parents being joined
  double invent = 0;                              // chance of a question about no parent
  std::vector<IslandPrompts> other_islands = {};  // these three, of islands beyond the first
  int most_repairs = 2;                           // of one reply
  int failures_in_a_row = 3;
  int patience = 0;
  bool raw = false;        // children are proposed as raw (see proposer.hpp)
  bool replay = false;     // nothing is asked; all is in the journal's `committed`
  int prompt_version = 2;  // see evo/experiment/experiment.hpp
  net::SpendingLimits limits;
  std::shared_ptr<Observer> observer;  // may be null
};

class LlmProposer : public evo::Proposer {
 public:
  LlmProposer(std::vector<Model> models, Journal journal, LlmOptions options);
  LlmProposer(std::unique_ptr<LlmClient> client, Journal journal, LlmOptions options);
  // Waits for the exchanges under way, unless the observer says otherwise: they are paid for.
  ~LlmProposer() override;
  std::string_view name() const override { return "models"; }
  void begin(const evo::Outlook& outlook) override;
  std::vector<std::optional<evo::Proposal>> propose(std::span<const evo::ProposalRequest> requests) override;
  void learn(std::span<const evo::ProposalOutcome> outcomes) override;
  std::string memory() const override { return memory_.text(); }
  std::vector<evo::Exchange> take_exchanges() override;

  const Memory& known() const { return memory_; }
  net::Amount under_way() const { return ledger_.reserved(); }
  // What earlier processes lost; known from the first begin() on.
  LostCalls lost() const { return lost_.value_or(LostCalls{}); }

 private:
  struct ProposedChild {
    std::string exchange, model, hypothesis;
    bool parentless = false;
    double parent_fitness = 0;
  };
  struct NewQuestion {
    Question question;
    PendingQuestion pending;  // what is remembered of it
  };

  void ask(const evo::ProposalRequest& request);
  NewQuestion question_of(const evo::ProposalRequest& request);
  std::string purpose_of(const evo::ProposalRequest& request) const;
  const evo::Individual& mate_for(const evo::ProposalRequest& request) const;
  const std::vector<std::string>& known_controllers();

  // Children for the requests of a generation, each at a place of the island that asked for it.
  class Places;

  // The digests of the questions whose replies took effect.
  std::vector<std::string> take_replies(Places& places, int generation);
  void take_effect(const PendingQuestion& asked, ConversationResult result, int generation, Places& places);
  // Of one whose number may be that of a run with more islands.
  std::size_t island_of(const PendingQuestion& asked) const;
  double invent_on(std::size_t island) const;
  std::string outcome_text(const ProposedChild& child, const evo::ProposalOutcome& outcome,
                           double gain) const;
  const Wording& words() const { return prompters_.front().words(); }

  Journal journal_;
  LlmOptions options_;
  std::vector<Prompter> prompters_;  // by island
  net::Ledger ledger_;
  Reporter reporter_;
  Memory memory_;
  evo::Outlook outlook_;
  ModelChooser chooser_;
  Inbox inbox_;
  std::vector<ProposedChild> proposed_;  // in this generation
  std::vector<evo::Exchange> exchanges_;
  std::map<std::string, std::string> fingerprints_;  // by id
  std::vector<std::string> known_;                   // of this generation; empty: not made yet
  std::optional<LostCalls> lost_;                    // once it was looked up
  // Last, so that all else still stands while the threads of these end.
  Endpoints endpoints_;
};

}  // namespace llm_mutators
