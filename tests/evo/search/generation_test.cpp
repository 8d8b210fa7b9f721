// The search as a whole, in a small world: selection, proposals, generations, checkpoints.
#include "evo/search/generation.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <rapidcheck.h>
#include <set>
#include <tbb/global_control.h>

#include "evo/base/error.hpp"
#include "evo/population/selection.hpp"
#include "evo/proposal/founder_search.hpp"
#include "evo/proposal/founders.hpp"
#include "evo/proposal/genetic_proposer.hpp"
#include "evo/record/checkpoint.hpp"
#include "genome/text/printer.hpp"
#include "tests/support/small_world.hpp"

namespace evo {
namespace {

std::vector<std::string> ids(const std::vector<Individual>& individuals) {
  std::vector<std::string> result;
  for (const Individual& each : individuals) result.push_back(each.id);
  return result;
}

TextOf text_in(const State& state) {
  return [&state](const std::string& id) -> std::optional<std::string> {
    for (const Individual& each : state.population) {
      if (each.id == id) return each.text;
    }
    const auto at = state.archive.texts().find(id);
    return at == state.archive.texts().end() ? std::nullopt : std::optional(at->second);
  };
}

State evolved(int generations, std::uint64_t seed = 1) {
  const Experiment e = small_experiment(seed);
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  GeneticProposer proposer({});
  State state = found(scorer).state;
  for (int i = 0; i < generations; ++i) state = advance(state, scorer, proposer).state;
  return state;
}

TEST(Founders, FillThePopulationWithDifferentControllers) {
  for (const Founders kind : {Founders::kLibrary, Founders::kRandom, Founders::kBoth}) {
    Experiment e = small_experiment();
    e.founders = kind;
    e.population = 30;
    const auto first = founders(e);
    ASSERT_EQ(first.size(), 30U);
    std::set<std::string> different;
    for (const Proposal& p : first) different.insert(genome::identity(p.child.tree()));
    EXPECT_EQ(different.size(), 30U);
    const bool library = first.front().operation.starts_with("library:");
    EXPECT_EQ(library, kind != Founders::kRandom);
  }
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
    EXPECT_GE(step.state.archive.hypervolume({e.budget_low, e.budget_high}),
              state.archive.hypervolume({e.budget_low, e.budget_high}) * 0.98);
    EXPECT_LE(step.state.population.size(), static_cast<std::size_t>(e.population));
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
    EXPECT_EQ(ids(revived.population), ids(state.population));
    const State a = advance(state, scorer, proposer).state;
    const State b = advance(revived, scorer, proposer).state;
    ASSERT_EQ(save_checkpoint(a), save_checkpoint(b));
    state = a;
  }
}

TEST(Founders, AuditionsAddTheBestOfManyRandomControllers) {
  Experiment e = small_experiment();
  e.founder_candidates = 200;
  e.founders = Founders::kRandom;
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  const auto called_back = search_founders(scorer, founders(e));
  ASSERT_EQ(called_back.size(), 2U);  // a quarter of 4 percent
  std::vector<genome::CheckedController> best, all;
  for (const Proposal& p : called_back) {
    EXPECT_TRUE(p.operation == "random+tuning" || p.operation == "random") << p.operation;
    best.push_back(p.child);
  }
  e.population = 40;
  for (const Proposal& p : founders(e)) all.push_back(p.child);
  const auto heard = scorer.fitness_on(best, 0, e.orderings), others = scorer.fitness_on(all, 0, e.orderings);
  double mean = 0;
  for (const double each : others) mean += each / static_cast<double>(others.size());
  for (const double each : heard) EXPECT_GT(each, mean);
  const auto again = search_founders(scorer, {});
  for (std::size_t i = 0; i < again.size(); ++i) EXPECT_EQ(again[i].child, called_back[i].child);
}

TEST(Founders, KnownControllersAreTunedBesideTheRandomOnes) {
  Experiment e = small_experiment();
  e.founder_candidates = 25;
  const auto evaluator = small_evaluator(e);
  Scorer scorer(e, evaluator);
  std::set<std::string> known;
  for (const Proposal& p : founders(e)) known.insert(genome::identity(p.child.tree()));
  bool any = false, any_known = false;
  for (const Proposal& p : search_founders(scorer, {})) {
    EXPECT_TRUE(p.parents.empty());  // nobody is named who was not born
    if (p.operation.starts_with("library:")) any_known = true;
  }
  for (const Proposal& p : search_founders(scorer, founders(e))) {
    if (p.parents.empty()) continue;
    any = true;
    EXPECT_EQ(p.operation, "tuning");
    EXPECT_TRUE(known.contains(p.parents.front())) << p.parents.front();
    EXPECT_FALSE(known.contains(genome::identity(p.child.tree())));
  }
  EXPECT_TRUE(any);
  EXPECT_TRUE(any_known);
}

// With all that saves and steers: the same states on any number of threads and after any interruption.
Experiment full_experiment() {
  Experiment e = small_experiment();
  e.orderings = 6;
  e.first_rung = 1;
  e.validation_orderings = 5;
  e.coverage_penalty = 2;
  e.baseline_regret = 0.5;
  e.lower_bound_errors = 0.5;
  e.champion_errors = 0.5;
  e.niche = 2;
  e.adaptive = true;
  e.tuned = 1;
  e.simplified = 1;
  e.founder_candidates = 26;
  e.tuning_steps = 3;
  e.folds = 2;
  return e;
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

TEST(Evolution, FreedOfTheKnobNobodyHasASchedule) {
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
    ASSERT_TRUE(step.state.best().playoff.has_value());
    EXPECT_EQ(step.state.best().id, step.state.champion);
    EXPECT_GE(scorer.fresh_fitness(step.state.best()), scorer.fresh_fitness(state.best()));
    for (const Individual& each : step.state.population) EXPECT_TRUE(scorer.complete(each));
    EXPECT_TRUE(std::ranges::is_sorted(step.state.population, fitter));  // wherever the champion came back
    state = step.state;
  }
  EXPECT_FALSE(state.rates.records().empty());
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
      const double gain = scorer.fresh_fitness(state.best()) - scorer.fresh_fitness(before.best());
      EXPECT_GT(gain, margin * scorer.error_between(state.best(), before.best()));
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
    if (each.birth.parents.empty() || std::ranges::none_of(step.state.population, is(each.id))) continue;
    const auto parent = std::ranges::find_if(step.born, is(each.birth.parents.front()));
    ASSERT_NE(parent, step.born.end());
    if (each.fitness > parent->fitness) gains[each.birth.operation] += 1;
  }
  int mutated = 0;
  for (const auto& [name, record] : step.state.rates.records()) {
    if (name == "random" || name.starts_with("library:")) continue;
    EXPECT_EQ(record.gains, gains[name]) << name;
    ++mutated;
  }
  EXPECT_GT(mutated, 3);
}

