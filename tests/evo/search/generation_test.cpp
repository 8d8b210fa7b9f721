// The search as a whole, in a small world.
#include "evo/search/generation.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <map>
#include <memory>
#include <optional>
#include <set>
#include <span>
#include <string>
#include <tbb/global_control.h>
#include <vector>

#include "evo/population/selection.hpp"
#include "evo/proposal/genetic_proposer.hpp"
#include "evo/record/checkpoint.hpp"
#include "genome/text/printer.hpp"
#include "tests/support/evolved.hpp"

namespace evo {
namespace {

std::vector<std::string> ids(const std::vector<Individual>& individuals) {
  std::vector<std::string> result;
  for (const Individual& each : individuals) result.push_back(each.id);
  return result;
}

TEST(Evolution, SameSeedSameStatesAnotherSeedAnother) {
  const State a = evolved(3), b = evolved(3), c = evolved(3, 2);
  EXPECT_EQ(save_checkpoint(a), save_checkpoint(b));
  EXPECT_NE(save_checkpoint(a), save_checkpoint(c));
}

TEST(Evolution, DoesNotDependOnTheNumberOfThreads) {
  std::set<std::string> outcomes;
  for (const std::size_t threads : {1UL, 2UL, 5UL}) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    outcomes.insert(save_checkpoint(evolved(3)));
  }
  EXPECT_EQ(outcomes.size(), 1U);
}

TEST(Evolution, TheBestNeverGetsWorseAndPopulationsKeepTheirSize) {
  const Experiment e = small_experiment();
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  GeneticProposer proposer({});
  State state = found(scorer).state;
  for (int i = 0; i < 6; ++i) {
    const Step step = advance(state, scorer, proposer);
    EXPECT_GE(step.state.best().fitness, state.best().fitness);
    EXPECT_GE(step.state.archive.hypervolume(budgets_of(e)), state.archive.hypervolume(budgets_of(e)) * 0.98);
    EXPECT_LE(step.state.islands.front().population.size(), static_cast<std::size_t>(e.population));
    EXPECT_EQ(step.state.generation, state.generation + 1);
    EXPECT_EQ(step.state.counters.births, state.counters.births + step.born.size());
    for (const Individual& child : step.born) {
      EXPECT_FALSE(child.birth.parents.empty());
      EXPECT_FALSE(child.birth.operation.empty());
      EXPECT_EQ(child.curve.size(), e.betas.size());
      EXPECT_EQ(child.id, genome::identity(child.controller.tree()));
    }
    state = step.state;
  }
}

TEST(Evolution, AGenerationStartedFromACheckpointIsTheSame) {
  const Experiment e = small_experiment();
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  GeneticProposer proposer({});
  State state = found(scorer).state;
  for (int i = 0; i < 4; ++i) {
    const State revived = load_checkpoint(save_checkpoint(state), text_in(state), "test");
    EXPECT_EQ(save_checkpoint(revived), save_checkpoint(state));
    EXPECT_EQ(ids(revived.islands.front().population), ids(state.islands.front().population));
    const State a = advance(state, scorer, proposer).state;
    const State b = advance(revived, scorer, proposer).state;
    ASSERT_EQ(save_checkpoint(a), save_checkpoint(b));
    state = a;
  }
}

TEST(Evolution, WithEverySavingAResumedRunIsTheSameOnAnyNumberOfThreads) {
  const Experiment e = full_experiment();
  const auto evaluator = small_evaluator(e);
  std::set<std::string> outcomes;
  for (const std::size_t threads : {1UL, 4UL}) {
    const tbb::global_control limit(tbb::global_control::max_allowed_parallelism, threads);
    for (const bool interrupted : {false, true}) {
      GeneticProposer proposer({});
      auto scorer = std::make_unique<Scorer>(e, evaluator);
      State state = found(*scorer).state;
      for (int i = 0; i < 3; ++i) {
        if (interrupted) {  // the cache is lost, the state is not
          state = load_checkpoint(save_checkpoint(state), text_in(state), "test");
          scorer = std::make_unique<Scorer>(e, evaluator);
        }
        state = advance(state, *scorer, proposer).state;
      }
      outcomes.insert(save_checkpoint(state));
    }
  }
  EXPECT_EQ(outcomes.size(), 1U);
}

TEST(Evolution, WithBetaTablesNobodyHasASchedule) {
  Experiment e = full_experiment();
  e.beta_tables = true;
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  GeneticProposer proposer({});
  Step step = found(scorer);
  std::set<std::string> ids;
  for (int i = 0; i < 4; ++i) {
    for (const Individual& each : step.born) {
      EXPECT_TRUE(each.controller.tree().schedule.empty()) << each.text;
      ids.insert(each.id);
    }
    for (const Individual& each : step.born) {
      for (const std::string& parent : each.birth.parents) EXPECT_TRUE(ids.contains(parent)) << each.text;
    }
    step = advance(step.state, scorer, proposer);
  }
  EXPECT_GT(ids.size(), 40U) << "children come about";
}

TEST(Evolution, TheChampionLivesAndNeverGetsWorse) {
  const Experiment e = full_experiment();
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  GeneticProposer proposer({});
  State state = found(scorer).state;
  for (int i = 0; i < 6; ++i) {
    const Step step = advance(state, scorer, proposer);
    ASSERT_TRUE(step.state.best().validated.has_value());
    EXPECT_EQ(step.state.best().id, step.state.champion);
    EXPECT_GE(scorer.validation().fitness(step.state.best()), scorer.validation().fitness(state.best()));
    for (const Individual& each : step.state.islands.front().population) EXPECT_TRUE(scorer.complete(each));
    EXPECT_TRUE(std::ranges::is_sorted(step.state.islands.front().population,
                                       fitter));  // wherever the champion came back
    state = step.state;
  }
  EXPECT_FALSE(state.islands.front().rates.records().empty());
}

TEST(Evolution, AChampionIsFollowedByWhoIsAheadBeyondTheMargin) {
  Experiment e = full_experiment();
  std::vector<int> followed;
  for (const double margin : {0.0, 1.0, 1000.0}) {
    e.champion_errors = margin;
    const auto evaluator = small_evaluator(e);
    Scorer scorer(e, evaluator);
    GeneticProposer proposer({});
    State state = found(scorer).state;
    int changes = 0;
    for (int i = 0; i < 8; ++i) {
      const State before = state;
      state = advance(state, scorer, proposer).state;
      if (state.champion == before.champion) continue;
      ++changes;
      const double gain =
          scorer.validation().fitness(state.best()) - scorer.validation().fitness(before.best());
      EXPECT_GT(gain, margin * scorer.validation().error_between(state.best(), before.best()));
    }
    followed.push_back(changes);
  }
  EXPECT_GT(followed[0], 0);
  EXPECT_LE(followed[1], followed[0]);
  EXPECT_EQ(followed[2], 0);
}

TEST(Evolution, FoundersAreCreditedAgainstTheFoundersTheyAreOf) {
  Experiment e = small_experiment();
  e.adaptive = true;
  e.population = 40;
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  const Step step = found(scorer);
  std::map<std::string, double> gains;
  for (const Individual& each : step.born) {
    const auto is = [](const std::string& id) { return [&id](const Individual& i) { return i.id == id; }; };
    if (each.birth.parents.empty() ||
        std::ranges::none_of(step.state.islands.front().population, is(each.id)))
      continue;
    const auto parent = std::ranges::find_if(step.born, is(each.birth.parents.front()));
    ASSERT_NE(parent, step.born.end());
    if (each.fitness > parent->fitness) gains[each.birth.operation] += 1;
  }
  int mutated = 0;
  for (const auto& [name, record] : step.state.islands.front().rates.records()) {
    if (name == "random" || name.starts_with("library:")) continue;
    EXPECT_EQ(record.gains, gains[name]) << name;
    ++mutated;
  }
  EXPECT_GT(mutated, 3);
}

// Proposes one structure whose numbers are guesses, as a language model does, and keeps what it is told.
class Guessing : public Proposer {
 public:
  std::string_view name() const override { return "guessing"; }
  void begin(const Outlook& outlook) override { begun_with = std::string(outlook.memory); }
  std::vector<std::optional<Proposal>> propose(std::span<const ProposalRequest> requests) override {
    std::vector<std::optional<Proposal>> proposals(requests.size());
    auto child = *genome::check_text(kText).controller;
    proposals[0] = Proposal{child, {requests[0].parents[0]->id}, "model_mutate", "aa", "a guess", true};
    proposals[1] = Proposal{requests[0].parents[0]->controller, {}, "model_mutate", "bb", "", false};
    // another text, which no rule finds equal, that acts the same
    genome::Controller wordy = requests[0].parents[0]->controller.tree();
    const auto stop = genome::check_text(
        "controller s\nround\n  advance active by 1\n  stop when opened > 12345\nanswer\n  top(finished)\n");
    wordy.round.push_back(stop.controller->tree().round.back());
    proposals[2] = Proposal{*genome::check(wordy).controller, {}, "model_mutate", "cc", "", true};
    mother = requests[0].parents[0]->id;
    return proposals;
  }
  void learn(std::span<const ProposalOutcome> outcomes) override {
    told.assign(outcomes.begin(), outcomes.end());
  }
  std::string memory() const override { return "{\"generations\":1}"; }

