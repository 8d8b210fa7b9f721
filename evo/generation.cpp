#include "evo/generation.hpp"

#include <set>

#include "evo/founders.hpp"
#include "evo/objective.hpp"
#include "evo/selection.hpp"
#include "genome/base/rng.hpp"
#include "genome/compiler.hpp"

namespace evo {
namespace {

namespace base = genome::base;

// Who is to be changed, and with whom: each place of the generation has its own stream.
std::vector<ProposalRequest> choose_parents(const State& state, const Experiment& experiment,
                                            int generation) {
  std::vector<ProposalRequest> requests;
  for (std::size_t index = 0; index < static_cast<std::size_t>(experiment.children); ++index) {
    auto rng = base::keyed_stream(experiment.seed, base::Purpose::kSelection,
                                  static_cast<std::uint64_t>(generation), index);
    const auto pick = [&] {
      return &state.population[tournament(rng, state.population.size(), experiment.tournament)];
    };
    const Individual* mother = pick();
    const Individual* father = pick();
    requests.push_back({experiment.seed, generation, index, {mother, father}});
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
    if (!proposal) continue;
    Individual child = make_individual(
        proposal->child, {0, generation, proposal->parents, proposal->operation, proposal->exchange});
    if (!known.insert(child.id).second) continue;
    child.birth.number = ++number;
    children.push_back(std::move(child));
  }
  return children;
}

void score(std::vector<Individual>& individuals, const Experiment& experiment,
           const replay::Evaluator& evaluator) {
  std::vector<genome::Program> programs;
  for (const Individual& each : individuals) programs.push_back(genome::compile(each.controller));
  const auto cells = evaluator.evaluate(programs, experiment.betas);
  const auto environments = static_cast<double>(evaluator.environments().size());
  for (std::size_t p = 0; p < individuals.size(); ++p) {
    for (std::size_t b = 0; b < experiment.betas.size(); ++b) {
      CurvePoint point{.beta = experiment.betas[b]};
      for (std::size_t e = 0; e < evaluator.environments().size(); ++e) {
        const replay::Cell& cell = cells[evaluator.cell_index(p, e, b, experiment.betas.size())];
        point.accuracy += cell.accuracy() / environments;
        point.tokens += cell.tokens() / environments;
      }
      individuals[p].curve.push_back(point);
    }
    judge(individuals[p], experiment);
  }
}

void count(Counters& counters, std::size_t scored, const Experiment& experiment,
           const replay::Evaluator& evaluator) {
  counters.births += scored;
  counters.evaluations += scored;
  counters.episodes += scored * experiment.betas.size() * static_cast<std::uint64_t>(evaluator.episodes());
}

Step select(const State& state, std::vector<Individual> born, const Experiment& experiment,
            const replay::Evaluator& evaluator) {
  const BudgetRange range{experiment.budget_low, experiment.budget_high};
  Step step{.state = state, .born = std::move(born)};
  count(step.state.counters, step.born.size(), experiment, evaluator);
  step.frontier_gain = step.state.archive.offer(step.born, range);
  std::vector<Individual> all = state.population;
  all.insert(all.end(), step.born.begin(), step.born.end());
  step.state.population = survivors(std::move(all), static_cast<std::size_t>(experiment.population), range);
  return step;
}

}  // namespace

Step found(const Experiment& experiment, const replay::Evaluator& evaluator) {
  State empty;
  for (const replay::Environment& e : evaluator.environments())
    empty.environments.push_back({e.name, e.digest});
  std::vector<std::optional<Proposal>> proposals;
  for (Proposal& founder : founders(experiment)) proposals.emplace_back(std::move(founder));
  std::vector<Individual> first = newborn(proposals, empty, 0);
  score(first, experiment, evaluator);
  return select(empty, std::move(first), experiment, evaluator);
}

Step advance(const State& state, const Experiment& experiment, const replay::Evaluator& evaluator,
             Proposer& proposer) {
  const int generation = state.generation + 1;
  const auto requests = choose_parents(state, experiment, generation);
  const auto proposals = proposer.propose(requests);
  std::vector<Individual> children = newborn(proposals, state, generation);
  score(children, experiment, evaluator);
  Step step = select(state, std::move(children), experiment, evaluator);
  step.state.generation = generation;
  step.exchanges = proposer.take_exchanges();
  return step;
}

}  // namespace evo