TEST(Evolution, FoundersAreMadeWithoutWhatIsOff) {
  Experiment e = small_experiment();
  e.founders = Founders::kLibrary;
  e.population = 60;
  e.without = {"constants", "habit"};
  for (const Proposal& founder : founders(e)) {
    EXPECT_NE(founder.operation, "constants");
    EXPECT_NE(founder.operation, "habit");
  }
  for (const genome::Mutation each : genome::all_mutations()) e.without.emplace_back(genome::name_of(each));
  EXPECT_THROW(founders(e), RunError);  // more than the library has
  e.founders = Founders::kBoth;
  EXPECT_EQ(founders(e).size(), 60U);
}

TEST(Evolution, FoundersThatDoNotFitTheExperimentAreAnError) {
  Experiment e = small_experiment();
  e.beta_tables = true;  // each schedule a table of as many entries
  e.betas.clear();
  for (int i = 0; i <= 100; ++i) e.betas.push_back(i / 100.0);
  for (const Founders kind : {Founders::kBoth, Founders::kLibrary, Founders::kRandom}) {
    e.founders = kind;
    EXPECT_THROW(founders(e), RunError);
  }
}

TEST(Evolution, AnOperatorThatIsOffMakesNoChild) {
  const State state = evolved(1);
  GeneticProposer proposer({.without = {"constants", "subtree", "cross_statement", "cross_section"}});
  std::vector<ProposalRequest> requests;
  for (std::size_t i = 0; i < 60; ++i)
    requests.push_back({7, 3, i, {&state.population[i % 5], &state.population[(i + 1) % 5]}});
  int made = 0;
  for (const auto& proposal : proposer.propose(requests)) {
    if (!proposal) continue;
    ++made;
    for (const char* off : {"constants", "subtree", "cross_statement", "cross_section"}) {
      const std::string padded = "+" + proposal->operation + "+";
      EXPECT_EQ(padded.find(std::string("+") + off + "+"), std::string::npos) << padded;
    }
  }
  EXPECT_GT(made, 40);
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

std::filesystem::path golden_checkpoint(const std::string& version) {
  return std::filesystem::path(EVOTTS_SOURCE_DIR) / "tests/golden" / ("checkpoint_" + version);
}

// A checkpoint that an earlier version wrote, with its individuals.
State earlier_state(const std::string& version) {
  const std::filesystem::path folder = golden_checkpoint(version);
  const auto whole = [](const std::filesystem::path& path) -> std::optional<std::string> {
    std::ifstream file(path, std::ios::binary);
    if (!file) return std::nullopt;
    return std::string{std::istreambuf_iterator<char>(file), {}};
  };
  const auto bytes = whole(folder / "checkpoint.bin");
  EXPECT_TRUE(bytes.has_value());
  return load_checkpoint(
      bytes.value(), [&](const std::string& id) { return whole(folder / (id + ".ctl")); }, version);
}

// It goes on, written as the newest version from now on.
void expect_to_go_on(const State& state) {
  const State again = load_checkpoint(save_checkpoint(state), text_in(state), "newest");
  EXPECT_EQ(save_checkpoint(again), save_checkpoint(state));
}

TEST(Checkpoint, TheFirstVersionCanStillBeRead) {
  const State state = earlier_state("v1");
  EXPECT_EQ(state.generation, 2);
  EXPECT_EQ(state.population.size(), 5U);
  EXPECT_EQ(state.counters, (Counters{13, 13, 702}));
  EXPECT_EQ(state.archive.points().size(), 4U);
  EXPECT_EQ(state.best().id, "65679aee6bcba2b9e81e2f4ca2b325912b774b7e");
  EXPECT_NEAR(state.best().score, 56.30251494386451, 1e-12);
  EXPECT_TRUE(state.champion.empty());
  expect_to_go_on(state);
}

// A run with playoffs and rates of operators.
TEST(Checkpoint, TheSecondVersionCanStillBeRead) {
  const State state = earlier_state("v2");
  EXPECT_EQ(state.generation, 3);
  EXPECT_EQ(state.counters, (Counters{20, 20, 1080}));
  EXPECT_EQ(state.champion, "c838cb3e57c92499c0f57f60da4660c66d43ff39");
  EXPECT_FALSE(state.rates.records().empty());
  EXPECT_TRUE(state.memory.empty());
  for (const Individual& each : state.population) EXPECT_EQ(each.standard_error, 0);
  State third = state;
  third.memory = "{\"format\":1}";
  third.population.front().birth.hypothesis = "less is more";
  third.population.front().standard_error = 1.25;
  const State again = load_checkpoint(save_checkpoint(third), text_in(third), "v3");
  EXPECT_EQ(again.memory, third.memory);
  EXPECT_EQ(again.population.front().birth, third.population.front().birth);
  EXPECT_EQ(again.population.front().standard_error, 1.25);
  expect_to_go_on(third);
}

// A run with caution. The newest version is written as its file says, to the byte: what changes it must be a
// new version, and this file must then still be read.
TEST(Checkpoint, TheThirdVersionIsWhatIsWritten) {
  const State state = earlier_state("v3");
  EXPECT_EQ(state.generation, 3);
  EXPECT_TRUE(
      std::ranges::any_of(state.population, [](const auto& each) { return each.standard_error > 0; }));
  expect_to_go_on(state);
  std::ifstream file(golden_checkpoint("v3") / "checkpoint.bin", std::ios::binary);
  const std::string bytes{std::istreambuf_iterator<char>(file), {}};
  if (kCheckpointVersion == 3) {
    EXPECT_EQ(save_checkpoint(state), bytes);
  }
}

TEST(Checkpoint, AFileOfEveryVersionStays) {
  for (std::uint32_t version = 1; version <= kCheckpointVersion; ++version) {
    const auto file = golden_checkpoint(fmt::format("v{}", version)) / "checkpoint.bin";
    EXPECT_TRUE(std::filesystem::exists(file)) << file;
  }
}

TEST(Evolution, EveryProposalIsKeyedByItsPlaceAlone) {
  const State state = evolved(1);
  std::vector<ProposalRequest> requests;
  for (std::size_t i = 0; i < 20; ++i)
    requests.push_back({7, 3, i, {&state.population[i % 5], &state.population[(i + 1) % 5]}});
  GeneticProposer proposer({});
  const auto together = proposer.propose(requests);
  std::size_t made = 0;
  for (std::size_t i = 0; i < requests.size(); ++i) {
    const auto alone = proposer.propose(std::span(&requests[i], 1));
    ASSERT_EQ(together[i].has_value(), alone[0].has_value());
    if (!alone[0]) continue;
    ++made;
    EXPECT_EQ(together[i]->child, alone[0]->child);
    EXPECT_EQ(together[i]->operation, alone[0]->operation);
  }
  EXPECT_GE(made, 15U);
}

TEST(Checkpoint, AChangedTextIsRefused) {
  const State state = evolved(0);
  const std::string bytes = save_checkpoint(state);
  EXPECT_THROW(
      load_checkpoint(
          bytes, [](const std::string&) { return std::optional<std::string>("controller x\n"); }, "test"),
      RunError);
  EXPECT_THROW(load_checkpoint(
                   bytes, [](const std::string&) { return std::nullopt; }, "test"),
               RunError);
}

TEST(Checkpoint, DamageIsRefusedWhereverItIs) {
  const State state = evolved(0);
  const std::string bytes = save_checkpoint(state);
  const TextOf text_of = text_in(state);
  for (std::size_t cut = 0; cut < bytes.size(); cut += 7)
    EXPECT_THROW(load_checkpoint(bytes.substr(0, cut), text_of, "test"), RunError);
  for (std::size_t at = 0; at < bytes.size(); at += 5) {
    std::string flipped = bytes;
    flipped[at] = static_cast<char>(flipped[at] ^ 0x10);
    EXPECT_THROW(load_checkpoint(flipped, text_of, "test"), RunError) << at;
  }
}

TEST(Selection, KeepsTheBestAndOneOfThoseThatActAlike) {
  EXPECT_TRUE(rc::check(
      "survivors of random curves", [](const std::vector<std::pair<std::uint8_t, std::uint8_t>>& raw) {
        RC_PRE(!raw.empty());
        const auto checked =
            genome::check_text("controller a\nstart\n  read 1\nanswer\n  top(finished)\n").controller;
        std::vector<Individual> all;
        double best = -1;
        for (const auto& [accuracy, tokens] : raw) {
          Individual each = make_individual(*checked, {all.size() + 1, 0, {}, "test", {}});
          each.curve = {{0, static_cast<double>(accuracy % 100), 1000.0 + tokens}};
          each.fitness = each.curve[0].accuracy;
          best = std::max(best, each.fitness);
          all.push_back(each);
        }
        const auto living = survivors(all, 5, {1000, 1200});
        RC_ASSERT(living.size() <= 5);
        RC_ASSERT(living.front().fitness == best);
        std::set<std::pair<double, double>> ways;
        for (const Individual& each : living)
          RC_ASSERT(ways.emplace(each.curve[0].accuracy, each.curve[0].tokens).second);
        for (std::size_t i = 1; i < living.size(); ++i) RC_ASSERT(living[i - 1].fitness >= living[i].fitness);
      }));
}

}  // namespace
}  // namespace evo
