#include "llm_mutators/proposers/mixed_proposer.hpp"

#include "genome/base/check.hpp"
#include "genome/base/rng.hpp"

namespace llm_mutators {
namespace {

namespace base = genome::base;

// Beside the streams of genetic_proposer.cpp (0) and llm_proposer.cpp (2, 3, 4).
constexpr std::uint64_t kShareStream = 1;

bool goes_to_model(const evo::ProposalRequest& r, double share) {
  auto rng = base::keyed_stream(r.seed, base::Purpose::kProposal, static_cast<std::uint64_t>(r.generation),
                                r.index, kShareStream);
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

std::size_t requests_to_models(std::uint64_t seed, int from, int to, std::size_t children, double share) {
  std::size_t count = 0;
  for (int generation = from + 1; generation <= to; ++generation) {
    for (std::size_t index = 0; index < children; ++index)
      count += goes_to_model({seed, generation, index, {}}, share) ? 1 : 0;
  }
  return count;
}

MixedProposer::MixedProposer(std::unique_ptr<evo::Proposer> model, std::unique_ptr<evo::Proposer> genetic,
                             double share)
    : model_(std::move(model)), genetic_(std::move(genetic)), share_(share) {}

std::vector<std::optional<evo::Proposal>> MixedProposer::propose(
    std::span<const evo::ProposalRequest> requests) {
  std::vector<std::optional<evo::Proposal>> proposals(requests.size());
  std::vector<std::size_t> for_model, for_genetic;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (goes_to_model(requests[i], share_)) for_model.push_back(i);
  }
  fill(proposals, *model_, requests, for_model);
  for (std::size_t i = 0; i < requests.size(); ++i) {
    if (!proposals[i]) for_genetic.push_back(i);
  }
  fill(proposals, *genetic_, requests, for_genetic);
  return proposals;
}

}  // namespace llm_mutators
