#include "evo/search/generation.hpp"

#include <algorithm>
#include <functional>
#include <set>

#include "evo/population/selection.hpp"
#include "evo/proposal/duplicates.hpp"
#include "evo/proposal/founder_search.hpp"
#include "evo/proposal/founders.hpp"
#include "evo/proposal/outcomes.hpp"
#include "evo/proposal/simplification.hpp"
#include "evo/proposal/tuning.hpp"
#include "genome/base/rng.hpp"
#include "replay/evaluation/common_signals.hpp"

namespace evo {
namespace {

namespace base = genome::base;

using Proposals = std::vector<std::optional<Proposal>>;

constexpr double kAnyone = 0.3;         // chance of a parent drawn from all alike, where there are niches
constexpr std::size_t kContenders = 3;  // who meets the champion, each generation

// Who is to be changed, and with whom: each place of the generation has its own stream.
std::vector<ProposalRequest> choose_parents(const State& state, const Experiment& experiment,
                                            int generation) {
  std::vector<ProposalRequest> requests;
  for (std::size_t index = 0; index < static_cast<std::size_t>(experiment.children); ++index) {
    auto rng = base::keyed_stream(experiment.seed, base::Stream::kParents,
                                  static_cast<std::uint64_t>(generation), index);
    // With niches every family is tried now and then, however far behind it is.
    const auto pick = [&] {
      const int rounds = experiment.niche > 0 && base::chance(rng, kAnyone) ? 1 : experiment.tournament;
      return &state.population[tournament(rng, state.population.size(), rounds)];
    };
    const Individual* mother = pick();
    const Individual* father = pick();
    requests.push_back(
        {experiment.seed, generation, index, {mother, father}, experiment.adaptive ? &state.rates : nullptr});
  }
  return requests;
}

// Children that are new: not living, not on the frontier, not made twice.
std::vector<Individual> newborn(const Proposals& proposals, const State& state, int generation) {
  std::set<std::string> known;
  for (const Individual& each : state.population) known.insert(each.id);
  for (const auto& [id, text] : state.archive.texts()) known.insert(id);
  std::vector<Individual> children;
  std::uint64_t number = state.counters.births;
  for (const auto& proposal : proposals) {
    if (!proposal || !proposal->duplicate_of.empty()) continue;
    Individual child = make_individual(
        proposal->child,
        {0, generation, proposal->parents, proposal->operation, proposal->exchange, proposal->hypothesis});
    if (!known.insert(child.id).second) continue;
    child.birth.number = ++number;
    children.push_back(std::move(child));
  }
  return children;
}

// Optimisers look at as many orderings as the first rung does.
int optimiser_orderings(const Experiment& experiment) {
  return experiment.first_rung > 0 ? experiment.first_rung : experiment.orderings;
}

// Models propose structure, and evolution finds its numbers: what they guessed is tuned before it is judged.
void tune_raw(Proposals& proposals, Scorer& scorer, int generation, Work& work) {
  const Experiment& experiment = scorer.experiment();
  for (std::size_t i = 0; i < proposals.size() && experiment.model_tuning_steps > 0; ++i) {
    if (!proposals[i] || !proposals[i]->raw || !proposals[i]->duplicate_of.empty()) continue;
    auto rng = base::keyed_stream(experiment.seed, base::Stream::kModelTuning,
                                  static_cast<std::uint64_t>(generation), i);
    auto better =
        tuned(proposals[i]->child, scorer.outside_fold(static_cast<std::uint64_t>(generation) + i), rng(),
              {.steps = experiment.model_tuning_steps, .orderings = optimiser_orderings(experiment)}, work);
    if (!better) continue;
    proposals[i]->child = std::move(*better);
    proposals[i]->operation += "+tuning";
  }
}

// What an optimiser makes of a parent; `turn` counts its calls, `seed` is random.
using Improve = std::function<std::optional<genome::CheckedController>(
    const genome::CheckedController& parent, std::uint64_t turn, std::uint64_t seed)>;

// Children of an optimiser, of parents drawn as those of other children are.
void add_improved(Proposals& proposals, const State& state, const Experiment& experiment, int generation,
                  int count, base::Stream stream, const char* operation, const Improve& improve) {
  for (int i = 0; i < count; ++i) {
    auto rng = base::keyed_stream(experiment.seed, stream, static_cast<std::uint64_t>(generation),
                                  static_cast<std::uint64_t>(i));
    const Individual& parent =
        state.population[tournament(rng, state.population.size(), experiment.tournament)];
    auto child = improve(parent.controller,
                         static_cast<std::uint64_t>(generation) + static_cast<std::uint64_t>(i), rng());
    if (child) proposals.push_back(Proposal{std::move(*child), {parent.id}, operation, {}});
  }
}

// Controllers with better numbers, and controllers without parts that do not help.
void add_improved(Proposals& proposals, const State& state, Scorer& scorer, int generation, Work& work) {
  const Experiment& e = scorer.experiment();
  add_improved(proposals, state, e, generation, e.tuned, base::Stream::kTuning, "tuning",
               [&](const genome::CheckedController& parent, std::uint64_t turn, std::uint64_t seed) {
                 return tuned(parent, scorer.outside_fold(turn), seed,
                              {.steps = e.tuning_steps, .orderings = optimiser_orderings(e)}, work);
               });
  add_improved(proposals, state, e, generation, e.simplified, base::Stream::kSimplification, "simplification",
               [&](const genome::CheckedController& parent, std::uint64_t, std::uint64_t seed) {
                 return simplified(parent, scorer.all_questions(), seed,
                                   {.orderings = optimiser_orderings(e)}, work);
               });
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

void count(Counters& counters, std::size_t born, const Work& work) {
  counters.births += born;
  counters.evaluations += work.controllers;
  counters.episodes += work.episodes;
}

void credit(OperatorRates& rates, const State& before, const std::vector<Individual>& born,
            const std::vector<Individual>& living) {
  rates.fade();
  for (const Individual& child : born) {
    const auto lives = [&](const Individual& each) { return each.id == child.id; };
    const auto bore = [&](const Individual& each) {
      return !child.birth.parents.empty() && each.id == child.birth.parents.front();
    };
    const Individual* parent = nullptr;  // founders are made of founders
    for (const std::vector<Individual>* among : {&born, &before.population}) {
      const auto at = std::find_if(among->begin(), among->end(), bore);
      if (at != among->end()) parent = &*at;
    }
    const bool fitter = parent == nullptr || child.fitness > parent->fitness;
    rates.credit(child.birth.operation, fitter && std::any_of(living.begin(), living.end(), lives));
  }
}

// Who follows the champion: the best on the validation orderings of those who are ahead of it there by more
// than champion_errors standard errors. What they were selected on does not count again, or the luckiest of
// many would win by their luck. Thirty questions cannot tell smaller differences from luck, and of many
// challengers one is always lucky (the k-standard-error rule; with k of 1: Breiman, Friedman, Olshen and
// Stone, Classification and Regression Trees, 1984).
const Individual* champion_of(const std::vector<Individual>& living, const std::string& holder,
                              Scorer& scorer) {
  Validation& validation = scorer.validation();
  std::vector<const Individual*> measured;
  for (const Individual& each : living) {
    if (each.validated) measured.push_back(&each);
  }
  const auto fitness = [&](const Individual* each) { return validation.fitness(*each); };
  std::ranges::stable_sort(measured, std::greater<>(), fitness);
  const auto known = std::ranges::find(measured, holder, &Individual::id);
  const double errors = scorer.experiment().champion_errors;
  if (known == measured.end() || errors == 0) return measured.empty() ? nullptr : measured.front();
  for (auto challenger = measured.begin(); challenger != known; ++challenger) {
    const double gain = fitness(*challenger) - fitness(*known);
    if (gain > errors * validation.error_between(**challenger, **known)) return *challenger;
  }
  return *known;
}

// The best few meet the champion on orderings nobody was selected on, and the champion always lives.
void validate(State& state, const State& before, Scorer& scorer, Work& work) {
  if (scorer.experiment().validation_orderings == 0) return;
  std::vector<Individual>& living = state.population;
  const auto champion = [&](const Individual& each) { return each.id == state.champion; };
  if (!state.champion.empty() && std::none_of(living.begin(), living.end(), champion)) {
    const Individual& held = before.best();
    living.insert(std::ranges::lower_bound(living, held, fitter), held);
  }
  std::vector<Individual*> contenders;
  for (std::size_t i = 0; i < std::min(kContenders, living.size()); ++i) contenders.push_back(&living[i]);
  scorer.validation().measure(contenders, work);
  if (const Individual* const best = champion_of(living, state.champion, scorer)) state.champion = best->id;
}

// `work` is that of the whole generation so far.
Step select(const State& state, std::vector<Individual> born, Scorer& scorer, Work work) {
  const Experiment& experiment = scorer.experiment();
  const BudgetRange range = budgets_of(experiment);
  Step step{.state = state, .born = std::move(born)};
  std::vector<Individual> complete;
  for (const Individual& each : step.born) {
    if (scorer.complete(each)) complete.push_back(each);
  }
  step.frontier_gain = step.state.archive.offer(complete, range, experiment.means);
  std::vector<Individual> all = state.population;
  all.insert(all.end(), complete.begin(), complete.end());
  step.state.population = survivors(std::move(all), static_cast<std::size_t>(experiment.population), range,
                                    experiment.niche, experiment.means);
  validate(step.state, state, scorer, work);
  count(step.state.counters, step.born.size(), work);
  if (experiment.adaptive) credit(step.state.rates, state, step.born, step.state.population);
  return step;
}

}  // namespace

Step found(Scorer& scorer) {
  Work work;
  State empty;
  empty.exact = scorer.experiment().means == Means::kExact;
  for (const replay::Environment& e : scorer.evaluator().environments())
    empty.environments.push_back({e.name, e.digest});
  Proposals proposals;
  const std::vector<Proposal> first_ones =
      founders(scorer.experiment(), replay::common_signals(scorer.evaluator().environments()));
  for (const Proposal& founder : first_ones) proposals.emplace_back(founder);
  for (Proposal& founder : search_founders(scorer, first_ones, work))
    proposals.emplace_back(std::move(founder));
  std::vector<Individual> first = newborn(proposals, empty, 0);
  scorer.score(first, {}, work);
  return select(empty, std::move(first), scorer, work);
}

Step advance(const State& state, Scorer& scorer, Proposer& proposer) {
  Work work;
  const int generation = state.generation + 1;
  const auto requests = choose_parents(state, scorer.experiment(), generation);
  proposer.begin({generation, state.population, &state.best(), &state.archive, state.memory});
  auto proposals = proposer.propose(requests);
  put_in_form(proposals, scorer.experiment());
  mark_duplicates(proposals, state, scorer.behaviours(), work);
  tune_raw(proposals, scorer, generation, work);
  add_improved(proposals, state, scorer, generation, work);
  std::vector<Individual> children = newborn(proposals, state, generation);
  scorer.score(children, state.population, work);
  Step step = select(state, std::move(children), scorer, work);
  step.state.generation = generation;
  proposer.learn(outcomes_of(proposals, step.born, step.state));
  step.state.memory = proposer.memory();
  step.exchanges = proposer.take_exchanges();
  return step;
}

}  // namespace evo
