// mixed_proposer.hpp: a share of the children from a language model, the rest from the genetic operators.
// Why:      operators are free and fast, models dear and slow; a run wants some of each, and must not stand
//           still when a model does.
// Use:      MixedProposer proposer(std::move(model), std::move(genetic), 0.2);
// Promises: see proposer.hpp. Which requests go to the model depends on (seed, generation, index) alone;
//           what the model makes nothing of goes to the genetic proposer with the rest.
// Threads:  as its parts.
// Tests:    tests/llm_mutators/proposers/mixed_proposer_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <memory>
#include <vector>

#include "evo/proposal/proposer.hpp"

namespace llm_mutators {

// How many requests of the generations after `from`, up to `to`, go to the model: known beforehand.
// `first` is the place of the first request of the island among those of all.
std::size_t requests_to_models(std::uint64_t seed, int from, int to, std::size_t children, double share,
                               std::size_t first = 0);

class MixedProposer : public evo::Proposer {
 public:
  // `share` in [0, 1] of the requests goes to the model, of every island.
  MixedProposer(std::unique_ptr<evo::Proposer> model, std::unique_ptr<evo::Proposer> genetic, double share);
  // A share for each island.
  MixedProposer(std::unique_ptr<evo::Proposer> model, std::unique_ptr<evo::Proposer> genetic,
                std::vector<double> shares);
  std::string_view name() const override { return "mixed"; }
  std::vector<std::optional<evo::Proposal>> propose(std::span<const evo::ProposalRequest> requests) override;
  void begin(const evo::Outlook& outlook) override {
    model_->begin(outlook);
    genetic_->begin(outlook);
  }
  void learn(std::span<const evo::ProposalOutcome> outcomes) override { model_->learn(outcomes); }
  std::string memory() const override { return model_->memory(); }
  std::vector<evo::Exchange> take_exchanges() override { return model_->take_exchanges(); }

 private:
  std::unique_ptr<evo::Proposer> model_, genetic_;
  std::vector<double> shares_;  // by island; the last is that of all others
};

}  // namespace llm_mutators
