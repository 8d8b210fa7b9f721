// Names that keys had before: read for ever, never written, and said once.
#include <fmt/format.h>
#include <gtest/gtest.h>
#include <optional>
#include <set>
#include <string>
#include <tuple>
#include <vector>

#include "experiments/config/experiment_file.hpp"
#include "experiments/config/experiment_keys.hpp"
#include "experiments/config/model_keys.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/sources/experiment_changes.hpp"

namespace experiments {
namespace {

using evo::Experiment;
using Strings = std::vector<std::string>;

// Every key that was renamed, with a value that is not its default.
const std::vector<std::tuple<std::string, std::string, std::string>> kRenamed{
    {"environments.tilts", "environments.reweightings", "[0.25, 4]"},
    {"evaluation.first_slice", "evaluation.first_rung", "2"},
    {"evaluation.playoff", "evaluation.validation_orderings", "5"},
    {"objective.reach", "objective.coverage_penalty", "3"},
    {"objective.evenness", "objective.baseline_regret", "0.5"},
    {"objective.caution", "objective.lower_bound_errors", "0.75"},
    {"objective.margin", "objective.champion_errors", "1"},
    {"population.auditions", "population.founder_candidates", "50"},
    {"variation.freed", "variation.beta_tables", "true"}};

constexpr std::string_view kLeast = "environments.search = [\"synthetic:\"]\n";

std::optional<std::string> nothing(const std::string&) { return std::nullopt; }

Experiment parse(const std::string& text, const Strings& settings = {}) {
  return parse_experiment(text, "e.toml", settings, nothing);
}

Strings problems(const std::string& text, const Strings& settings = {}) {
  try {
    parse(text, settings);
    return {};
  } catch (const UsageError& error) {
    return error.messages();
  }
}

// A file with all renamed keys, under their old or their new names.
std::string file(bool old) {
  std::string text(kLeast);
  for (const auto& [before, now, value] : kRenamed)
    text += fmt::format("{} = {}\n", old ? before : now, value);
  return text;
}

TEST(OldNames, AreReadInFilesAndSettings) {
  const Experiment now = parse(file(false));
  EXPECT_EQ(parse(file(true)), now);
  Strings settings;
  for (const auto& [before, name, value] : kRenamed) settings.push_back(before + "=" + value);
  EXPECT_EQ(parse(std::string(kLeast), settings), now);
}

TEST(OldNames, AreNeverWritten) {
  const std::string text = to_toml(parse(file(true)));
  EXPECT_EQ(text, to_toml(parse(file(false))));
  for (const auto& [before, now, value] : kRenamed) {
    EXPECT_EQ(text.find("\n" + std::string(last_part_of(before)) + " ="), std::string::npos) << before;
    EXPECT_NE(text.find(fmt::format("\n{} = {}\n", last_part_of(now), value)), std::string::npos) << now;
  }
}

TEST(OldNames, MakeNoChangeBetweenAnOldAndANewRun) {
  EXPECT_TRUE(
      changed_keys(parse_run_experiment(file(true), "a"), parse_run_experiment(file(false), "b")).empty());
  const auto changes =
      changed_keys(parse_run_experiment(file(true), "a"),
                   parse_run_experiment(file(true), "a", Strings{"evaluation.first_slice=3"}));
  ASSERT_EQ(changes.size(), 1U);
  EXPECT_EQ(changes[0].key, "evaluation.first_rung");
}

TEST(OldNames, OfARunPassWithoutAWordAndThoseOfSettingsAreNoticedOnce) {
  Strings told;
  const auto notice = [&](const std::string& line) { told.push_back(line); };
  parse_run_experiment(file(true), "a", Strings{"seed=2", "evaluation.first_rung=3"}, notice);
  EXPECT_EQ(told, Strings{});
  parse_run_experiment(file(true), "a", Strings{"variation.freed=false", "evaluation.playoff=3"}, notice);
  EXPECT_EQ(told, Strings{"keys have new names (the old ones are still read): evaluation.playoff is "
                          "evaluation.validation_orderings, variation.freed is variation.beta_tables"});
}

TEST(OldNames, SettingsUnderTheNewNameOverrideTheFile) {
  EXPECT_EQ(
      parse("evaluation.first_slice = 1\n" + std::string(kLeast), {"evaluation.first_rung=4"}).first_rung, 4);
  EXPECT_EQ(
      parse("evaluation.first_rung = 1\n" + std::string(kLeast), {"evaluation.first_slice=4"}).first_rung, 4);
}

TEST(OldNames, BesideTheNewOneAreAnErrorThatNamesBothPlaces) {
  EXPECT_EQ(
      problems(
          "environments.search = [\"synthetic:\"]\n[evaluation]\nplayoff = 1\nvalidation_orderings = 2\n"),
      Strings{
          "e.toml:4:24: evaluation.validation_orderings and evaluation.playoff (e.toml:3:11) are two names "
          "of one key; keep evaluation.validation_orderings"});
  EXPECT_EQ(problems(std::string(kLeast), {"evaluation.first_rung=1", "evaluation.first_slice=1"}),
            Strings{"--set evaluation.first_slice: evaluation.first_slice and evaluation.first_rung (--set "
                    "evaluation.first_rung) are two names of one key; keep evaluation.first_rung"});
}

TEST(OldNames, MessagesAndSuggestionsUseTheNewNames) {
  EXPECT_EQ(
      problems("objective.caution = -1\n" + std::string(kLeast)),
      Strings{"e.toml:1:21: objective.lower_bound_errors (given as objective.caution) must be a number of at "
              "least 0, found -1"});
  EXPECT_EQ(problems("margin = 1\n" + std::string(kLeast)),
            Strings{"e.toml:1:1: there is no key \"margin\"; did you mean \"objective.champion_errors\"?"});
  EXPECT_EQ(problems(std::string(kLeast), {"variation.fred=true"}),
            Strings{"--set variation.fred: there is no such key; did you mean \"variation.beta_tables\"?"});
}

TEST(KeyTable, NamesAreTakenOnceAndEveryKeyHasAHelp) {
  std::set<std::string> names;
  for (const Key& key : experiment_keys()) {
    EXPECT_FALSE(key.help.empty()) << key.name;
    EXPECT_FALSE(key.value.expected.empty()) << key.name;
    EXPECT_TRUE(names.insert(key.name).second) << key.name;
    EXPECT_EQ(find_key(key.name), &key);
    for (const std::string& old : key.old_names) {
      EXPECT_TRUE(names.insert(old).second) << old;
      EXPECT_EQ(find_key(old), &key);
      EXPECT_EQ(section_of(old), section_of(key.name)) << "a section is written under one name";
    }
  }
  for (const auto& field : model_fields()) EXPECT_FALSE(field.help.empty()) << field.name;
  std::size_t renamed = 0;
  for (const Key& key : experiment_keys()) renamed += key.old_names.size();
  EXPECT_EQ(renamed, kRenamed.size());
}

}  // namespace
}  // namespace experiments
