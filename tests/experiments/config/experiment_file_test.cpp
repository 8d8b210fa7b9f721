#include "experiments/config/experiment_file.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gtest/gtest.h>
#include <limits>
#include <optional>
#include <unistd.h>
#include <vector>

#include "experiments/console/usage_error.hpp"
#include "tests/support/places.hpp"

namespace experiments {
namespace {

using evo::Experiment;
using Settings = std::vector<std::string>;

constexpr std::string_view kLeast = "[environments]\nsearch = [\"synthetic:\"]\n";

std::optional<std::string> lookup(const std::string& name) {
  if (name == "DATA") return "/data";
  if (name == "TRICKY") return "${DATA}";
  if (name == "LATIN") return "caf\xE9";
  return std::nullopt;
}

Experiment parse(std::string_view text, const Settings& settings = {}) {
  return parse_experiment(text, "e.toml", settings, lookup);
}

// What is wrong with the text, message by message; nothing when it is good.
std::vector<std::string> problems(std::string_view text, const Settings& settings = {}) {
  try {
    parse(text, settings);
    return {};
  } catch (const UsageError& error) {
    return error.messages();
  }
}

using Messages = std::vector<std::string>;

// The one problem of a file that only has this line beside what every file needs.
std::string problem_of(std::string_view section, std::string_view line) {
  const std::string text = section.empty() ? fmt::format("{}\n{}", line, kLeast)
                                           : fmt::format("{}[{}]\n{}\n", kLeast, section, line);
  const Messages all = problems(text);
  return all.size() == 1 ? all.front() : fmt::format("{} problems", all.size());
}

TEST(ExperimentFile, LeavesDefaultsToExperiment) {
  Experiment expected;
  expected.search = {"synthetic:"};
  EXPECT_EQ(parse(kLeast), expected);
}

TEST(ExperimentFile, ReadsEveryKey) {
  const Experiment e = parse(R"(name = "all \"keys\""
seed = 9223372036854775807
generations = 7
[environments]
search = ["a.json", "synthetic:seed=2"]
reweightings = [0.25, 3]
held_out = ["b.json"]
[evaluation]
betas = [0, 0.5, 1]
orderings = 3
first_ordering = 100
budget = 40000
foresight = true
probe_cost = 2
first_rung = 1
cache = false
validation_orderings = 7
[objective]
budget_low = 1e3
budget_high = 2000
parsimony = 0
coverage_penalty = 3
baseline_regret = 0.5
lower_bound_errors = 0.75
champion_errors = 1.5
expected_gain = true
expected_lead = true
[population]
size = 11
children = 12
founders = "random"
founder_candidates = 50
tournament = 4
niche = 2
[variation]
crossover = 1
constants = 0.25
most_mutations = 5
adaptive = true
without = ["guard", "cross_section"]
beta_tables = true
simplified = 3
tuned = 2
tuning_steps = 5
folds = 3
[model]
command = ["agent", "--print", ""]
name = "a model"
share = 0.25
seconds = 1.5
repairs = 0
advice = "be\nbold"
)");
  Experiment expected{.name = "all \"keys\"", .seed = 9223372036854775807ULL, .generations = 7};
  expected.search = {"a.json", "synthetic:seed=2"};
  expected.reweightings = {0.25, 3};
  expected.held_out = {"b.json"};
  expected.betas = {0, 0.5, 1};
  expected.orderings = 3;
  expected.first_ordering = 100;
  expected.budget = 40000;
  expected.foresight = true;
  expected.probe_cost = 2;
  expected.budget_low = 1000;
  expected.budget_high = 2000;
  expected.parsimony = 0;
  expected.population = 11;
  expected.children = 12;
  expected.founders = evo::Founders::kRandom;
  expected.founder_candidates = 50;
  expected.tournament = 4;
  expected.crossover = 1;
  expected.constants = 0.25;
  expected.most_mutations = 5;
  expected.first_rung = 1;
  expected.cache = false;
  expected.validation_orderings = 7;
  expected.coverage_penalty = 3;
  expected.baseline_regret = 0.5;
  expected.lower_bound_errors = 0.75;
  expected.champion_errors = 1.5;
  expected.niche = 2;
  expected.adaptive = true;
  expected.without = {"guard", "cross_section"};
  expected.beta_tables = true;
  expected.simplified = 3;
  expected.tuned = 2;
  expected.tuning_steps = 5;
  expected.folds = 3;
  expected.model_command = {"agent", "--print", ""};
  expected.model_name = "a model";
  expected.model_share = 0.25;
  expected.model_seconds = 1.5;
  expected.model_repairs = 0;
  expected.model_advice = "be\nbold";
  EXPECT_EQ(e, expected);
  EXPECT_EQ(parse(to_toml(e)), e);
}

TEST(ExperimentFile, WritingToACacheCostsWhatTheKindOfServerTakesWhereNothingIsSaid) {
  for (const auto& [kind, price] : {std::pair("anthropic", 5.0), std::pair("openai", 4.0)}) {
    const std::string model = fmt::format("{{kind=\"{}\", model=\"m\", price={{input=4, output=8", kind);
    EXPECT_EQ(parse(kLeast, {"models=[" + model + "}}]"}).models.at(0).price->cache_write, price);
    EXPECT_EQ(parse(kLeast, {"models=[" + model + ", cache_write=6}}]"}).models.at(0).price->cache_write, 6);
  }
}

TEST(ExperimentFile, WritesEveryKeyInItsOrder) {
  Experiment e;
  e.name = "demo";
  e.search = {"synthetic:", "a \"b\"\\c\n${X}"};
  EXPECT_EQ(to_toml(e), R"(name = "demo"
seed = 1
generations = 50
models = []

[environments]
search = ["synthetic:", "a \"b\"\\c\u000A$${X}"]
reweightings = []
held_out = []

[evaluation]
betas = [0, 0.25, 0.5, 0.75, 1]
orderings = 20
first_ordering = 0
budget = "none"
foresight = false
probe_cost = 0
first_rung = 0
cache = true
validation_orderings = 0

[objective]
budget_low = "data"
budget_high = "data"
parsimony = 0.01
coverage_penalty = 0
baseline_regret = 0
lower_bound_errors = 0
champion_errors = 0
expected_gain = true
expected_lead = true

[population]
size = 60
children = 60
founders = "both"
founder_candidates = 0
edition = 5
tournament = 3
niche = 0

[variation]
crossover = 0.4
constants = 0.5
most_mutations = 3
adaptive = false
without = []
beta_tables = false
simplified = 0
tuned = 0
tuning_steps = 8
folds = 0

[model]
command = []
name = ""
share = 0.1
seconds = 300
repairs = 2
patience = 1000000
invent = 0.2
tuning_steps = 4
advice = ""
required = true
prompt_version = 2
currency = "USD"
budget = "none"
budget_tokens = "none"
prices = ""
templates = ""

[prompts]
task = ""
rules = ""
mutate = ""
cross = ""
invent = ""
repair = ""
)");
  EXPECT_EQ(parse(to_toml(e)), e);
}

TEST(ExperimentFile, ReadsBackExactlyWhatItWrote) {
  Experiment e;
  e.search = {"$", "$$", "$${", "$$${A}", "${", "}", "é/\t\x7F"};
  e.betas = {1e-300, 0.1, 1.0 / 3, 0.9999999999999999};
  e.budget = 0;
  e.budget_low = std::numeric_limits<double>::denorm_min();
  e.budget_high = std::numeric_limits<double>::max();
  e.parsimony = 9007199254740992.0;
  EXPECT_EQ(parse(to_toml(e)), e);
}

TEST(ExperimentFile, PutsEnvironmentVariablesInOnce) {
  EXPECT_EQ(
      parse("[environments]\nsearch = [\"${DATA}/x.json\", \"${TRICKY}\", \"$${DATA}\", \"$DATA\"]").search,
      (std::vector<std::string>{"/data/x.json", "${DATA}", "${DATA}", "$DATA"}));
  EXPECT_EQ(problems("[environments]\nsearch = [\"${NONE}/x\", \"${}\", \"${DATA\", \"${LATIN}\"]"),
            (Messages{"e.toml:2:10: environments.search: the environment variable NONE is not set",
                      "e.toml:2:10: environments.search: \"${}\" names no environment variable",
                      "e.toml:2:10: environments.search: \"${\" needs its \"}\", as in ${NAME}",
                      "e.toml:2:10: environments.search: the environment variable LATIN is not UTF-8 text"}));
}

TEST(ExperimentFile, SettingsOverrideKeysBeforeTheyAreChecked) {
  const std::string text = fmt::format("seed = \"wrong\"\n{}", kLeast);
  const Experiment e =
      parse(text, {"seed=3", "name=bare string", "evaluation.betas=[0.5]", "evaluation.budget=none",
                   "environments.search=[\"${DATA}\"]", "population.founders=\"library\"", "seed=4"});
  EXPECT_EQ(e.seed, 4U);
  EXPECT_EQ(e.name, "bare string");
  EXPECT_EQ(e.betas, std::vector<double>{0.5});
  EXPECT_EQ(e.search, std::vector<std::string>{"/data"});
  EXPECT_EQ(e.founders, evo::Founders::kLibrary);
}

TEST(ExperimentFile, RefusesBadSettings) {
  EXPECT_EQ(
      problems(kLeast, {"evaluation.ordrings=5"}),
      Messages{"--set evaluation.ordrings: there is no such key; did you mean \"evaluation.orderings\"?"});
  EXPECT_EQ(problems(kLeast, {"orderings=5"}),
            Messages{"--set orderings: there is no such key; did you mean \"evaluation.orderings\"?"});
  EXPECT_EQ(
      problems(kLeast, {"evaluation=5"}),
      Messages{"--set evaluation: is a section; set one of its keys, as in --set evaluation.KEY=VALUE"});
  const std::string form = ": must be KEY=VALUE, as in --set evaluation.orderings=50";
  EXPECT_EQ(problems(kLeast, {"seed", "=5", ""}),
            (Messages{"--set seed" + form, "--set " + form, "--set " + form}));
  EXPECT_EQ(problems(kLeast, {"seed=5\nname = 1"}),
            Messages{"--set seed: seed must be a whole number from 0 to 9223372036854775807, found "
                     "\"5\\nname = 1\""});
  EXPECT_EQ(
      problems(kLeast, {"evaluation.betas=0,1"}),
      Messages{
          "--set evaluation.betas: evaluation.betas must be an array of 1 to 101 rising numbers from 0 to 1, "
          "as in [0, 0.5, 1], found \"0,1\""});
}

TEST(ExperimentFile, UnknownKeysAreErrorsWithTheirPlaceAndASuggestion) {
  EXPECT_EQ(problem_of("", "generatons = 5"),
            "e.toml:1:1: there is no key \"generatons\"; did you mean \"generations\"?");
  EXPECT_EQ(problem_of("", "orderings = 5"),
            "e.toml:1:1: there is no key \"orderings\"; did you mean \"evaluation.orderings\"?");
  EXPECT_EQ(problem_of("evaluation", "beta = [0]"),
            "e.toml:4:1: there is no key \"evaluation.beta\"; did you mean \"evaluation.betas\"?");
  EXPECT_EQ(problem_of("evalution", "betas = [0]"),
            "e.toml:3:2: there is no section \"evalution\"; did you mean \"evaluation\"?");
  EXPECT_EQ(problem_of("", "population = 5"),
            "e.toml:1:1: \"population\" must be a section, as in [population]");
  EXPECT_EQ(problem_of("", "frobnicate = 5"),
            "e.toml:1:1: there is no key \"frobnicate\"; evotts keys lists all");
}

// It is left to the data until a run settles it; a run that does not say so is one of an earlier program.
TEST(ExperimentFile, WholeSamplesAreSettledByWhoeverWritesARun) {
  const auto with = [](const std::string& value) {
    return parse(std::string(kLeast) + "[variation]\nwhole_samples = " + value + "\n").whole_samples;
  };
  EXPECT_EQ(parse(std::string(kLeast)).whole_samples, std::nullopt);
  EXPECT_EQ(with("\"auto\""), std::nullopt);
  EXPECT_EQ(with("true"), std::optional(true));
  EXPECT_EQ(with("false"), std::optional(false));
  EXPECT_EQ(problem_of("variation", "whole_samples = 1"),
            "e.toml:4:17: variation.whole_samples must be true, false or \"auto\", found 1");
  Experiment e = parse(std::string(kLeast) + "[objective]\nbudget_low = 5\nbudget_high = 50\n");
  EXPECT_FALSE(to_toml(e).contains("whole_samples"));
  e.whole_samples = true;
  EXPECT_TRUE(to_toml(e).contains("\nwhole_samples = true\n"));
  EXPECT_EQ(parse_run_experiment(to_toml(e), "a").whole_samples, std::optional(true));
  e.whole_samples = false;
  EXPECT_FALSE(to_toml(e).contains("whole_samples"));
  EXPECT_EQ(parse_run_experiment(to_toml(e), "a").whole_samples, std::optional(false));
}

// A file that names no edition means the newest, and a run that names none is older than the key.
TEST(ExperimentFile, EditionsAreOfTheBeginningOfARun) {
  Experiment e = parse(std::string(kLeast) + "[objective]\nbudget_low = 5\nbudget_high = 50\n");
  EXPECT_EQ(e.edition, Experiment::kEdition);
  const std::string latest = to_toml(e);  // with "edition = 5", as seen above
  EXPECT_EQ(parse_run_experiment(latest, "a").edition, 5);
  EXPECT_EQ(to_toml(parse_run_experiment(latest, "a")), latest);
  e.edition = 1;
  const std::string first = to_toml(e);
  EXPECT_FALSE(first.contains("edition"));
  EXPECT_EQ(parse_run_experiment(first, "a").edition, 1);
  EXPECT_EQ(to_toml(parse_run_experiment(first, "a")), first);
  EXPECT_EQ(parse_run_experiment(first, "a", Settings{"population.edition=2"}).edition, 2);
  EXPECT_EQ(parse(first).edition, Experiment::kEdition);
  EXPECT_EQ(problem_of("population", "edition = 6"),
            "e.toml:4:11: population.edition must be a whole number from 1 to 5, found 6");
}

// To share a section is no likeness: what is spelt like nothing gets what there is.
TEST(ExperimentFile, UnknownKeysOfNoLikenessGetThoseThatThereAre) {
  EXPECT_EQ(
      problem_of("objective", "latency = 5"),
      "e.toml:4:1: there is no key \"objective.latency\"; keys of [objective] are budget_low, budget_high, "
      "charge, limits, parsimony, coverage_penalty, baseline_regret, lower_bound_errors, champion_errors, "
      "expected_gain, expected_lead");
  EXPECT_EQ(
      problems(kLeast, {"population.weather=1"}),
      Messages{
          "--set population.weather: there is no such key; keys of [population] are size, children, "
          "founders, founder_candidates, founder_stages, edition, tournament, niche, islands, migration"});
  EXPECT_EQ(problem_of("objectve", "parsimny = 5").substr(0, 68),
            "e.toml:3:2: there is no section \"objectve\"; did you mean \"objective\"");
  EXPECT_EQ(problems(kLeast, {"objectve.parsimny=5"}),
            Messages{"--set objectve.parsimny: there is no such key; did you mean \"objective.parsimony\"?"});
  EXPECT_EQ(problem_of("weather", "rain = 5"),
            "e.toml:3:2: there is no section \"weather\"; sections are environments, evaluation, objective, "
            "population, variation, model, prompts");
}

TEST(ExperimentFile, MistypedValuesAreErrorsThatSayWhatIsExpected) {
  EXPECT_EQ(problem_of("", "seed = \"one\""),
            "e.toml:1:8: seed must be a whole number from 0 to 9223372036854775807, found \"one\"");
  EXPECT_EQ(problem_of("", "name = 5"),
            "e.toml:1:8: name must be a string of one line, 1 to 200 bytes, found 5");
  EXPECT_EQ(problem_of("", "generations = 5.0"),
            "e.toml:1:15: generations must be a whole number from 1 to 1000000, found 5");
  EXPECT_EQ(problem_of("population", "founders = \"libary\""),
            "e.toml:4:12: population.founders must be \"library\", \"random\" or \"both\", or an array of "
            "\"library\", \"random\", files and RUN:ID, found \"libary\"");
  EXPECT_EQ(problem_of("evaluation", "betas = [0, \"x\", true, 1979-05-27]"),
            "e.toml:4:9: evaluation.betas must be an array of 1 to 101 rising numbers from 0 to 1, as in [0, "
            "0.5, 1], "
            "found [0, \"x\", true, something else]");
}

TEST(ExperimentFile, ValuesOutOfRangeAreRefused) {
  const std::vector<std::pair<const char*, const char*>> bad{
      {"", "seed = -1"},
      {"", "name = \"\""},
      {"", "name = \"a\\nb\""},
      {"", "generations = 0"},
      {"", "generations = 1000001"},
      {"evaluation", "betas = []"},
      {"evaluation", "betas = [0.5, 0.5]"},
      {"evaluation", "betas = [1, 0]"},
      {"evaluation", "betas = [-0.1]"},
      {"evaluation", "betas = [1.1]"},
      {"evaluation", "betas = [nan]"},
      {"evaluation", "orderings = 0"},
      {"evaluation", "orderings = 10001"},
      {"evaluation", "first_ordering = -1"},
      {"evaluation", "budget = -1"},
      {"evaluation", "budget = \"much\""},
      {"evaluation", "probe_cost = -1"},
      {"model", "budget = -1"},
      {"model", "budget_tokens = 1.5"},
      {"objective", "lower_bound_errors = -1"},
      {"objective", "champion_errors = -1"},
      {"objective", "budget_low = 0"},
      {"objective", "budget_low = -inf"},
      {"objective", "budget_high = inf"},
      {"objective", "budget_high = nan"},
      {"objective", "parsimony = -0.1"},
      {"objective", "parsimony = nan"},
      {"objective", "parsimony = 1e308"},
      {"objective", "parsimony = 1.1e16"},
      {"objective", "coverage_penalty = 1e308"},
      {"objective", "lower_bound_errors = 1e300"},
      {"objective", "champion_errors = 1e17"},
      {"objective", "baseline_regret = 1e17"},
      {"model", "budget = 1e300"},
      {"population", "size = 1"},
      {"population", "children = 0"},
      {"population", "tournament = 0"},
      {"population", "tournament = 101"},
      {"variation", "crossover = 1.1"},
      {"variation", "constants = -0.1"},
      {"variation", "constants = nan"},
      {"variation", "most_mutations = 0"},
      {"variation", "adaptive = 1"},
      {"variation", "without = [\"nothing\"]"},
      {"variation", "tuned = -1"},
      {"evaluation", "first_rung = -1"},
      {"evaluation", "cache = \"yes\""},
      {"objective", "baseline_regret = -0.1"},
  };
  for (const auto& [section, line] : bad) {
    const std::string problem = problem_of(section, line);
    EXPECT_NE(problem.find(" must be "), std::string::npos) << line << "\n" << problem;
  }
}

// An earlier program took any number; its runs are still looked at, and a fork may mend them.
TEST(ExperimentFile, ARunMayHoldWhatIsRefusedToday) {
  const std::string text = std::string(kLeast) + "[objective]\nparsimony = 1e308\n[model]\nbudget = 1e300\n";
  EXPECT_EQ(parse_run_experiment(text, "a").parsimony, 1e308);
  EXPECT_EQ(parse_run_experiment(text, "a").model_budget, 1e300);
  EXPECT_EQ(parse_run_experiment(text, "a", std::vector<std::string>{"objective.parsimony=1"}).parsimony, 1);
  EXPECT_THROW(parse_run_experiment(text, "a", std::vector<std::string>{"objective.parsimony=1e307"}),
               UsageError);
  EXPECT_THROW(parse_run_experiment(std::string(kLeast) + "[objective]\nparsimony = -1\n", "a"), UsageError);
}

TEST(ExperimentFile, FieldsOfModelsOutOfRangeAreRefused) {
  for (const char* field :
       {"temperature=3", "thinking_tokens=1", "price=1", "concurrency=0", "seeded=1", "url=\"x\""}) {
    const Messages told =
        problems(kLeast, {fmt::format("models=[{{kind=\"command\", command=[\"x\"], {}}}]", field)});
    ASSERT_EQ(told.size(), 1U) << field;
    EXPECT_NE(told.front().find(" must be "), std::string::npos) << told.front();
  }
}

TEST(ExperimentFile, EnvironmentsOutOfRangeAreRefused) {
  for (const char* line : {"reweightings = [1]", "reweightings = [2, 2]", "reweightings = [0]",
                           "reweightings = 4", "held_out = [\"\"]"}) {
    const Messages told = problems(fmt::format("[environments]\nsearch = [\"synthetic:\"]\n{}", line));
    ASSERT_EQ(told.size(), 1U) << line;
    EXPECT_NE(told.front().find(" must be "), std::string::npos) << told.front();
  }
}

TEST(ExperimentFile, BudgetsMustBeInOrder) {
  EXPECT_EQ(problem_of("objective", "budget_low = 5e5\nbudget_high = 500000"),
            "e.toml:4:14: objective.budget_low (500000) must be below objective.budget_high (500000), by "
            "0.1% at least");
}

TEST(ExperimentFile, BudgetsAreApartInLogTokens) {
  EXPECT_NE(
      problem_of("objective", "budget_low = 1e15\nbudget_high = 1000000000000001").find("must be below"),
      std::string::npos);
}

TEST(ExperimentFile, ChampionErrorsNeedValidationOrderings) {
  EXPECT_EQ(problem_of("objective", "champion_errors = 1"),
            "e.toml:4:19: objective.champion_errors is measured on the validation orderings; set "
            "evaluation.validation_orderings above 0");
}

TEST(ExperimentFile, SearchIsNeeded) {
  EXPECT_EQ(
      problems("seed = 1"),
      Messages{
          "e.toml: environments.search is missing; name at least one environment under [environments], as in "
          "search = [\"synthetic:\"]"});
  for (const char* value : {"[]", "[\"\"]", "[1]", "\"a.json\""}) {
    const Messages all = problems(fmt::format("[environments]\nsearch = {}", value));
    ASSERT_EQ(all.size(), 1U);
    EXPECT_NE(all[0].find("e.toml:2:10: environments.search must be an array of strings"), std::string::npos)
        << all[0];
  }
}

TEST(ExperimentFile, TellsAllProblemsInTheOrderOfTheText) {
  EXPECT_EQ(
      problems("seed = -1\nnam = 1\n[variation]\nconstants = 2\n[population]\nsize = 0\n", {"x=1"}),
      (Messages{
          "e.toml: environments.search is missing; name at least one environment under [environments], as in "
          "search = [\"synthetic:\"]",
          "e.toml:1:8: seed must be a whole number from 0 to 9223372036854775807, found -1",
          "e.toml:2:1: there is no key \"nam\"; did you mean \"name\"?",
          "e.toml:4:13: variation.constants must be a number from 0 to 1, found 2",
          "e.toml:6:8: population.size must be a whole number from 2 to 10000, found 0",
          "--set x: there is no such key; evotts keys lists all"}));
}

TEST(ExperimentFile, TextThatIsNoTomlIsOneErrorWithItsPlace) {
  for (const char* text :
       {"seed = ", "seed == 1", "seed = 1\nseed = 2", "[a", "x = \"\\q\"", "seed = 99999999999999999999"}) {
    const Messages all = problems(text);
    ASSERT_EQ(all.size(), 1U) << text;
    EXPECT_TRUE(all[0].starts_with("e.toml:")) << all[0];
    EXPECT_NE(all[0].find("not valid TOML"), std::string::npos) << all[0];
    EXPECT_EQ(all[0].find('\n'), std::string::npos) << all[0];
  }
}

TEST(ExperimentFile, AnyPrefixOfAFileIsReadOrRefused) {
  Experiment e;
  e.search = {"a", "b"};
  e.budget = 5;
  const std::string text = to_toml(e);
  for (std::size_t size = 0; size < text.size(); ++size) problems(text.substr(0, size));
}

TEST(ExperimentFile, ShippedExperimentsAreValidAndUseNoOldName) {
  namespace fs = std::filesystem;
  int read = 0;
  for (const auto& entry : fs::recursive_directory_iterator(fs::path(tests::kSourceDir) / "experiments")) {
    if (entry.path().extension() != ".toml") continue;
    const auto anything = [](const std::string&) { return std::optional<std::string>("/somewhere"); };
    const auto notice = [&](const std::string& line) { ADD_FAILURE() << entry.path() << ": " << line; };
    const Experiment e = read_experiment(entry.path(), {}, notice, anything);
    EXPECT_EQ(parse(to_toml(e)), e) << entry.path();
    ++read;
  }
  EXPECT_GE(read, 20);
}

TEST(ExperimentFile, ReadsFilesAndFindsEnvironmentsBesideThem) {
  namespace fs = std::filesystem;
  const fs::path folder = fs::path(testing::TempDir()) / fmt::format("experiment_file_test_{}", ::getpid());
  fs::create_directories(folder);
  std::ofstream(folder / "here.json") << "[]";
  std::ofstream(folder / "e.toml")
      << "[environments]\nsearch = [\"here.json\", \"nowhere.json\", \"synthetic:\"]\n";
  const Experiment e = read_experiment(folder / "e.toml", {});
  EXPECT_EQ(e.search,
            (std::vector<std::string>{(folder / "here.json").string(), "nowhere.json", "synthetic:"}));
  EXPECT_THROW(read_experiment(folder, {}), UsageError);
  EXPECT_THROW(read_experiment(folder / "none.toml", {}), UsageError);
  std::ofstream(folder / "e.toml") << "name = \"\xFF\"";
  EXPECT_THROW(read_experiment(folder / "e.toml", {}), UsageError);
  fs::remove_all(folder);
}

// Runs of earlier programs hold no word of the one rule for budgets that their programs knew.
TEST(ExperimentFile, RunsWithoutARuleForBudgetsKeepTheirs) {
  const std::string least(kLeast);
  const std::string old_run = least + "[evaluation]\nbudget = 40000\n";
  EXPECT_TRUE(parse_run_experiment(old_run, "a").foresight);
  EXPECT_TRUE(parse_run_experiment(old_run, "a", Settings{"seed=2"}).foresight);
  EXPECT_TRUE(parse_run_experiment(to_toml(parse_run_experiment(old_run, "a")), "b").foresight);
  EXPECT_FALSE(parse(old_run).foresight) << "what a person writes today";
  const std::string made_today = to_toml(parse(old_run + "[objective]\nbudget_low = 5\nbudget_high = 50\n"));
  EXPECT_FALSE(parse_run_experiment(made_today, "a").foresight);
  EXPECT_FALSE(parse_run_experiment(least + "[evaluation]\nbudget = \"none\"\n", "a").foresight);
  EXPECT_TRUE(parse_run_experiment(old_run, "a", Settings{"evaluation.budget=50000"}).foresight);
  EXPECT_FALSE(parse_run_experiment(least, "a", Settings{"evaluation.budget=40000"}).foresight);
  EXPECT_FALSE(parse_run_experiment(old_run, "a", Settings{"evaluation.foresight=false"}).foresight);
}

}  // namespace
}  // namespace experiments
