// `evotts keys`: what a key is, for one and for all, and keys that there are not.
#include "experiments/reference/keys_page.hpp"

#include <algorithm>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <optional>
#include <string>
#include <vector>

#include "experiments/config/experiment_file.hpp"
#include "tests/support/command_line.hpp"

namespace {

using experiments::KeyInfo;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using tests::Ran;

class Keys : public tests::CommandLine {};

std::vector<std::string> like(std::string_view pattern) {
  std::vector<std::string> names;
  for (const KeyInfo* key : experiments::keys_like(pattern)) names.push_back(key->name);
  return names;
}

TEST(KeyList, EveryKeyIsExplained) {
  for (const KeyInfo& key : experiments::all_keys()) {
    EXPECT_FALSE(key.values.empty()) << key.name;
    EXPECT_FALSE(key.meaning.empty()) << key.name;
    EXPECT_FALSE(key.when.empty()) << key.name;
    const bool number = key.values.find("number") != std::string::npos;
    EXPECT_TRUE(!number || !key.unit.empty()) << key.name << " has no unit";
  }
}

TEST(KeyList, KeysAreFoundByPartPatternOldNameAndMeaning) {
  EXPECT_THAT(like("seed"), ElementsAre("seed"));  // not models.seeded: the name is whole
  EXPECT_THAT(like("champion"), ElementsAre("objective.champion_errors"));
  EXPECT_THAT(like("objective.margin"), ElementsAre("objective.champion_errors"));
  EXPECT_THAT(like("environments.*"),
              ElementsAre("environments.search", "environments.reweightings", "environments.held_out"));
  EXPECT_THAT(like("OBJECTIVE.budget_*w"), ElementsAre("objective.budget_low"));
  EXPECT_THAT(like("base"), ElementsAre("base"));
  EXPECT_TRUE(like("budget_?ow").empty());
  EXPECT_TRUE(like("*[bl]ow").empty()) << "'*' alone is special";
  EXPECT_THAT(like("["), ElementsAre("models", "islands"))
      << "their meanings have [[models]] and [[islands]]";
  EXPECT_THAT(like("halving"), ElementsAre("evaluation.first_rung"));
  EXPECT_TRUE(like("zebra").empty());
  EXPECT_EQ(like("").size(), experiments::all_keys().size());
}

TEST_F(Keys, APatternShowsAllThatIsKnown) {
  const Ran ran = evotts({"keys", "first_rung"});
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  for (const char* part : {"evaluation.first_rung\n", "  default    0\n", "  unit       orderings\n",
                           "  values     a whole number from 0 to 10000\n", "  change it  1 to 3 saves",
                           "  earlier    evaluation.first_slice\n"})
    EXPECT_THAT(ran.out, HasSubstr(part));
  const Ran csv = evotts({"keys", "population.*", "--format", "csv"});
  EXPECT_THAT(csv.out, HasSubstr("\npopulation.size,60,controllers,"));
  EXPECT_THAT(csv.out, Not(HasSubstr("variation")));
}

TEST_F(Keys, MeaningsAreWholePhrasesWithoutTheUnitBesideThem) {
  const auto told = [&](const char* key) { return evotts({"keys", key}).out; };
  EXPECT_THAT(told("population.tournament"),
              HasSubstr("  meaning    controllers that compete to be parent\n"));
  EXPECT_THAT(told("variation.simplified"), HasSubstr("  meaning    controllers a generation from which "));
  EXPECT_THAT(told("population.size"), HasSubstr("  meaning    how many live\n"));
  EXPECT_THAT(evotts({"keys"}).out, HasSubstr("  controllers that compete to be parent\n"));
  EXPECT_THAT(evotts({"keys", "--format", "json"}).out, HasSubstr("\"that compete to be parent\""));
}

TEST_F(Keys, WhatMustBeGivenHasNoDefault) {
  std::vector<std::string> required;
  for (const KeyInfo& key : experiments::all_keys()) {
    if (key.required) required.push_back(key.name);
  }
  EXPECT_THAT(required, ElementsAre("environments.search", "models.kind"));
  EXPECT_THAT(evotts({"keys", "models.kind"}).out, HasSubstr("\n  default    none; it must be given\n"));
  EXPECT_THAT(experiments::keys_page(), HasSubstr("\n| `kind` | required |"));
  write("a.toml", "environments.search = [\"synthetic:\"]\nmodels = [{ model = \"m\" }]\n");
  rejects({"run", "a.toml", "--out", "r"}, {"kind is missing"});
}

TEST_F(Keys, WhatAnErrorSaysOfSecretsIsNotInTheReference) {
  EXPECT_THAT(evotts({"keys", "models.key_variable"}).out, Not(HasSubstr("not shown")));
  write("a.toml",
        "environments.search = [\"synthetic:\"]\n[[models]]\nkind = \"openai\"\nmodel = \"m\"\n"
        "key_variable = \"sk-123\"\n");
  rejects({"run", "a.toml", "--out", "r"}, {"key_variable must be", "(what was found is not shown)"});
}

TEST_F(Keys, AnUnknownPatternIsRefused) {
  rejects({"keys", "champoin_errors"},
          {"no key is like \"champoin_errors\"; did you mean \"champion_errors\"?"});
  rejects({"keys", "*["}, {"no key is like \"*[\"; evotts keys lists all"});
  rejects({"keys", "zebra"}, {"no key is like \"zebra\"; evotts keys lists all"});
  rejects({"keys", "seed", "--format", "markdown"}, {"whole page"});
}

TEST(KeysPage, HasEveryKeyAndAnExperimentThatIsOne) {
  const std::string page = experiments::keys_page();
  for (const KeyInfo& key : experiments::all_keys()) {
    const std::string name = key.name.substr(key.name.find('.') + 1);
    EXPECT_THAT(page, HasSubstr(fmt::format("| `{}` |", name)));
    EXPECT_THAT(page, HasSubstr(fmt::format("\n- `{}`: ", name)));
    for (const std::string& old : key.old_names) EXPECT_THAT(page, HasSubstr(fmt::format("`{}`", old)));
  }
  const std::string example = experiments::example_experiment();
  EXPECT_THAT(page, HasSubstr("```toml\n" + example + "```\n"));
  const auto none = [](const std::string&) { return std::optional<std::string>(); };
  EXPECT_EQ(experiments::parse_experiment(example, "page", {}, none).name, "mine");
}

}  // namespace
