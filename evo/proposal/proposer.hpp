// proposer.hpp: where new controllers come from: parents in, checked children out.
// Why:      the generation step must not care whether a genetic operator or a language model made a child.
// Use:      class MyProposer : public Proposer { ... };
//           std::vector<std::optional<Proposal>> children = proposer.propose(requests);
// Promises: one answer a request; nothing where no child came about. Requests are those of all islands,
//           island after island. The answers depend on the requests and
//           what begin() was told (for a language model: on its journal besides), so a repeated generation
//           proposes the same. A proposer never sees scores it could change.
// Order:    begin(), propose(), learn(), memory(), take_exchanges(), once a generation each.
// Threads:  propose() is called from one thread; it may use more inside.
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>
#include <vector>

#include "evo/population/archive.hpp"
#include "evo/population/expected_gain.hpp"
#include "evo/population/individual.hpp"
#include "evo/population/operator_rates.hpp"

namespace evo {

struct ProposalRequest {
  std::uint64_t seed = 0;  // of the island's experiment
  int generation = 0;      // that the child will be born in
  std::size_t index = 0;   // of the request within the generation, over all islands
  // The first is the one to be changed, the second a mate that is better at other budgets. Never empty.
  std::vector<const Individual*> parents;
  const OperatorRates* rates = nullptr;  // of the island so far; null where they are not to be used
  std::size_t island = 0;                // that the child will live on, counted from 0
};

// An exchange with a language model, as it is kept in the run under journal/.
struct Exchange {
  std::string digest;  // 40 hexadecimal digits: of the request
  std::string json;    // the whole record
};

struct Proposal {
  genome::CheckedController child;
  std::vector<std::string> parents;  // ids of those that were used
  std::string operation;             // for the lineage
  std::string exchange;              // digest of the exchange it came from, or empty
  std::string hypothesis;            // why it should be better, in a line; may be empty
  bool raw = false;                  // its numbers are first guesses: they are tuned before it is judged
  std::string duplicate_of;          // id of another that acts the same, once that is known: no news
};

// The run as it stands when a generation begins. Valid until propose() returns.
struct Outlook {
  int generation = 0;                      // that is made
  std::span<const Individual> population;  // of the first island, the best first; never empty
  std::vector<std::span<const Individual>> other_islands = {};  // likewise
  const Individual* best = nullptr;                             // of the run
  const Archive* archive = nullptr;
  std::string_view memory;  // what memory() gave at the end of the generation before; may be empty
  const ExpectedGain* expected = nullptr;  // on new questions; null where it is not estimated

  std::size_t islands() const { return 1 + other_islands.size(); }
  std::span<const Individual> population_of(std::size_t island) const {
    return island == 0 ? population : other_islands[island - 1];
  }
};

// What became of a proposal that came from an exchange with a language model.
struct ProposalOutcome {
  std::string exchange;
  std::string id;            // of the child
  std::string duplicate_of;  // whom it equals, by text or in all that it does; such a child is not kept
  double score = 0;          // as far as it was scored
  double fitness = 0;
  bool lives = false;  // has a place in the population
  bool leads = false;  // is the best of the run
};

class Proposer {
 public:
  virtual ~Proposer() = default;
  virtual std::string_view name() const = 0;
  virtual void begin(const Outlook&) {}
  virtual std::vector<std::optional<Proposal>> propose(std::span<const ProposalRequest> requests) = 0;
  virtual void learn(std::span<const ProposalOutcome>) {}
  // What must be known in the next generation, as a JSON object, or nothing: it is kept in the checkpoint.
  virtual std::string memory() const { return {}; }
  // The exchanges since the last call, in the order of the requests; they are committed with the
  // generation they served. A proposer without a language model has none.
  virtual std::vector<Exchange> take_exchanges() { return {}; }
};

}  // namespace evo
