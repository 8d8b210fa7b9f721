#include "experiments/config/island_keys.hpp"

#include <algorithm>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <unistd.h>
#include <vector>

#include "evo/experiment/islands.hpp"
#include "experiments/config/experiment_file.hpp"
#include "experiments/config/experiment_keys.hpp"
#include "experiments/console/usage_error.hpp"

namespace experiments {
namespace {

using evo::Experiment;
using testing::ElementsAre;
using testing::HasSubstr;

constexpr std::string_view kLeast = "[environments]\nsearch = [\"synthetic:\"]\n";

std::optional<std::string> lookup(const std::string& name) {
  return name == "HINT" ? std::optional<std::string>("look at votes") : std::nullopt;
}

Experiment parse(const std::string& text, const std::vector<std::string>& settings = {}) {
  return parse_experiment(text, "e.toml", settings, lookup);
}

std::string problem_of(const std::string& text, const std::vector<std::string>& settings = {}) {
  try {
    parse(text, settings);
    return {};
  } catch (const UsageError& error) {
    return error.messages().size() == 1 ? error.messages().front()
                                        : fmt::format("{} problems", error.messages().size());
  }
}

std::string with_tables(int islands, const std::string& tables) {
  return fmt::format("seed = 5\n{}[population]\nislands = {}\n{}", kLeast, islands, tables);
}

TEST(IslandKeys, ATableHasWhatItGivesAndTheRestOfTheExperiment) {
  const Experiment e = parse(with_tables(3, R"([[islands]]
[[islands]]
seed = 7
population.tournament = 5
variation = { crossover = 0.9, without = ["guard"] }
model.advice = "${HINT}"
prompts.mutate = "Change {{parent}}{{observations}}{{lessons}}."
[variation]
crossover = 0.2
tuned = 2
)"));
  ASSERT_EQ(e.island_tables.size(), 2U);
  EXPECT_THAT(e.island_tables[0].own_keys, ElementsAre());
  const auto plans = evo::island_plans(e);
  EXPECT_EQ(plans[0].experiment.crossover, 0.2) << "wherever the tables stand in the file";
  EXPECT_EQ(plans[1].experiment.crossover, 0.9);
  EXPECT_EQ(plans[1].experiment.tournament, 5);
  EXPECT_EQ(plans[1].experiment.tuned, 2);
  EXPECT_EQ(plans[1].experiment.model_advice, "look at votes");
  EXPECT_EQ(plans[1].experiment.seed, evo::island_seed(7, 1));
  EXPECT_EQ(plans[2].experiment.crossover, 0.2);
  EXPECT_EQ(plans[2].experiment.seed, evo::island_seed(5, 2));
}

TEST(IslandKeys, WhatIsWrittenReadsBackAndKeepsWhatWasGiven) {
  const Experiment e = parse(with_tables(2, R"([[islands]]
population.size = 30
variation.crossover = 0.4
)"));
  const std::string text = to_toml(e);
  EXPECT_THAT(text, HasSubstr("\nislands = [{ population.size = 30, variation.crossover = 0.4 }]\n"));
  EXPECT_EQ(parse(text), e);
  // Given, and equal to the experiment's: it stays where that changes.
  const Experiment changed = parse(text, {"variation.crossover=0.1", "variation.tuned=3"});
  EXPECT_EQ(evo::island_plans(changed)[0].experiment.crossover, 0.4);
  EXPECT_EQ(evo::island_plans(changed)[0].experiment.tuned, 3);
  EXPECT_EQ(evo::island_plans(changed)[1].experiment.crossover, 0.1);
}

// Runs without islands are written as before there were any.
TEST(IslandKeys, AnExperimentWithoutIslandsSaysNothingOfThem) {
  EXPECT_THAT(to_toml(parse(std::string(kLeast))), testing::Not(HasSubstr("islands")));
  EXPECT_THAT(to_toml(parse(std::string(kLeast))), testing::Not(HasSubstr("migration")));
  const Experiment several = parse(std::string(kLeast), {"population.islands=4", "population.migration=5"});
  EXPECT_THAT(to_toml(several), HasSubstr("\nislands = 4\nmigration = 5\n"));
}

TEST(IslandKeys, EveryMistakeIsNamed) {
  const auto told = [](const std::string& line) {
    return problem_of(with_tables(2, "[[islands]]\n[[islands]]\n" + line + "\n"));
  };
  EXPECT_THAT(told("variation.crosover = 0.5"),
              HasSubstr("islands: island 2: there is no key \"variation.crosover\"; did you mean "
                        "\"variation.crossover\"?"));
  EXPECT_THAT(told("variation.crossover = 3"),
              HasSubstr("island 2: variation.crossover must be a number from 0 to 1, found 3"));
  EXPECT_THAT(told("evaluation.orderings = 5"), HasSubstr("evaluation.orderings is that of the whole run"));
  EXPECT_THAT(told("population.islands = 2"), HasSubstr("population.islands is that of the whole run"));
  EXPECT_THAT(told("population.migration = 2"), HasSubstr("population.migration is that of the whole run"));
  EXPECT_THAT(told("generations = 2"), HasSubstr("generations is that of the whole run"));
  EXPECT_THAT(told("model.budget = 2"), HasSubstr("model.budget is that of the whole run"));
  EXPECT_THAT(told("islands = []"), HasSubstr("islands is that of the whole run"));
  EXPECT_THAT(told("variation = 3"), HasSubstr("there is no key \"variation\"; it must be a section"));
  EXPECT_THAT(told("variation.folds = 2\n[variation]\nfolds = 3\n"), testing::IsEmpty());
  EXPECT_THAT(
      told("variation.crossover = 3\nseed = -1"),
      testing::AllOf(HasSubstr("seed must be"), HasSubstr("; island 2: variation.crossover must be")));
  EXPECT_THAT(told("variation.freed = true\nvariation.beta_tables = true"), HasSubstr("is given twice"));
  EXPECT_THAT(problem_of(with_tables(1, "[[islands]]\n[[islands]]\n")),
              HasSubstr("there are 2 tables [[islands]] for population.islands = 1"));
  EXPECT_THAT(problem_of(std::string(kLeast), {"islands=3"}), HasSubstr("must be at most 64 tables"));
  EXPECT_THAT(problem_of(std::string(kLeast), {"population.islands=4", "islands=[3]"}),
              HasSubstr("island 1: must be a table"));
  EXPECT_THAT(problem_of(std::string(kLeast), {"population.islands=65"}), HasSubstr("from 1 to 64"));
}

TEST(IslandKeys, EveryIslandMustBeAbleToSearch) {
  EXPECT_THAT(problem_of(std::string(kLeast), {"population.islands=4", "population.size=7"}),
              HasSubstr("population.size (7) dealt to 4 islands leaves island 4 with 1"));
  EXPECT_THAT(problem_of(std::string(kLeast), {"population.islands=4", "population.children=3"}),
              HasSubstr("population.children (3) dealt to 4 islands leaves island 4 without any"));
  EXPECT_EQ(problem_of(std::string(kLeast), {"population.islands=4", "population.size=8"}), "");
  EXPECT_EQ(problem_of(with_tables(2, "size = 3\n[[islands]]\n[[islands]]\npopulation.size = 4\n")), "");
}

// What islands may differ in and what they take over are told in two places.
TEST(IslandKeys, WhatATableMayGiveReachesItsIsland) {
  int own = 0;
  for (const Key& key : experiment_keys()) {
    Experiment e = parse(std::string(kLeast), {"population.islands=2"});
    Experiment other = e;
    other.seed = 3;
    other.population = other.children = other.founder_candidates = other.tournament = other.niche = 7;
    other.founders = evo::Founders::kRandom;
    other.crossover = other.constants = other.model_share = other.model_invent = 0.125;
    other.most_mutations = other.tuned = other.simplified = other.tuning_steps = other.folds = 11;
    other.adaptive = other.beta_tables = true;
    other.without = {"guard"};
    other.model_tuning_steps = 13;
    other.model_advice = "x";
    other.model_templates = {"a", "b", "c", "d", "e", "f"};
    const bool differs = key.value.write(other) != key.value.write(e);
    EXPECT_EQ(differs, may_be_of_island(key.name)) << key.name;
    if (!differs) continue;
    ++own;
    evo::take_own(e, other);
    EXPECT_EQ(key.value.write(e), key.value.write(other)) << key.name;
  }
  EXPECT_GT(own, 20);
}

TEST(IslandKeys, PromptsOfAFolderAreThoseOfIslandsWithoutTheirOwn) {
  const std::filesystem::path folder =
      std::filesystem::path(testing::TempDir()) / fmt::format("island_prompts_{}", ::getpid());
  std::filesystem::create_directories(folder / "prompts");
  std::ofstream(folder / "prompts/mutate.txt") << "All change {{parent}}{{observations}}{{lessons}}.";
  std::ofstream(folder / "e.toml")
      << kLeast << "[population]\nislands = 3\n[model]\ntemplates = \"prompts\"\n"
      << "[[islands]]\nprompts.mutate = \"I change {{parent}}{{observations}}{{lessons}}.\"\n[[islands]]\n";
  const Experiment e = read_experiment(folder / "e.toml", {});
  const auto plans = evo::island_plans(e);
  EXPECT_EQ(plans[0].experiment.model_templates.mutate, "I change {{parent}}{{observations}}{{lessons}}.");
  EXPECT_EQ(plans[1].experiment.model_templates.mutate, "All change {{parent}}{{observations}}{{lessons}}.");
  EXPECT_EQ(plans[2].experiment.model_templates.mutate, "All change {{parent}}{{observations}}{{lessons}}.");
  EXPECT_EQ(parse(to_toml(e)), e);
  std::filesystem::remove_all(folder);
}

}  // namespace
}  // namespace experiments
