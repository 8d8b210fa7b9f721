#include "evo/expectation/cross_fitting.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <functional>
#include <numeric>
#include <span>
#include <utility>

#include "evo/expectation/interval.hpp"
#include "evo/expectation/recommendation.hpp"
#include "evo/expectation/seen_gain.hpp"
#include "evo/objective/question_folds.hpp"
#include "evo/scoring/rescoring.hpp"
#include "evo/search/generation.hpp"
#include "genome/base/check.hpp"
#include "replay/environment/distinct_questions.hpp"

namespace evo {
namespace {

// An environment is followed by its variants.
replay::QuestionSet recorded(const replay::QuestionSet& questions, std::size_t reweightings) {
  replay::QuestionSet found;
  for (const replay::EnvironmentPart& part : questions) {
    if (part.environment % (1 + reweightings) == 0) found.push_back(part);
  }
  return found;
}

replay::QuestionSet half_of(const Experiment& experiment, const replay::Evaluator& evaluator,
                            std::size_t place) {
  // A question that stands there twice must not be in both halves.
  return without_fold(evaluator.environments(), 2, static_cast<int>(place), halving_seed(experiment),
                      replay::SameQuestion::kByText);
}

double mean_of(const std::vector<double>& values) {
  return std::accumulate(values.begin(), values.end(), 0.0) / static_cast<double>(values.size());
}

std::vector<double> less(const std::vector<double>& a, const std::vector<double>& b) {
  std::vector<double> differences(a.size());
  std::ranges::transform(a, b, differences.begin(), std::minus());
  return differences;
}

// What a half need not keep: nobody is recorded of it but who lives.
State alone(State half) {
  half.archive = Archive();
  half.environments.clear();
  return half;
}

// The scores of a known controller, as those of the search's individuals.
Individual scored_known(const Known& known, const State& state, Scorer& scorer) {
  for (const Island& island : state.islands) {
    const auto at = std::ranges::find(island.population, known.id, &Individual::id);
    if (at != island.population.end()) return *at;
  }
  const Birth birth{.operation = fmt::format("library:{}", known.name)};
  return rescored(make_individual(known.controller, birth), scorer);
}

bool same_champions(const State& a, const State& b) {
  const auto same = [](const State& x, const State& y) { return x.best().id == y.best().id; };
  return same(a, b) && std::ranges::equal(a.halves, b.halves, same);
}

void count(Counters& counters, const Counters& before, const Counters& after) {
  counters.evaluations += after.evaluations - before.evaluations;
  counters.episodes += after.episodes - before.episodes;
}

}  // namespace

CrossFitting::Half::Half(const Experiment& experiment, const Experiment& judging,
                         const replay::Evaluator& evaluator, std::size_t place)
    : scorer(std::make_unique<Scorer>(experiment, evaluator,
                                      half_plans(experiment, place, half_of(experiment, evaluator, place)))),
      proposer(GeneticProposer::by_island(genetic_options(experiment, evaluator.environments()))),
      judge(judging, evaluator,
            recorded(half_of(experiment, evaluator, place), experiment.reweightings.size())) {}

CrossFitting::CrossFitting(const Experiment& experiment, const replay::Evaluator& evaluator)
    : experiment_(&experiment),
      judging_(judging_under(experiment)),
      known_(known_on(evaluator.environments(), experiment.edition)) {
  EVOTTS_CHECK(!known_.empty());
  for (std::size_t i = 0; i < halves_.size(); ++i)
    halves_[i] = std::make_unique<Half>(experiment, judging_, evaluator, i);
}

void CrossFitting::found(State& state, Scorer& scorer) {
  state.halves.clear();
  for (const auto& half : halves_) {
    state.halves.push_back(alone(evo::found(*half->scorer).state));
    count(state.counters, {}, state.halves.back().counters);
  }
  Work work;
  estimate(state, scorer, work);
  state.counters.episodes += work.episodes;
}

void CrossFitting::advance(const State& before, State& after, Scorer& scorer) {
  if (before.halves.size() != halves_.size()) return found(after, scorer);
  for (std::size_t i = 0; i < halves_.size(); ++i) {
    Half& half = *halves_[i];
    after.halves[i] = alone(evo::advance(before.halves[i], *half.scorer, half.proposer).state);
    count(after.counters, before.halves[i].counters, after.halves[i].counters);
  }
  if (before.expected && same_champions(before, after)) return;  // it came along
  Work work;
  estimate(after, scorer, work);
  after.counters.episodes += work.episodes;
}

std::vector<double> CrossFitting::judged(const genome::CheckedController& controller, std::size_t place,
                                         Work& work) {
  QuestionScorer& judge = halves_[place]->judge;
  const genome::CheckedController* const one = &controller;
  const auto compiled = judge.runner().compiled(std::span(&one, 1));
  // Whoever is judged here, or what it is compared with, was not chosen by these orderings.
  const int orderings = experiment_->orderings + experiment_->validation_orderings;
  const auto slices = judge.runner().run(all_of(compiled), {0, orderings}, 0, work);
  return judge.keeper().shares_of(slices.front().sums, slices.front().right, experiment_->betas, orderings);
}

const std::vector<CrossFitting::Shares>& CrossFitting::shares_of_known() {
  Work uncounted;  // as those of baselines
  for (std::size_t k = shares_of_known_.size(); k < known_.size(); ++k)
    shares_of_known_.push_back(
        {judged(known_[k].controller, 0, uncounted), judged(known_[k].controller, 1, uncounted)});
  return shares_of_known_;
}

void CrossFitting::estimate(State& state, Scorer& scorer, Work& work) {
  const std::vector<Shares>& known = shares_of_known();
  const auto best_by = [&](const auto& area) {
    return static_cast<std::size_t>(std::ranges::max_element(known, {}, area) - known.begin());
  };
  Differences differences;
  for (const std::size_t seen : {0U, 1U}) {
    const std::size_t other = 1 - seen;
    const std::size_t rival = best_by([&](const Shares& shares) { return mean_of(shares[seen]); });
    differences.halves[seen] =
        less(judged(state.halves[seen].best().controller, other, work), known[rival][other]);
  }
  const std::size_t rival = best_by([](const Shares& shares) {
    return mean_of(shares[0]) * static_cast<double>(shares[0].size()) +
           mean_of(shares[1]) * static_cast<double>(shares[1].size());
  });
  for (const std::size_t place : {0U, 1U}) {
    const std::vector<double> shares = judged(state.best().controller, place, work);
    const auto own = less(shares, known[rival][place]);
    differences.own.insert(differences.own.end(), own.begin(), own.end());
    if (experiment_->expected_lead)
      differences.lead[place] = less(shares, judged(state.halves[place].best().controller, place, work));
  }
  ExpectedGain expected = expected_gain(differences);
  expected.against = known_[rival].name;
  const bool is_known = state.best().id == known_[rival].id;
  if (is_known) expected.gain = expected.low = expected.high = 0;  // nothing is surer
  state.expected = expected;
  state.recommended.reset();
  if (is_known || !beats_known(expected)) state.recommended = scored_known(known_[rival], state, scorer);
}

std::unique_ptr<CrossFitting> cross_fitting(const Experiment& experiment,
                                            const replay::Evaluator& evaluator) {
  if (!experiment.expected_gain) return nullptr;
  const auto& environments = evaluator.environments();
  const replay::DistinctQuestions distinct(environments, replay::SameQuestion::kByText);
  if (distinct.count() < kFewestQuestions || known_on(environments, experiment.edition).empty())
    return nullptr;
  return std::make_unique<CrossFitting>(experiment, evaluator);
}

}  // namespace evo
