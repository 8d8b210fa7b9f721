// Who is chosen for the limits of a service level, against figures counted by hand.
#include "evo/search/limits_search.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <string>
#include <tbb/global_control.h>
#include <vector>

#include "evo/objective/service_level.hpp"
#include "evo/scoring/rescoring.hpp"
#include "genome/program/compiler.hpp"
#include "replay/environment/reweighting.hpp"
#include "tests/support/evolved.hpp"

namespace evo {
namespace {

Experiment limited(const Limits& limits) {
  Experiment e = small_experiment();
  e.validation_orderings = 4;
  e.limits = limits;
  return e;
}

// The figures of a controller at a beta on the orderings from `first`, each ordering by itself.
struct ByHand {
  ServiceFigures figures;
  int kept = 0;
};
ByHand by_hand(const Individual& individual, double beta, const Experiment& e, int first, int count) {
  const auto environments = replay::open_environments(e.search);
  const genome::Program program = genome::compile(individual.controller);
  const std::vector<genome::Program> one = {program};
  const std::vector<double> betas = {beta};
  ByHand all;
  std::vector<std::int64_t> latencies;
  double right = 0, tokens = 0, latency = 0, episodes = 0;
  for (int s = first; s < first + count; ++s) {
    const replay::Evaluator alone(environments,
                                  {.first_ordering = static_cast<std::uint64_t>(s), .orderings = 1});
    const replay::Cell cell = alone.evaluate(one, betas).front();
    std::vector<std::int64_t> own;
    for (const replay::QuestionSums& each : cell.questions) own.push_back(each.latency_tokens);
    std::ranges::sort(own);
    const auto rank = static_cast<std::size_t>((own.size() * 19 + 19) / 20);
    const ServiceFigures here{.accuracy = cell.accuracy(),
                              .tokens = cell.tokens(),
                              .latency_tokens = cell.latency_tokens(),
                              .latency_p95 = static_cast<double>(own[rank - 1])};
    all.kept += excess(e.limits, here) == 0 ? 1 : 0;
    latencies.insert(latencies.end(), own.begin(), own.end());
    right += static_cast<double>(cell.sums().right);
    tokens += static_cast<double>(cell.sums().tokens);
    latency += static_cast<double>(cell.sums().latency_tokens);
    episodes += static_cast<double>(cell.questions.size());
  }
  std::ranges::sort(latencies);
  all.figures = {.accuracy = 100 * right / episodes,
                 .tokens = tokens / episodes,
                 .latency_tokens = latency / episodes,
                 .latency_p95 = static_cast<double>(latencies[(latencies.size() * 19 + 19) / 20 - 1])};
  return all;
}

void expect_by_hand(const Individual& individual, const ServiceResult& result, const Experiment& e) {
  const ByHand known = by_hand(individual, result.beta, e, e.orderings, e.validation_orderings);
  EXPECT_DOUBLE_EQ(result.figures.accuracy, known.figures.accuracy);
  EXPECT_DOUBLE_EQ(result.figures.tokens, known.figures.tokens);
  EXPECT_DOUBLE_EQ(result.figures.latency_tokens, known.figures.latency_tokens);
  EXPECT_EQ(result.figures.latency_p95, known.figures.latency_p95);
  EXPECT_EQ(result.kept, known.kept);
  EXPECT_EQ(result.orderings, e.validation_orderings);
  EXPECT_EQ(result.excess, excess(e.limits, result.figures));
}

TEST(LimitsSearch, MeasuresEpisodesOfTheValidationOrderings) {
  const Experiment e = limited({.tokens = 90'000, .latency_p95 = 30'000});
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  const Step first = found(scorer);
  LimitsSearch search(e, evaluator);
  Work work;
  for (const Individual& each : first.state.islands.front().population) {
    const ServiceResult result = search.measured(each.controller, work);
    expect_by_hand(each, result, e);
    for (const double beta : e.betas) {
      if (beta == result.beta) continue;
      ServiceResult other = result;
      const ByHand known = by_hand(each, beta, e, e.orderings, e.validation_orderings);
      other.figures = known.figures;
      other.excess = excess(e.limits, known.figures);
      other.kept = known.kept;
      EXPECT_FALSE(better_within(e.limits, e.charge, other, result)) << each.id << " at " << beta;
    }
  }
  const auto living = first.state.islands.front().population.size();
  EXPECT_EQ(work.episodes, living * 3 * 4 * 6) << "betas, orderings, questions";
}

TEST(LimitsSearch, AChoiceStaysUntilABetterOneIsBorn) {
  const Experiment e = limited({.tokens = 120'000});
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  LimitsSearch search(e, evaluator);
  GeneticProposer proposer({});
  Step step = found(scorer);
  search.choose(step, scorer);
  ASSERT_TRUE(step.state.limited.has_value());
  for (int i = 0; i < 4; ++i) {
    const LimitsChoice before = *step.state.limited;
    step = advance(step.state, scorer, proposer);
    search.choose(step, scorer);
    const LimitsChoice& now = *step.state.limited;
    EXPECT_FALSE(better_within(e.limits, e.charge, before.result, now.result));
    if (now.individual.id != before.individual.id) {
      EXPECT_TRUE(std::ranges::count(step.born, now.individual.id, &Individual::id) == 1);
    }
    expect_by_hand(now.individual, now.result, e);
  }
  EXPECT_TRUE(step.state.limited->result.keeps());
}

TEST(LimitsSearch, DependsOnTheStateAloneOnAnyNumberOfThreads) {
  const Experiment e = limited({.latency_p95 = 25'000, .accuracy = 70});
  const auto evaluator = small_evaluator(e);
  const auto chosen = [&](std::size_t threads) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    Scorer scorer(e, evaluator);
    LimitsSearch search(e, evaluator);
    GeneticProposer proposer({});
    Step step = found(scorer);
    search.choose(step, scorer);
    step = advance(step.state, scorer, proposer);
    LimitsSearch another(e, evaluator);  // as in a process that was not there
    another.choose(step, scorer);
    return step.state;
  };
  const State one = chosen(1), many = chosen(4);
  EXPECT_EQ(one.limited->individual.id, many.limited->individual.id);
  EXPECT_EQ(one.limited->result, many.limited->result);
  EXPECT_EQ(one.counters, many.counters);
}

TEST(LimitsSearch, WhereNobodyKeepsThemTheNearestIsChosen) {
  const Experiment e = limited({.tokens = 10, .accuracy = 100});
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  LimitsSearch search(e, evaluator);
  Step step = found(scorer);
  search.choose(step, scorer);
  ASSERT_TRUE(step.state.limited.has_value());
  EXPECT_FALSE(step.state.limited->result.keeps());
  EXPECT_EQ(step.state.limited->result.kept, 0);
}

// What is scored anew, as in a fork to other limits, has no choice until the next generation.
TEST(LimitsSearch, ChoosesFromTheLivingWhereThereIsNoChoice) {
  const Experiment e = limited({.tokens = 120'000});
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  LimitsSearch search(e, evaluator);
  Step step = found(scorer);
  search.choose(step, scorer);
  const std::string chosen = step.state.limited->individual.id;
  Step later{.state = rescored_population(step.state, scorer)};
  EXPECT_FALSE(later.state.limited.has_value());
  search.choose(later, scorer);
  ASSERT_TRUE(later.state.limited.has_value());
  EXPECT_EQ(later.state.limited->individual.id, chosen);
}

TEST(LimitsSearch, VariantsOfEnvironmentsAreNotLookedAt) {
  Experiment e = limited({.tokens = 120'000});
  const auto plain = small_evaluator(e);
  std::vector<replay::Environment> environments = replay::open_environments(e.search);
  environments.push_back(replay::reweighted(environments.front(), 4));
  Experiment varied = e;
  varied.reweightings = {4};
  const replay::Evaluator with_variants(environments, plain.options());
  Scorer scorer(e, plain);
  const Individual one = found(scorer).state.best();
  Work work;
  EXPECT_EQ(LimitsSearch(e, plain).measured(one.controller, work),
            LimitsSearch(varied, with_variants).measured(one.controller, work));
}

}  // namespace
}  // namespace evo
