#include "evo/search/generation.hpp"

#include <algorithm>
#include <set>

#include "evo/population/selection.hpp"
#include "evo/proposal/duplicates.hpp"
#include "evo/proposal/founder_search.hpp"
#include "evo/proposal/founders.hpp"
#include "evo/proposal/outcomes.hpp"
#include "evo/proposal/simplification.hpp"
#include "evo/proposal/tuning.hpp"
#include "genome/base/rng.hpp"

namespace evo {
namespace {

namespace base = genome::base;

constexpr double kAnyone = 0.3;         // chance of a parent drawn from all alike, where there are niches
constexpr std::size_t kContenders = 3;  // who meets the champion, each generation
constexpr std::uint64_t kSimplificationStream = 2;
constexpr std::uint64_t kRawStream = 3;
constexpr std::uint64_t kTuningStream = 1;  // beside that of the parents (0)

// Who is to be changed, and with whom: each place of the generation has its own stream.
std::vector<ProposalRequest> choose_parents(const State& state, const Experiment& experiment,
                                            int generation) {
  std::vector<ProposalRequest> requests;
  for (std::size_t index = 0; index < static_cast<std::size_t>(experiment.children); ++index) {
    auto rng = base::keyed_stream(experiment.seed, base::Purpose::kSelection,
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
std::vector<Individual> newborn(const std::vector<std::optional<Proposal>>& proposals, const State& state,
                                int generation) {
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

// Models propose structure, and evolution finds its numbers: what they guessed is turned before it is judged.
void tune_raw(std::vector<std::optional<Proposal>>& proposals, Scorer& scorer, int generation) {
  const Experiment& experiment = scorer.experiment();
  for (std::size_t i = 0; i < proposals.size() && experiment.model_tuning_steps > 0; ++i) {
    if (!proposals[i] || !proposals[i]->raw || !proposals[i]->duplicate_of.empty()) continue;
    auto rng = base::keyed_stream(experiment.seed, base::Purpose::kSelection,
                                  static_cast<std::uint64_t>(generation), i, kRawStream);
    auto better =
        tuned(proposals[i]->child, scorer.outside_fold(static_cast<std::uint64_t>(generation) + i), rng(),
              {.steps = experiment.model_tuning_steps,
               .orderings = experiment.first_rung > 0 ? experiment.first_rung : experiment.orderings});
    if (!better) continue;
    proposals[i]->child = std::move(*better);
    proposals[i]->operation += "+tuning";
  }
}

// Controllers with better numbers, of parents drawn as those of children are.
void add_tuned(std::vector<std::optional<Proposal>>& proposals, const State& state, Scorer& scorer,
               int generation) {
  const Experiment& experiment = scorer.experiment();
  for (int i = 0; i < experiment.tuned; ++i) {
    auto rng =
        base::keyed_stream(experiment.seed, base::Purpose::kSelection, static_cast<std::uint64_t>(generation),
                           static_cast<std::uint64_t>(i), kTuningStream);
    const Individual& parent =
        state.population[tournament(rng, state.population.size(), experiment.tournament)];
    auto child =
        tuned(parent.controller, scorer.outside_fold(static_cast<std::uint64_t>(generation + i)), rng(),
              {.steps = experiment.tuning_steps,
               .orderings = experiment.first_rung > 0 ? experiment.first_rung : experiment.orderings});
    if (child) proposals.push_back(Proposal{std::move(*child), {parent.id}, "tuning", {}});
  }
}

// Controllers without parts that do not help.
void add_simplified(std::vector<std::optional<Proposal>>& proposals, const State& state, Scorer& scorer,
                    int generation) {
  const Experiment& experiment = scorer.experiment();
  for (int i = 0; i < experiment.simplified; ++i) {
    auto rng =
        base::keyed_stream(experiment.seed, base::Purpose::kSelection, static_cast<std::uint64_t>(generation),
                           static_cast<std::uint64_t>(i), kSimplificationStream);
    const Individual& parent =
        state.population[tournament(rng, state.population.size(), experiment.tournament)];
    auto child =
        simplified(parent.controller, scorer, rng(),
                   {.orderings = experiment.first_rung > 0 ? experiment.first_rung : experiment.orderings});
    if (child) proposals.push_back(Proposal{std::move(*child), {parent.id}, "simplification", {}});
  }
}

void put_in_form(std::vector<std::optional<Proposal>>& proposals, const Experiment& experiment) {
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

// Who follows the champion: the best on the playoff's orderings of those who are ahead of it there by more than
// the margin. What they were selected on does not count again, or the luckiest of many would win by their luck.
// Thirty questions cannot tell smaller differences from luck, and of many challengers one is always lucky (the
// rule of one standard error: Breiman, Friedman, Olshen and Stone, Classification and Regression Trees, 1984).
const Individual* champion_of(const std::vector<Individual>& living, const std::string& holder,
                              Scorer& scorer) {
  std::vector<const Individual*> played;
  for (const Individual& each : living) {
    if (each.playoff) played.push_back(&each);
  }
  const auto fitness = [&](const Individual* each) { return scorer.fresh_fitness(*each); };
  std::ranges::stable_sort(played, std::greater<>(), fitness);
  const auto known = std::ranges::find(played, holder, &Individual::id);
  const double margin = scorer.experiment().champion_errors;
  if (known == played.end() || margin == 0) return played.empty() ? nullptr : played.front();
  for (auto challenger = played.begin(); challenger != known; ++challenger) {
    const double gain = fitness(*challenger) - fitness(*known);
    if (gain > margin * scorer.error_between(**challenger, **known)) return *challenger;
  }
  return *known;
}

// The best few meet the champion on orderings nobody was selected on, and the champion always lives.
void play_off(State& state, const State& before, Scorer& scorer) {
  if (scorer.experiment().validation_orderings == 0) return;
  std::vector<Individual>& living = state.population;
  const auto champion = [&](const Individual& each) { return each.id == state.champion; };
  if (!state.champion.empty() && std::none_of(living.begin(), living.end(), champion)) {
    const Individual& held = before.best();
    living.insert(std::ranges::lower_bound(living, held, fitter), held);
  }
  std::vector<Individual*> contenders;
  for (std::size_t i = 0; i < std::min(kContenders, living.size()); ++i) contenders.push_back(&living[i]);
  scorer.play_off(contenders);
  if (const Individual* const best = champion_of(living, state.champion, scorer)) state.champion = best->id;
}

Step select(const State& state, std::vector<Individual> born, Scorer& scorer) {
  const Experiment& experiment = scorer.experiment();
  const BudgetRange range{experiment.budget_low, experiment.budget_high};
  Step step{.state = state, .born = std::move(born)};
  std::vector<Individual> complete;
  for (const Individual& each : step.born) {
    if (scorer.complete(each)) complete.push_back(each);
  }
  step.frontier_gain = step.state.archive.offer(complete, range);
  std::vector<Individual> all = state.population;
  all.insert(all.end(), complete.begin(), complete.end());
  step.state.population =
      survivors(std::move(all), static_cast<std::size_t>(experiment.population), range, experiment.niche);
  play_off(step.state, state, scorer);
  count(step.state.counters, step.born.size(), scorer.take_work());
  if (experiment.adaptive) credit(step.state.rates, state, step.born, step.state.population);
  return step;
}

}  // namespace

Step found(Scorer& scorer) {
  scorer.take_work();  // of whoever used it before
  State empty;
  for (const replay::Environment& e : scorer.evaluator().environments())
    empty.environments.push_back({e.name, e.digest});
  std::vector<std::optional<Proposal>> proposals;
  const std::vector<Proposal> first_ones = founders(scorer.experiment());
  for (const Proposal& founder : first_ones) proposals.emplace_back(founder);
  for (Proposal& founder : search_founders(scorer, first_ones)) proposals.emplace_back(std::move(founder));
  std::vector<Individual> first = newborn(proposals, empty, 0);
  scorer.score(first, {});
  return select(empty, std::move(first), scorer);
}

Step advance(const State& state, Scorer& scorer, Proposer& proposer) {
  scorer.take_work();  // of whoever used it before, and of a generation that was given up
  const int generation = state.generation + 1;
  const auto requests = choose_parents(state, scorer.experiment(), generation);
  proposer.begin({generation, state.population, &state.best(), &state.archive, state.memory});
  auto proposals = proposer.propose(requests);
  put_in_form(proposals, scorer.experiment());
  mark_duplicates(proposals, state, scorer);
  tune_raw(proposals, scorer, generation);
  add_tuned(proposals, state, scorer, generation);
  add_simplified(proposals, state, scorer, generation);
  std::vector<Individual> children = newborn(proposals, state, generation);
  scorer.score(children, state.population);
  Step step = select(state, std::move(children), scorer);
  step.state.generation = generation;
  proposer.learn(outcomes_of(proposals, step.born, step.state));
  step.state.memory = proposer.memory();
  step.exchanges = proposer.take_exchanges();
  return step;
}

}  // namespace evo
