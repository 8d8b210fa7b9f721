// model_chooser.hpp: which of several models a question goes to, and what its replies say of that model.
// Why:      models differ in price, in what they bring and in whether they answer at all; a run should put
//           its money where it gains most, and leave alone what fails.
// Use:      const auto models = chooser.available(memory, generation);
//           const auto choice = chooser.choose(memory, models, question);
//           if (choice) ... ask it ...;   chooser.account(memory, pending, result, generation);
// Rule:     a model may be asked when its circuit is closed (memory.hpp: Circuit) and its concurrency allows
//           another exchange. A question that one of these has answered already goes to that one; of the
//           others the bandit's favourite (model_choice.hpp) whose worst case the budget allows is asked. A
//           replay goes by what the run says was asked.
// Promises: what is chosen to be asked is reserved in the ledger at its worst.
// Threads:  one thread.
// Tests:    tests/llm_mutators/proposers/several_models_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <vector>

#include "llm_mutators/journal/journal.hpp"
#include "llm_mutators/journal/memory.hpp"
#include "llm_mutators/proposers/conversation.hpp"
#include "llm_mutators/proposers/endpoint.hpp"
#include "llm_mutators/proposers/observer.hpp"
#include "net/ledger.hpp"

namespace llm_mutators {

struct ModelChoice {
  std::size_t model = 0;  // its place among the endpoints
  ReplySource source = ReplySource::kModel;
};

class ModelChooser {
 public:
  struct Options {
    int most_repairs = 2;
    int failures_in_a_row = 3;
    // Questions wait for their turn at a model, however many there are.
    bool queues = false;
    bool keeps_reasons = true;  // why exchanges brought no child; the first programs kept none
  };

  ModelChooser(const Endpoints& endpoints, const Journal& journal, net::Ledger& ledger,
               const Reporter& reporter, Options options)
      : endpoints_(endpoints), journal_(journal), ledger_(ledger), reporter_(reporter), options_(options) {}

  // Models that may be asked in this generation.
  std::vector<std::size_t> available(const Memory& memory, int generation) const;

  // The one of them that the question goes to; nothing when the budget allows none.
  std::optional<ModelChoice> choose(Memory& memory, const std::vector<std::size_t>& models,
                                    const Question& question);
  // In a replay: the one that was asked this, if any was.
  std::optional<ModelChoice> choice_in_run(const Question& question) const;

  // Counts what a conversation used, how it ended, and what is no longer reserved for it.
  void account(Memory& memory, const PendingQuestion& asked, const ConversationResult& result,
               int generation);

 private:
  std::optional<std::size_t> answered_before(const std::vector<std::size_t>& models,
                                             const Question& question) const;
  std::optional<std::size_t> favourite(Memory& memory, std::vector<std::size_t> models,
                                       std::size_t prompt_bytes);
  void count(ModelRecord& record, const PendingQuestion& asked, const Reply& reply, int generation) const;
  void tell_failure(const PendingQuestion& asked, const Reply& reply, const Circuit& circuit,
                    bool opened) const;
  net::Amount worst(std::size_t model, std::size_t prompt_bytes) const;

  const Endpoints& endpoints_;
  const Journal& journal_;
  net::Ledger& ledger_;
  const Reporter& reporter_;
  const Options options_;
  bool told_budget_ = false;
};

}  // namespace llm_mutators
