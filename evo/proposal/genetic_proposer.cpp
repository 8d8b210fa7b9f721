#include "evo/proposal/genetic_proposer.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <tbb/parallel_for.h>

#include "evo/experiment/islands.hpp"
#include "genome/base/check.hpp"
#include "genome/base/rng.hpp"
#include "replay/evaluation/common_signals.hpp"

namespace evo {

namespace base = genome::base;

namespace {

genome::Material::Of kind_of_material(bool whole_samples) {
  return whole_samples ? genome::Material::Of::kWholeSamples : genome::Material::Of::kBranches;
}

bool is_on(std::string_view name, const std::vector<std::string>& off) {
  return std::find(off.begin(), off.end(), name) == off.end();
}

}  // namespace

std::vector<GeneticOptions> genetic_options(const Experiment& experiment,
                                            std::span<const replay::Environment> environments) {
  std::vector<GeneticOptions> options;
  for (const IslandPlan& plan : island_plans(experiment)) {
    const Experiment& own = plan.experiment;
    options.push_back({.crossover = own.crossover,
                       .constants = own.constants,
                       .most_mutations = own.most_mutations,
                       .without = own.without,
                       .signals = replay::common_signals(environments),
                       .edition = own.edition,
                       .whole_samples = own.whole_samples.value_or(false)});
  }
  return options;
}

std::vector<genome::Mutation> mutations_without(const std::vector<std::string>& off) {
  std::vector<genome::Mutation> mutations;
  for (const genome::Mutation each : genome::all_mutations()) {
    if (is_on(genome::name_of(each), off)) mutations.push_back(each);
  }
  return mutations;
}

GeneticProposer::Operators::Operators(const GeneticOptions& with)
    : options(with),
      material(with.signals, with.edition, kind_of_material(with.whole_samples)),
      mutations(mutations_without(with.without)) {
  for (const genome::Mutation each : mutations) mutation_names.push_back(genome::name_of(each));
  for (const genome::Crossover each : genome::all_crossovers()) {
    if (!is_on(genome::name_of(each), with.without)) continue;
    crossovers.push_back(each);
    crossover_names.push_back(genome::name_of(each));
  }
}

GeneticProposer::GeneticProposer(const GeneticOptions& options) { operators_.emplace_back(options); }

GeneticProposer GeneticProposer::by_island(std::span<const GeneticOptions> options) {
  EVOTTS_CHECK(!options.empty());
  GeneticProposer proposer(options.front());
  for (const GeneticOptions& each : options.subspan(1)) proposer.operators_.emplace_back(each);
  return proposer;
}

std::vector<std::optional<Proposal>> GeneticProposer::propose(std::span<const ProposalRequest> requests) {
  std::vector<std::optional<Proposal>> proposals(requests.size());
  tbb::parallel_for(std::size_t{0}, requests.size(), [&](std::size_t i) {
    proposals[i] = one(requests[i], operators_[std::min(requests[i].island, operators_.size() - 1)]);
  });
  return proposals;
}

std::optional<Proposal> GeneticProposer::one(const ProposalRequest& request, const Operators& operators) {
  const auto& [options, material, kinds, crossovers, mutation_names, crossover_names] = operators;
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
  if (request.parents.size() > 1 && request.parents[1] != request.parents[0] && !crossovers.empty() &&
      base::chance(rng, options.crossover)) {
    const genome::Crossover kind = crossovers[draw(crossover_names)];
    if (auto crossed = genome::cross(rng, child, request.parents[1]->controller.tree(), kind)) {
      child = std::move(*crossed);
      parents.push_back(request.parents[1]->id);
      note(genome::name_of(kind));
    }
  }
  // A crossed child is often left as it is; an uncrossed one never.
  auto mutations = base::uniform_int(rng, operation.empty() ? 1 : 0, options.most_mutations);
  const bool numbers = std::find(kinds.begin(), kinds.end(), genome::Mutation::kConstants) != kinds.end();
  for (; mutations > 0 && !kinds.empty(); --mutations) {
    const bool number = numbers && request.rates == nullptr && base::chance(rng, options.constants);
    const genome::Mutation kind = number ? genome::Mutation::kConstants : kinds[draw(mutation_names)];
    if (auto mutant = genome::mutate(rng, child, kind, material)) {
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
