#include "evo/genetic_proposer.hpp"

#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include "genome/base/rng.hpp"
#include "genome/crossover.hpp"
#include "genome/mutation.hpp"

namespace evo {

namespace base = genome::base;

std::vector<std::optional<Proposal>> GeneticProposer::propose(std::span<const ProposalRequest> requests) {
  std::vector<std::optional<Proposal>> proposals(requests.size());
  tbb::parallel_for(std::size_t{0}, requests.size(), [&](std::size_t i) { proposals[i] = one(requests[i]); });
  return proposals;
}

std::optional<Proposal> GeneticProposer::one(const ProposalRequest& request) const {
  auto rng = base::keyed_stream(request.seed, base::Purpose::kProposal,
                                static_cast<std::uint64_t>(request.generation), request.index);
  const Individual& mother = *request.parents[0];
  genome::Controller child = mother.controller.tree();
  std::vector<std::string> parents = {mother.id};
  std::string operation;
  const auto note = [&](std::string_view what) {
    operation += fmt::format("{}{}", operation.empty() ? "" : "+", what);
  };

  if (request.parents.size() > 1 && request.parents[1] != request.parents[0] &&
      base::chance(rng, options_.crossover)) {
    const auto kinds = genome::all_crossovers();
    const genome::Crossover kind = kinds[base::uniform_index(rng, kinds.size())];
    if (auto crossed = genome::cross(rng, child, request.parents[1]->controller.tree(), kind)) {
      child = std::move(*crossed);
      parents.push_back(request.parents[1]->id);
      note(genome::name_of(kind));
    }
  }
  // A crossed child is often left as it is; an uncrossed one never.
  auto mutations = base::uniform_int(rng, operation.empty() ? 1 : 0, options_.most_mutations);
  for (; mutations > 0; --mutations) {
    const auto kinds = genome::all_mutations();
    const genome::Mutation kind = base::chance(rng, options_.constants)
                                      ? genome::Mutation::kConstants
                                      : kinds[base::uniform_index(rng, kinds.size())];
    if (auto mutant = genome::mutate(rng, child, kind)) {
      child = std::move(*mutant);
      note(genome::name_of(kind));
    }
  }
  if (operation.empty()) return std::nullopt;
  auto checked = genome::check(child).controller;
  if (!checked) return std::nullopt;
  return Proposal{std::move(*checked), std::move(parents), std::move(operation)};
}

}  // namespace evo
