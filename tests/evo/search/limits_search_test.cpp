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
    for (const double beta : e.betas) {
      const auto result = search.measured(each.controller, beta, work);
      ASSERT_TRUE(result.has_value());
      EXPECT_EQ(result->beta, beta);
      expect_by_hand(each, *result, e);
    }
    EXPECT_FALSE(search.measured(each.controller, 0.123, work).has_value()) << "no beta of the experiment";
  }
  const auto living = first.state.islands.front().population.size();
  EXPECT_EQ(work.episodes, living * 3 * 4 * 6) << "betas, orderings, questions";
}

// Nobody of the run is better than the choice, at any setting.
void expect_best(const State& state, LimitsSearch& search, const Experiment& e) {
  Work uncounted;
  for (const Individual& each : state.islands.front().population) {
    for (const double beta : e.betas) {
      const auto result = search.measured(each.controller, beta, uncounted);
      EXPECT_FALSE(better_within(e.limits, e.charge, *result, state.limited->result))
          << each.id << " at " << beta;
    }
  }
}

// Where the curves are of the orderings on which is measured, what seems better is all that can be.
TEST(LimitsSearch, NobodyIsOverlookedInTheEnd) {
  for (const Limits& limits : {Limits{.tokens = 120'000}, Limits{.latency_p95 = 25'000},
                               Limits{.latency_p95 = 25'000, .accuracy = 70}, Limits{.accuracy = 40}}) {
    Experiment e = limited(limits);
    e.validation_orderings = 0;
    const auto evaluator = small_evaluator(e);
    Scorer scorer(e, evaluator);
    LimitsSearch search(e, evaluator);
    Step step = found(scorer);
    for (int i = 0; i < 30; ++i) {
      search.choose(step, scorer);
      step.born.clear();  // as in later generations: who lives or is on the frontier is there still
    }
    ASSERT_TRUE(step.state.limited.has_value());
    EXPECT_GT(step.state.limited->measured, 0);
    expect_best(step.state, search, e);
    const LimitsChoice before = *step.state.limited;
    const auto episodes = step.state.counters.episodes;
    search.choose(step, scorer);
    EXPECT_EQ(step.state.counters.episodes, episodes) << "all were looked at";
    EXPECT_EQ(step.state.limited->measured, before.measured);
    EXPECT_EQ(step.state.limited->looked_at, before.looked_at);
  }
}

// Who is on the frontier and lives no more can be chosen, too.
TEST(LimitsSearch, TheFrontierIsLookedAt) {
  Experiment e = limited({.tokens = 120'000});
  e.validation_orderings = 0;
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  LimitsSearch search(e, evaluator);
  GeneticProposer proposer({});
  Step step = found(scorer);
  for (int i = 0; i < 3; ++i) step = advance(step.state, scorer, proposer);
  Step frontier{.state = step.state};
  frontier.state.islands.front().population.clear();
  ASSERT_FALSE(frontier.state.archive.points().empty());
  search.choose(frontier, scorer);
  ASSERT_TRUE(frontier.state.limited.has_value());
  const LimitsChoice& choice = *frontier.state.limited;
  EXPECT_TRUE(frontier.state.archive.texts().contains(choice.id));
  EXPECT_EQ(choice.text, frontier.state.archive.texts().at(choice.id));
  Work uncounted;
  EXPECT_EQ(search.measured(choice.controller, choice.result.beta, uncounted), choice.result);
}

TEST(LimitsSearch, AChoiceStaysUntilABetterOneIsFound) {
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
    EXPECT_GE(now.measured, before.measured);
    expect_by_hand(make_individual(now.controller, {}), now.result, e);
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
  EXPECT_EQ(one.limited->id, many.limited->id);
  EXPECT_EQ(one.limited->result, many.limited->result);
  EXPECT_EQ(one.limited->looked_at, many.limited->looked_at);
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
  const std::string chosen = step.state.limited->id;
  Step later{.state = rescored_population(step.state, scorer)};
  EXPECT_FALSE(later.state.limited.has_value());
  search.choose(later, scorer);
  ASSERT_TRUE(later.state.limited.has_value());
  EXPECT_EQ(later.state.limited->id, chosen);
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
  const double beta = e.betas.back();
  EXPECT_EQ(LimitsSearch(e, plain).measured(one.controller, beta, work),
            LimitsSearch(varied, with_variants).measured(one.controller, beta, work));
}

}  // namespace
}  // namespace evo
