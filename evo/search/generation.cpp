#include "evo/search/generation.hpp"

#include <algorithm>
#include <iterator>
#include <utility>
#include <vector>

#include "evo/objective/objective.hpp"
#include "evo/population/selection.hpp"
#include "evo/proposal/founder_search.hpp"
#include "evo/proposal/founders.hpp"
#include "evo/proposal/outcomes.hpp"
#include "evo/search/breeding.hpp"
#include "evo/search/champion.hpp"
#include "evo/search/migration.hpp"
#include "genome/base/check.hpp"
#include "replay/evaluation/common_signals.hpp"
#include "replay/native/kept_translations.hpp"

namespace evo {
namespace {

using Broods = std::vector<std::vector<Individual>>;  // by island

void count(Counters& counters, std::size_t born, const Work& work) {
  counters.births += born;
  counters.evaluations += work.controllers;
  counters.episodes += work.episodes;
}

void credit(OperatorRates& rates, const std::vector<Individual>& before, const std::vector<Individual>& born,
            const std::vector<Individual>& living) {
  rates.fade();
  for (const Individual& child : born) {
    const auto lives = [&](const Individual& each) { return each.id == child.id; };
    const auto bore = [&](const Individual& each) {
      return !child.birth.parents.empty() && each.id == child.birth.parents.front();
    };
    const Individual* parent = nullptr;  // founders are made of founders
    for (const std::vector<Individual>* among : {&born, &before}) {
      const auto at = std::find_if(among->begin(), among->end(), bore);
      if (at != among->end()) parent = &*at;
    }
    const bool fitter = parent == nullptr || child.fitness > parent->fitness;
    rates.credit(child.birth.operation, fitter && std::any_of(living.begin(), living.end(), lives));
  }
}

// Whoever was born and seen to the end is offered to the archive and competes with the living of its island.
void take_in(State& state, std::size_t place, const std::vector<Individual>& born, IslandScorer& scorer) {
  const Experiment& experiment = scorer.experiment();
  const BudgetRange range = budgets_of(experiment);
  Island& island = state.islands[place];
  std::vector<Individual> complete;
  for (const Individual& each : born) {
    if (scorer.complete(each)) complete.push_back(each);
  }
  if (island.contributes) state.archive.offer(complete, range, experiment.means);
  std::vector<Individual> all = std::move(island.population);
  all.insert(all.end(), complete.begin(), complete.end());
  island.population = survivors(std::move(all), static_cast<std::size_t>(experiment.population), range,
                                experiment.niche, experiment.means);
}

// `work` is that of the whole generation so far.
Step select(const State& state, int generation, Broods broods, Scorer& scorer, Work work) {
  Step step{.state = state};
  step.state.generation = generation;
  for (std::size_t i = 0; i < broods.size(); ++i) take_in(step.state, i, broods[i], scorer.island(i));
  // What one island brings, the next may dominate.
  step.frontier_gain = step.state.archive.new_since(state.archive);
  migrate(step.state, scorer);
  choose_champion(step.state, state, scorer, work);
  for (std::size_t i = 0; i < broods.size(); ++i) {
    Island& island = step.state.islands[i];
    if (scorer.island(i).experiment().adaptive)
      credit(island.rates, state.islands[i].population, broods[i], island.population);
    std::ranges::move(broods[i], std::back_inserter(step.born));
  }
  count(step.state.counters, step.born.size(), work);
  return step;
}

std::vector<Proposal> first_founders(IslandScorer& scorer) {
  return founders(scorer.experiment(), replay::common_signals(scorer.evaluator().environments()),
                  scorer.plan().first_known);
}

Proposals founders_of(IslandScorer& scorer, Work& work) {
  Proposals proposals;
  const std::vector<Proposal> first = first_founders(scorer);
  for (const Proposal& founder : first) proposals.emplace_back(founder);
  if (scorer.experiment().founder_stages > 0) return proposals;
  for (Proposal& founder : search_founders(scorer, first, {}, work))
    proposals.emplace_back(std::move(founder));
  return proposals;
}

// What the search for founders finds in this generation, where it is one of its stages.
void add_founders(Proposals& proposals, IslandScorer& scorer, int generation, Work& work) {
  const Experiment& experiment = scorer.experiment();
  if (experiment.founder_candidates == 0 || generation > experiment.founder_stages) return;
  const FounderStage stage{.number = generation - 1, .of = experiment.founder_stages};
  for (Proposal& founder : search_founders(scorer, first_founders(scorer), stage, work))
    proposals.emplace_back(std::move(founder));
}

State nobody_yet(Scorer& scorer) {
  State empty;
  empty.exact = scorer.experiment().means == Means::kExact;
  empty.charge = scorer.experiment().charge;
  for (const replay::Environment& e : scorer.evaluator().environments())
    empty.environments.push_back({e.name, e.digest});
  empty.islands.resize(scorer.islands());
  for (std::size_t i = 0; i < empty.islands.size(); ++i)
    empty.islands[i].contributes = scorer.island(i).plan().contributes;
  return empty;
}

// What is proposed for each island.
std::vector<Proposals> proposed(const State& state, int generation, Scorer& scorer, Proposer& proposer) {
  std::vector<ProposalRequest> requests;
  Outlook outlook{.generation = generation,
                  .population = state.islands.front().population,
                  .best = &state.best(),
                  .archive = &state.archive,
                  .memory = state.memory,
                  .expected = state.expected ? &*state.expected : nullptr};
  for (std::size_t i = 0; i < state.islands.size(); ++i) {
    std::ranges::move(choose_parents(state, i, scorer.island(i).experiment(), generation, requests.size()),
                      std::back_inserter(requests));
    if (i > 0) outlook.other_islands.emplace_back(state.islands[i].population);
  }
  proposer.begin(outlook);
  Proposals all = proposer.propose(requests);
  std::vector<Proposals> by_island(state.islands.size());
  for (std::size_t i = 0; i < all.size(); ++i) by_island[requests[i].island].push_back(std::move(all[i]));
  return by_island;
}

}  // namespace

Step found(Scorer& scorer) {
  replay::KeptTranslations native;  // of programs that meet again: in rungs, in tuning, in playoffs
  Work work;
  const State empty = nobody_yet(scorer);
  Broods broods;
  std::uint64_t number = 0;
  for (std::size_t i = 0; i < empty.islands.size(); ++i) {
    IslandScorer& island = scorer.island(i);
    broods.push_back(newborn(founders_of(island, work), empty, i, 0, number));
    island.score(broods.back(), {}, work);
  }
  return select(empty, 0, std::move(broods), scorer, work);
}

Step advance(const State& state, Scorer& scorer, Proposer& proposer) {
  replay::KeptTranslations native;
  EVOTTS_CHECK(state.islands.size() == scorer.islands());
  Work work;
  const int generation = state.generation + 1;
  std::vector<Proposals> proposals = proposed(state, generation, scorer, proposer);
  Broods broods;
  std::uint64_t number = state.counters.births;
  for (std::size_t i = 0; i < state.islands.size(); ++i) {
    IslandScorer& island = scorer.island(i);
    refine(proposals[i], state.islands[i], island, generation, work);
    add_founders(proposals[i], island, generation, work);
    broods.push_back(newborn(proposals[i], state, i, generation, number));
    island.score(broods.back(), state.islands[i].population, work);
  }
  Step step = select(state, generation, std::move(broods), scorer, work);
  Proposals all;
  for (Proposals& each : proposals) std::ranges::move(each, std::back_inserter(all));
  proposer.learn(outcomes_of(all, step.born, step.state));
  step.state.memory = proposer.memory();
  step.exchanges = proposer.take_exchanges();
  return step;
}

}  // namespace evo