  static constexpr const char* kText =
      "controller guess\n\nschedule\n  width rises round(3 + 20 * beta)\n  level rises 0.6 + 0.2 * "
      "beta\n\nstart\n"
      "  open width\n\nround\n  stop when confidence(finished) >= level and count(finished) >= 2\n"
      "  advance active by 1\n\nanswer\n  top(finished)\n  top(not pruned)\n";
  std::string begun_with, mother;
  std::vector<ProposalOutcome> told;
};

TEST(Evolution, NumbersOfARawProposalAreTunedBeforeItIsJudged) {
  for (const int steps : {0, 3}) {
    Experiment e = small_experiment();
    e.model_tuning_steps = steps;
    const auto evaluator = small_evaluator(e);
    Scorer scorer(e, evaluator);
    Guessing proposer;
    Step step = advance(found(scorer).state, scorer, proposer);
    const auto child = std::find_if(step.born.begin(), step.born.end(),
                                    [](const Individual& each) { return each.birth.exchange == "aa"; });
    ASSERT_NE(child, step.born.end());
    EXPECT_EQ(child->birth.hypothesis, "a guess");
    EXPECT_EQ(child->birth.operation, steps > 0 ? "model_mutate+tuning" : "model_mutate");
    ASSERT_EQ(proposer.told.size(), 3U);
    EXPECT_EQ(proposer.told[0].id, child->id);
    EXPECT_EQ(proposer.told[0].score, child->score);
    EXPECT_EQ(proposer.told[1].duplicate_of, proposer.told[1].id);  // the parent itself: not scored again
    EXPECT_EQ(proposer.told[2].duplicate_of, proposer.mother);      // in other words: nor is this
    EXPECT_NE(proposer.told[2].id, proposer.mother);
    for (const Individual& each : step.born) EXPECT_NE(each.birth.exchange, "cc");
    EXPECT_EQ(step.state.memory, proposer.memory());
    advance(step.state, scorer, proposer);
    EXPECT_EQ(proposer.begun_with, step.state.memory);
  }
}

}  // namespace
}  // namespace evo
