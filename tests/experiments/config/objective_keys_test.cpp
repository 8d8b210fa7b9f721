// Keys of [objective] that are words, numbers or tables: charge, limits and budgets that follow from data.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "experiments/config/experiment_file.hpp"
#include "experiments/console/usage_error.hpp"

namespace experiments {
namespace {

using evo::Charge;
using evo::Experiment;
using evo::Limits;
using testing::HasSubstr;
using testing::Not;

Experiment parse(const std::string& lines, const std::vector<std::string>& settings = {}) {
  return parse_experiment("[environments]\nsearch = [\"synthetic:\"]\n[objective]\n" + lines, "e.toml",
                          settings, {});
}

std::string problem_of(const std::string& lines) {
  try {
    parse(lines);
  } catch (const UsageError& error) {
    return error.what();
  }
  return "none";
}

TEST(ObjectiveKeys, ChargesAreWordsOrWeights) {
  EXPECT_EQ(parse("").charge, Charge());
  EXPECT_EQ(parse("charge = \"tokens\"").charge, Charge());
  EXPECT_EQ(parse("charge = \"latency_tokens\"").charge, (Charge{0, 1}));
  EXPECT_EQ(parse("charge = { tokens = 0.7, latency_tokens = 0.3 }").charge, (Charge{0.7, 0.3}));
  EXPECT_EQ(parse("charge = { latency_tokens = 1 }").charge, (Charge{0, 1}));
  EXPECT_EQ(parse("[objective.charge]\ntokens = 2").charge, (Charge{2, 0}));
  EXPECT_EQ(parse("", {"objective.charge=latency_tokens"}).charge, (Charge{0, 1}));
  EXPECT_EQ(parse("", {"objective.charge={tokens = 1, latency_tokens = 4}"}).charge, (Charge{1, 4}));
}

TEST(ObjectiveKeys, LimitsAreATable) {
  EXPECT_EQ(parse("").limits, Limits());
  EXPECT_EQ(parse("limits = \"none\"").limits, Limits());
  EXPECT_EQ(parse("limits = { tokens = 9e4, latency_p95 = 40000, accuracy = 60 }").limits,
            (Limits{.tokens = 90'000, .latency_p95 = 40'000, .accuracy = 60}));
  EXPECT_EQ(parse("[objective.limits]\naccuracy = 0").limits, (Limits{.accuracy = 0}));
}

TEST(ObjectiveKeys, EachIsWrittenAsItIsRead) {
  for (const char* lines :
       {"", "charge = \"latency_tokens\"", "charge = { tokens = 0.1, latency_tokens = 1e3 }",
        "charge = { tokens = 2 }", "charge = { tokens = 2e-6, latency_tokens = 0.02 }",
        "limits = { latency_p95 = 12345.678 }", "limits = { tokens = 1, latency_p95 = 1, accuracy = 99.9 }",
        "budget_low = 5", "budget_high = 7"}) {
    const Experiment e = parse(lines);
    EXPECT_EQ(parse_experiment(to_toml(e), "again", {}, {}), e) << lines;
  }
  const std::string plain = to_toml(parse(""));
  EXPECT_THAT(plain, Not(HasSubstr("charge =")));
  EXPECT_THAT(plain, Not(HasSubstr("limits =")));
}

TEST(ObjectiveKeys, NoZeroIsBelowZero) {
  const std::string toml =
      to_toml(parse("charge = { tokens = -0.0, latency_tokens = 2 }\nlimits = { accuracy = -0.0 }"));
  EXPECT_THAT(toml, HasSubstr("charge = { latency_tokens = 2 }"));
  EXPECT_THAT(toml, HasSubstr("limits = { accuracy = 0 }"));
}

TEST(ObjectiveKeys, MistakesNameTheKeyAndWhatIsAllowed) {
  const auto says = [](const std::string& line, const std::vector<std::string>& words) {
    for (const std::string& each : words) EXPECT_THAT(problem_of(line), HasSubstr(each)) << line;
  };
  const std::string forms =
      "must be \"tokens\", \"latency_tokens\", or weights of both, as in { tokens = 0.7";
  says("charge = \"money\"", {"e.toml:4:10: objective.charge: " + forms, "found \"money\""});
  says("charge = 3", {"objective.charge: " + forms, "found 3"});
  says("charge = { money = 1 }",
       {"objective.charge: there is no \"money\"", "it may have tokens, latency_tokens"});
  says("charge = { tokens = -1 }", {"objective.charge: tokens must be a number from 0 to 1000, found -1"});
  says("charge = { tokens = \"x\" }", {"tokens must be a number from 0 to 1000, found \"x\""});
  says("charge = { tokens = nan }", {"tokens must be a number from 0 to 1000"});
  says("charge = { tokens = 0 }", {"objective.charge: weights must be 0, or from 1e-09 to 1000, and one"});
  says("charge = {}", {"objective.charge: weights must be 0"});
  says("charge = { tokens = 1e-10 }", {"weights must be 0, or from 1e-09"});
  says("limits = {}",
       {"objective.limits: must be \"none\", or a table with some of tokens, latency_p95 and"});
  says("limits = [1]", {"objective.limits: must be \"none\""});
  says("limits = { cost = 3 }", {"there is no \"cost\"", "it may have tokens, latency_p95, accuracy"});
  says("limits = { accuracy = 101 }",
       {"objective.limits: accuracy must be a number from 0 to 100, found 101"});
  says("limits = { tokens = 0 }", {"objective.limits: tokens must be a number from 1 to 1e+15, found 0"});
  says("budget_low = \"auto\"",
       {"objective.budget_low must be a number above 0, or \"data\", found \"auto\""});
}

TEST(ObjectiveKeys, BudgetsAreOpenUntilTheyAreGiven) {
  const Experiment open = parse("");
  EXPECT_EQ(open.budget_low, Experiment::kFromData);
  EXPECT_EQ(open.budget_high, Experiment::kFromData);
  EXPECT_EQ(parse("budget_low = 5\nbudget_high = \"data\""), parse("budget_low = 5"));
  EXPECT_EQ(parse("budget_low = 5", {"objective.budget_low=data"}), open);
  EXPECT_EQ(parse("budget_low = 5e9").budget_low, 5e9) << "nothing to compare it with yet";
}

// Programs that took budgets for granted wrote them all the same; whatever has none had those.
TEST(ObjectiveKeys, ARunHasNumbers) {
  const auto in_run = [](const std::string& lines, const std::vector<std::string>& settings = {}) {
    return parse_run_experiment("[environments]\nsearch = [\"synthetic:\"]\n[objective]\n" + lines, "r",
                                settings);
  };
  EXPECT_EQ(in_run("").budget_low, 50e3);
  EXPECT_EQ(in_run("").budget_high, 500e3);
  EXPECT_EQ(in_run("budget_low = 7").budget_low, 7);
  EXPECT_EQ(in_run("budget_low = 7", {"objective.budget_low=data"}).budget_low, Experiment::kFromData);
  EXPECT_THROW(in_run("budget_low = \"data\""), UsageError);
}

}  // namespace
}  // namespace experiments
