#include "llm_mutators/proposers/mixed_proposer.hpp"

#include <algorithm>
#include <utility>

#include "genome/base/check.hpp"
#include "genome/base/rng.hpp"

namespace llm_mutators {
namespace {

namespace base = genome::base;

bool goes_to_model(const evo::ProposalRequest& r, double share) {
  auto rng = base::keyed_stream(r.seed, base::Stream::kModelShare, static_cast<std::uint64_t>(r.generation),
                                r.index);
  return base::chance(rng, share);
}

// Asks for the requests at these places, and puts what comes back there.
void fill(std::vector<std::optional<evo::Proposal>>& proposals, evo::Proposer& from,
          std::span<const evo::ProposalRequest> requests, const std::vector<std::size_t>& places) {
  std::vector<evo::ProposalRequest> some;
  for (const std::size_t place : places) some.push_back(requests[place]);
  auto made = from.propose(some);
  EVOTTS_CHECK(made.size() == places.size());
  for (std::size_t i = 0; i < places.size(); ++i) proposals[places[i]] = std::move(made[i]);
}

}  // namespace

std::size_t requests_to_models(std::uint64_t seed, int from, int to, std::size_t children, double share,
                               std::size_t first) {
  std::size_t count = 0;
  for (int generation = from + 1; generation <= to; ++generation) {
    for (std::size_t index = 0; index < children; ++index)
      count += goes_to_model({seed, generation, first + index, {}}, share) ? 1 : 0;
  }
  return count;
}

MixedProposer::MixedProposer(std::unique_ptr<evo::Proposer> model, std::unique_ptr<evo::Proposer> genetic,
                             double share)
    : MixedProposer(std::move(model), std::move(genetic), std::vector<double>{share}) {}

MixedProposer::MixedProposer(std::unique_ptr<evo::Proposer> model, std::unique_ptr<evo::Proposer> genetic,
                             std::vector<double> shares)
    : model_(std::move(model)), genetic_(std::move(genetic)), shares_(std::move(shares)) {
  EVOTTS_CHECK(!shares_.empty());
}

std::vector<std::optional<evo::Proposal>> MixedProposer::propose(
    std::span<const evo::ProposalRequest> requests) {
  std::vector<std::optional<evo::Proposal>> proposals(requests.size());
  std::vector<std::size_t> for_model, for_genetic;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const std::size_t island = std::min(requests[i].island, shares_.size() - 1);
    if (goes_to_model(requests[i], shares_[island])) for_model.push_back(i);
  }
  fill(proposals, *model_, requests, for_model);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!proposals[i]) for_genetic.push_back(i);
  }
  fill(proposals, *genetic_, requests, for_genetic);
  return proposals;
}

}  // namespace llm_mutators
