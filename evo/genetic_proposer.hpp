// genetic_proposer.hpp: children by typed mutation and crossover (genome/mutation.hpp, genome/crossover.hpp).
// Why:      the half of variation that costs nothing.
// Use:      GeneticProposer proposer({.crossover = 0.4});
// Promises: see proposer.hpp; the stream of a child is keyed by seed, generation and index.
// Threads:  see proposer.hpp; children of a batch are made in parallel.
#pragma once

#include "evo/proposer.hpp"

namespace evo {

struct GeneticOptions {
  double crossover = 0.4;  // chance of two parents
  double constants = 0.5;  // chance that a mutation changes numbers only
  int most_mutations = 3;  // in one child
};

class GeneticProposer : public Proposer {
 public:
  explicit GeneticProposer(const GeneticOptions& options) : options_(options) {}
  std::string_view name() const override { return "genetic"; }
  std::vector<std::optional<Proposal>> propose(std::span<const ProposalRequest> requests) override;

 private:
  std::optional<Proposal> one(const ProposalRequest& request) const;
  GeneticOptions options_;
};

}  // namespace evo
