// genetic_proposer.hpp: children by typed mutation and crossover (mutation.hpp and crossover.hpp of
// genome/variation).
// Why:      the half of variation that costs nothing.
// Use:      GeneticProposer proposer({.crossover = 0.4});
// Promises: operators are drawn evenly, numbers by the chance `constants`; with rates in the request, by what
//           they brought so far. See proposer.hpp; the stream of a child is keyed by seed, generation and
//           index.
// Threads:  see proposer.hpp; children of a batch are made in parallel.
#pragma once

#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evo/experiment/experiment.hpp"
#include "evo/proposal/proposer.hpp"
#include "genome/variation/crossover.hpp"
#include "genome/variation/mutation.hpp"
#include "replay/environment/environment.hpp"

namespace evo {

struct GeneticOptions {
  double crossover = 0.4;                            // chance of two parents
  double constants = 0.5;                            // chance that a mutation changes numbers only
  int most_mutations = 3;                            // in one child
  std::vector<std::string> without;                  // names of operators that are off
  std::vector<genome::RecordedSignal> signals = {};  // that children may look at
};

// Those of an experiment on these environments.
GeneticOptions genetic_options(const Experiment& experiment,
                               std::span<const replay::Environment> environments);

// All mutations but those that are off, by name.
std::vector<genome::Mutation> mutations_without(const std::vector<std::string>& off);

class GeneticProposer : public Proposer {
 public:
  explicit GeneticProposer(const GeneticOptions& options);
  std::string_view name() const override { return "genetic"; }
  std::vector<std::optional<Proposal>> propose(std::span<const ProposalRequest> requests) override;

 private:
  std::optional<Proposal> one(const ProposalRequest& request) const;
  GeneticOptions options_;
  genome::Material material_;
  std::vector<genome::Mutation> mutations_;
  std::vector<genome::Crossover> crossovers_;
  std::vector<std::string_view> mutation_names_, crossover_names_;
};

}  // namespace evo
