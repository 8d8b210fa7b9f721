// llm_proposer.hpp: children proposed by language models.
// Why:      a model reads what a controller means and can change it on purpose; operators cannot.
// Use:      LlmProposer proposer(std::move(models), Journal({...}), {.tell = print});
//           proposer.begin(outlook);
//           auto children = proposer.propose(requests);
// Flow:     each request is a question: of one parent (mutate), of two (cross: the second is one that is
//           ahead where the first is behind, see strengths.hpp) or of none (invent), drawn by a stream keyed
//           by (seed, generation, index). The model is chosen by what its children gained for their money
//           (bandit.hpp), among those that are not left alone after failures (memory.hpp: Circuit), whose
//           limits allow another exchange, and whose worst case the budget allows (ledger.hpp), what was
//           lost by kills included (intents.hpp). Questions are asked side by side. Their results take
//           effect in the order of asking, of each model, and a generation waits for one only when it was
//           asked `patience` generations ago: with 0 in the same.
// Promises: see proposer.hpp. What the journal holds is never asked again. Given the journal the proposals
//           are the same: with `replay` nothing is asked, no budget is looked at, and each result takes
//           effect when it did before. A generation that is made again after a kill, or by a fork, takes in
//           what it took and asks what it asked, as long as no client failed and the budget was not near its
//           end. With patience 0 a killed and resumed run also reaches the same trees as one never stopped.
// Throws:   Stopped; StorageError.
// Threads:  called from one thread; `tell`, `log` and `stop` may be called from others, the first two one at
//           a time.
#pragma once

#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <optional>
#include <string>
#include <vector>

#include "evo/proposal/proposer.hpp"
#include "genome/base/error.hpp"
#include "llm_mutators/journal/journal.hpp"
#include "llm_mutators/journal/memory.hpp"
#include "llm_mutators/prompts/prompt.hpp"
#include "llm_mutators/proposers/conversation.hpp"
#include "llm_mutators/proposers/endpoint.hpp"
#include "net/ledger.hpp"

namespace llm_mutators {

// propose() was asked to stop. The generation is not made; what was replied so far is in the journal.
struct Stopped : genome::base::Error {
  explicit Stopped(std::string message) : Error(genome::base::Fault::kSystem, std::move(message)) {}
};

struct LlmOptions {
  Task task;
  Prompter::Templates templates;
  double crossover = 0.5;  // chance of two parents being joined
  double invent = 0;       // chance of a question about no parent
  int most_repairs = 2;    // of one reply
  int failures_in_a_row = 3;
  int patience = 0;
  bool raw = false;     // children are proposed as raw (see proposer.hpp)
  bool replay = false;  // nothing is asked; all is in the journal's `committed`
  net::SpendingLimits limits;
  // What is to be said of a parent beside its curve: why it fails. May be empty.
  std::function<std::string(const evo::Individual&)> observe;
  std::function<void(const std::string& message)> tell;  // may be empty
  std::function<void(const std::string& line)> log;  // one JSON line an exchange, with times; may be empty
  std::function<bool()> stop;                        // may be empty
};

class LlmProposer : public evo::Proposer {
 public:
  LlmProposer(std::vector<Model> models, Journal journal, LlmOptions options);
  LlmProposer(std::unique_ptr<LlmClient> client, Journal journal, LlmOptions options);
  // Waits for the exchanges under way, unless `stop` says otherwise: they are paid for.
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
  Lost lost() const { return lost_.value_or(Lost{}); }

 private:
  struct Task;      // a conversation, under way or over
  struct Entered {  // a child whose fate is awaited
    std::string exchange, model, hypothesis;
    bool parentless = false;
    double parent_fitness = 0;
  };
  struct Asking;  // a question, and what is to be remembered of it

  // The digests of the questions whose replies took effect.
  std::vector<std::string> enter(std::vector<evo::Proposal>& children, std::size_t most, int generation);
  void note_moment(int generation, const std::vector<std::string>& entered) const;
  std::optional<bool> was_due(const Pending& pending, int generation) const;
  bool is_due(const Pending& pending, Task& task, int generation);
  void take_effect(const Pending& pending, Task& task, int generation, std::vector<evo::Proposal>& children);
  void account(const Pending& pending, const Task& task, int generation);
  void tell_failure(const Pending& pending, const Reply& reply, const Circuit& circuit, bool opened) const;

  void ask(const evo::ProposalRequest& request);
  const evo::Individual& mate_for(const evo::ProposalRequest& request) const;
  Asking question_of(const evo::ProposalRequest& request);
  // Models that may be asked now, and of them one that the budget allows; its worst case is reserved.
  std::vector<std::size_t> available(int generation) const;
  std::optional<std::size_t> chosen(std::vector<std::size_t> models, std::size_t prompt_bytes);
  std::optional<std::size_t> chosen_before(const Question& question) const;
  std::optional<std::size_t> answered_before(const std::vector<std::size_t>& models,
                                             const Question& question) const;
  // `allowed`: by the budget, at its worst; otherwise it only takes what is at hand.
  Task& start(std::size_t model, const std::string& digest, Question question, bool allowed);
  Task* task_of(const Pending& pending);  // null when its model or its record is gone
  std::size_t asked_of(const std::string& model) const;
  const std::vector<std::string>& known_controllers();
  Talk talk(const Task& task);
  std::string purpose_of(const evo::ProposalRequest& request) const;
  void tell(const std::string& message) const;
  void log(double seconds, const Question& question, const Kept& kept, std::string_view model) const;

  Journal journal_;
  LlmOptions options_;
  Prompter prompter_;
  net::Ledger ledger_;
  Memory memory_;
  evo::Outlook outlook_;
  std::map<std::string, std::shared_ptr<Task>> tasks_;  // by digest
  std::vector<Entered> entered_;                        // in this generation
  std::vector<evo::Exchange> exchanges_;
  std::map<std::string, std::string> fingerprints_;  // by id
  std::vector<std::string> known_;                   // of this generation; empty: not made yet
  bool told_budget_ = false;
  std::optional<Lost> lost_;  // once it was looked up
  mutable std::mutex telling_;
  // Last, so that all else still stands while the threads of these end.
  std::vector<std::unique_ptr<Endpoint>> endpoints_;
};

}  // namespace llm_mutators
