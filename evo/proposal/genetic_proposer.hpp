// genetic_proposer.hpp: children by typed mutation and crossover (mutation.hpp and crossover.hpp of
// genome/variation).
// Why:      the half of variation that costs nothing.
// Use:      GeneticProposer proposer({.crossover = 0.4});
//           auto all = GeneticProposer::by_island(genetic_options(experiment, environments));
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
#include "genome/text/edition.hpp"
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
  int edition = genome::kLatestEdition;              // of the parts they are built with
  bool whole_samples = false;                        // new parts read whole branches alone
};

// Those of an experiment on these environments, by island.
std::vector<GeneticOptions> genetic_options(const Experiment& experiment,
                                            std::span<const replay::Environment> environments);

// All mutations but those that are off, by name.
std::vector<genome::Mutation> mutations_without(const std::vector<std::string>& off);

class GeneticProposer : public Proposer {
 public:
  // The same on every island.
  explicit GeneticProposer(const GeneticOptions& options);
  // By island, of one at least; islands beyond are as the last.
  static GeneticProposer by_island(std::span<const GeneticOptions> options);
  std::string_view name() const override { return "genetic"; }
  std::vector<std::optional<Proposal>> propose(std::span<const ProposalRequest> requests) override;

 private:
  // What the children of an island are made by.
  struct Operators {
    explicit Operators(const GeneticOptions& with);

    GeneticOptions options;
    genome::Material material;
    std::vector<genome::Mutation> mutations;
    std::vector<genome::Crossover> crossovers;
    std::vector<std::string_view> mutation_names, crossover_names;
  };

  static std::optional<Proposal> one(const ProposalRequest& request, const Operators& operators);
  std::vector<Operators> operators_;  // by island
};

}  // namespace evo
