#include "evo/search/breeding.hpp"

#include <set>
#include <string>
#include <utility>

#include "evo/population/selection.hpp"
#include "evo/proposal/duplicates.hpp"
#include "evo/proposal/founders.hpp"
#include "evo/proposal/simplification.hpp"
#include "evo/proposal/tuning.hpp"
#include "genome/base/rng.hpp"

namespace evo {
namespace {

namespace base = genome::base;

constexpr double kAnyone = 0.3;  // chance of a parent drawn from all alike, where there are niches

// Optimisers look at as many orderings as the first rung does.
int optimiser_orderings(const Experiment& experiment) {
  return experiment.first_rung > 0 ? experiment.first_rung : experiment.orderings;
}

// Models propose structure, and evolution finds its numbers: what they guessed is tuned before it is judged.
void tune_raw(Proposals& proposals, IslandScorer& scorer, int generation, Work& work) {
  const Experiment& experiment = scorer.experiment();
  std::vector<TuningTask> tasks;
  std::vector<std::size_t> of;  // by task: its proposal
  for (std::size_t i = 0; i < proposals.size() && experiment.model_tuning_steps > 0; ++i) {
    if (!proposals[i] || !proposals[i]->raw || !proposals[i]->duplicate_of.empty()) continue;
    auto rng = base::keyed_stream(experiment.seed, base::Stream::kModelTuning,
                                  static_cast<std::uint64_t>(generation), i);
    tasks.push_back(
        {&proposals[i]->child, &scorer.outside_fold(static_cast<std::uint64_t>(generation) + i), rng()});
    of.push_back(i);
  }
  auto better = tuned(
      tasks, {.steps = experiment.model_tuning_steps, .orderings = optimiser_orderings(experiment)}, work);
  for (std::size_t i = 0; i < of.size(); ++i) {
    if (!better[i]) continue;
    proposals[of[i]]->child = std::move(*better[i]);
    proposals[of[i]]->operation += "+tuning";
  }
}

// A parent that an optimiser is to make a child of, drawn as those of other children are.
struct Improvement {
  const Individual* parent = nullptr;
  std::uint64_t turn = 0;  // counts the optimiser's calls
  std::uint64_t seed = 0;  // random
};
std::vector<Improvement> improvements(const Island& island, const Experiment& experiment, int generation,
                                      int count, base::Stream stream) {
  std::vector<Improvement> all;
  for (int i = 0; i < count; ++i) {
    auto rng = base::keyed_stream(experiment.seed, stream, static_cast<std::uint64_t>(generation),
                                  static_cast<std::uint64_t>(i));
    const Individual& parent =
        island.population[tournament(rng, island.population.size(), experiment.tournament)];
    all.push_back({&parent, static_cast<std::uint64_t>(generation) + static_cast<std::uint64_t>(i), rng()});
  }
  return all;
}

void add_improved(Proposals& proposals, const Improvement& from, const char* operation,
                  std::optional<genome::CheckedController> child) {
  if (child) proposals.push_back(Proposal{std::move(*child), {from.parent->id}, operation, {}});
}

// Controllers with better numbers, and controllers without parts that do not help; where islands take turns,
// in one of so many generations.
void add_improved(Proposals& proposals, const Island& island, IslandScorer& scorer, int generation,
                  Work& work) {
  if (!scorer.plan().improves_in(generation)) return;
  const Experiment& e = scorer.experiment();
  const auto to_tune = improvements(island, e, generation, e.tuned, base::Stream::kTuning);
  std::vector<TuningTask> tasks;
  for (const Improvement& each : to_tune)
    tasks.push_back({&each.parent->controller, &scorer.outside_fold(each.turn), each.seed});
  auto better = tuned(tasks, {.steps = e.tuning_steps, .orderings = optimiser_orderings(e)}, work);
  for (std::size_t i = 0; i < to_tune.size(); ++i)
    add_improved(proposals, to_tune[i], "tuning", std::move(better[i]));
  for (const Improvement& each :
       improvements(island, e, generation, e.simplified, base::Stream::kSimplification))
    add_improved(proposals, each, "simplification",
                 simplified(each.parent->controller, scorer.all_questions(), each.seed,
                            {.orderings = optimiser_orderings(e)}, work));
}

void put_in_form(Proposals& proposals, const Experiment& experiment) {
  for (auto& proposal : proposals) {
    if (!proposal) continue;
    if (auto child = in_form(proposal->child, experiment))
      proposal->child = std::move(*child);
    else
      proposal.reset();
  }
}

}  // namespace

std::vector<ProposalRequest> choose_parents(const State& state, std::size_t island,
                                            const Experiment& experiment, int generation, std::size_t first) {
  const Island& home = state.islands[island];
  std::vector<ProposalRequest> requests;
  for (std::size_t i = 0; i < static_cast<std::size_t>(experiment.children); ++i) {
    const std::size_t index = first + i;  // each place of the generation has its own stream
    auto rng = base::keyed_stream(experiment.seed, base::Stream::kParents,
                                  static_cast<std::uint64_t>(generation), index);
    // With niches every family is tried now and then, however far behind it is.
    const auto pick = [&] {
      const int rounds = experiment.niche > 0 && base::chance(rng, kAnyone) ? 1 : experiment.tournament;
      return &home.population[tournament(rng, home.population.size(), rounds)];
    };
    const Individual* mother = pick();
    const Individual* father = pick();
    requests.push_back({experiment.seed,
                        generation,
                        index,
                        {mother, father},
                        experiment.adaptive ? &home.rates : nullptr,
                        island});
  }
  return requests;
}

void refine(Proposals& proposals, const Island& island, IslandScorer& scorer, int generation, Work& work) {
  put_in_form(proposals, scorer.experiment());
  mark_duplicates(proposals, island.population, scorer.behaviours(), work);
  tune_raw(proposals, scorer, generation, work);
  add_improved(proposals, island, scorer, generation, work);
}

std::vector<Individual> newborn(const Proposals& proposals, const State& state, std::size_t island,
                                int generation, std::uint64_t& number) {
  const Island& home = state.islands[island];
  std::set<std::string> known;
  for (const Individual& each : home.population) known.insert(each.id);
  if (home.contributes) {
    for (const auto& [id, text] : state.archive.texts()) known.insert(id);
  }
  std::vector<Individual> children;
  for (const auto& proposal : proposals) {
    if (!proposal || !proposal->duplicate_of.empty()) continue;
    Individual child = make_individual(
        proposal->child, {0, generation, proposal->parents, proposal->operation, proposal->exchange,
                          proposal->hypothesis, island_number(state, island)});
    if (!known.insert(child.id).second) continue;
    child.birth.number = ++number;
    children.push_back(std::move(child));
  }
  return children;
}

}  // namespace evo
