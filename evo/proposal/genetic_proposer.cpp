#include "evo/proposal/genetic_proposer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include "genome/base/rng.hpp"
#include "replay/evaluation/common_signals.hpp"

namespace evo {

namespace base = genome::base;

namespace {

bool is_on(std::string_view name, const std::vector<std::string>& off) {
  return std::find(off.begin(), off.end(), name) == off.end();
}

}  // namespace

GeneticOptions genetic_options(const Experiment& experiment,
                               std::span<const replay::Environment> environments) {
  return {.crossover = experiment.crossover,
          .constants = experiment.constants,
          .most_mutations = experiment.most_mutations,
          .without = experiment.without,
          .signals = replay::common_signals(environments)};
}

std::vector<genome::Mutation> mutations_without(const std::vector<std::string>& off) {
  std::vector<genome::Mutation> mutations;
  for (const genome::Mutation each : genome::all_mutations()) {
    if (is_on(genome::name_of(each), off)) mutations.push_back(each);
  }
  return mutations;
}

GeneticProposer::GeneticProposer(const GeneticOptions& options)
    : options_(options), material_(options.signals), mutations_(mutations_without(options.without)) {
  for (const genome::Mutation each : mutations_) mutation_names_.push_back(genome::name_of(each));
  for (const genome::Crossover each : genome::all_crossovers()) {
    if (!is_on(genome::name_of(each), options_.without)) continue;
    crossovers_.push_back(each);
    crossover_names_.push_back(genome::name_of(each));
  }
}

std::vector<std::optional<Proposal>> GeneticProposer::propose(std::span<const ProposalRequest> requests) {
  std::vector<std::optional<Proposal>> proposals(requests.size());
  tbb::parallel_for(std::size_t{0}, requests.size(), [&](std::size_t i) { proposals[i] = one(requests[i]); });
  return proposals;
}

std::optional<Proposal> GeneticProposer::one(const ProposalRequest& request) const {
  auto rng = base::keyed_stream(request.seed, base::Stream::kGeneticProposal,
                                static_cast<std::uint64_t>(request.generation), request.index);
  const Individual& mother = *request.parents[0];
  genome::Controller child = mother.controller.tree();
  std::vector<std::string> parents = {mother.id};
  std::string operation;
  const auto note = [&](std::string_view what) {
    operation += fmt::format("{}{}", operation.empty() ? "" : "+", what);
  };

  const auto draw = [&](const std::vector<std::string_view>& names) {
    return request.rates != nullptr ? request.rates->draw(rng, names)
                                    : base::uniform_index(rng, names.size());
  };
  if (request.parents.size() > 1 && request.parents[1] != request.parents[0] && !crossovers_.empty() &&
      base::chance(rng, options_.crossover)) {
    const genome::Crossover kind = crossovers_[draw(crossover_names_)];
    if (auto crossed = genome::cross(rng, child, request.parents[1]->controller.tree(), kind)) {
      child = std::move(*crossed);
      parents.push_back(request.parents[1]->id);
      note(genome::name_of(kind));
    }
  }
  // A crossed child is often left as it is; an uncrossed one never.
  auto mutations = base::uniform_int(rng, operation.empty() ? 1 : 0, options_.most_mutations);
  const bool numbers =
      std::find(mutations_.begin(), mutations_.end(), genome::Mutation::kConstants) != mutations_.end();
  for (; mutations > 0 && !mutations_.empty(); --mutations) {
    const bool number = numbers && request.rates == nullptr && base::chance(rng, options_.constants);
    const genome::Mutation kind = number ? genome::Mutation::kConstants : mutations_[draw(mutation_names_)];
    if (auto mutant = genome::mutate(rng, child, kind, material_)) {
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
