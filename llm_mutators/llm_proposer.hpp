// llm_proposer.hpp: children proposed by a language model.
// Why:      a model reads what a controller means and can change it on purpose; operators cannot.
// Use:      LlmProposer proposer(std::make_unique<CommandClient>(...), Journal({...}), {.tell = print});
//           auto children = proposer.propose(requests);
// Promises: see proposer.hpp. One parent is changed; of two, by a stream keyed by (seed, generation, index),
//           the first is changed or both are joined. A reply that cannot be used is sent back with all that
//           is wrong, at most `most_repairs` times. What the journal holds is never asked again.
//           A failure of the client is no answer: it is told, not journalled, and asked again when the
//           generation is made again. So a killed and resumed run reaches the same trees as long as the
//           client did not fail in the generation that was cut off.
//           After `failures_in_a_row` failures the client is left alone for the rest of the generation.
// Throws:   Stopped; JournalError.
// Threads:  one thread; questions are asked one after the other.
#pragma once

#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <vector>

#include "evo/proposer.hpp"
#include "llm_mutators/journal.hpp"
#include "llm_mutators/llm_client.hpp"
#include "llm_mutators/prompt.hpp"

namespace llm_mutators {

// propose() was asked to stop. The generation is not made; what was replied so far is in the journal.
struct Stopped : std::runtime_error {
  using std::runtime_error::runtime_error;
};

struct LlmOptions {
  Task task;
  double crossover = 0.5;  // chance of two parents being joined
  int most_repairs = 2;    // of one reply
  int failures_in_a_row = 3;
  std::function<void(const std::string& message)> tell;  // may be empty
  std::function<bool()> stop;                            // may be empty; asked before every question
};

class LlmProposer : public evo::Proposer {
 public:
  LlmProposer(std::unique_ptr<LlmClient> client, Journal journal, LlmOptions options);
  std::string_view name() const override { return client_->name(); }
  std::vector<std::optional<evo::Proposal>> propose(std::span<const evo::ProposalRequest> requests) override;
  std::vector<evo::Exchange> take_exchanges() override;

 private:
  std::optional<evo::Proposal> one(const evo::ProposalRequest& request);
  std::optional<Kept> ask(const Question& question);
  void note_failure(const Question& question, const Reply& reply);
  void tell(const std::string& message) const;

  std::unique_ptr<LlmClient> client_;
  Journal journal_;
  LlmOptions options_;
  std::vector<evo::Exchange> exchanges_;
  int failures_ = 0;  // in a row, in this generation
};

}  // namespace llm_mutators
