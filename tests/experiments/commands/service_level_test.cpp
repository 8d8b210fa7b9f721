// Runs that charge more than tokens, or choose a controller for a service level, as a user meets them.
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

#include "genome/base/digest.hpp"
#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using testing::StartsWith;
using tests::Ran;

class ServiceLevelTest : public tests::Runs {
 protected:
  void SetUp() override {
    Runs::SetUp();
    tests::SmallExperiment experiment{.generations = 4,
                                      .search = "synthetic:seed=5,questions=10,branches=24"};
    experiment.more["evaluation"] = "validation_orderings = 5\n";
    write("plain.toml", experiment.toml());
    experiment.more["objective"] = "limits = { tokens = 120000, latency_p95 = 60000, accuracy = 20 }\n";
    write("limited.toml", experiment.toml());
    experiment.budget_low = 5'000;
    experiment.budget_high = 60'000;
    experiment.more["objective"] = "charge = \"latency_tokens\"\n";
    write("latency.toml", experiment.toml());
    experiment.more["objective"] =
        "charge = { tokens = 0.5, latency_tokens = 0.5 }\nlimits = { accuracy = 30 }\nbaseline_regret = 0.5\n"
        "lower_bound_errors = 0.5\n";
    write("mixed.toml", experiment.toml());
  }
};

TEST_F(ServiceLevelTest, KilledOrNotAndOnAnyNumberOfThreadsTheTreesAreTheSame) {
  for (const std::string experiment : {"limited", "latency", "mixed"}) {
    const std::string file = experiment + ".toml", one = experiment + "1", parts = experiment + "2";
    good({"run", file, "--out", one, "--threads", "1"});
    good({"run", file, "--out", parts, "--threads", "4", "--generations", "1"});
    for (const char* to : {"2", "4"}) good({"resume", parts, "--generations", to});
    EXPECT_EQ(trees(one), trees(parts)) << experiment;
    EXPECT_THAT(good({"verify", one, "--sample", "100"}).out, HasSubstr("the same to the last digit"));
    good({"fork", one + "@2", experiment + "3"});
    good({"resume", experiment + "3", "--generations", "4"});
    EXPECT_EQ(tree(experiment + "3"), tree(one)) << experiment;
  }
}

TEST_F(ServiceLevelTest, WhoKeepsTheLimitsIsToldAndExported) {
  const Ran ran = good({"run", "limited.toml", "--out", "a"});
  const auto limits = generation("a").at("limits");
  ASSERT_TRUE(limits.at("keeps").get<bool>()) << limits;
  EXPECT_LE(limits.at("tokens").get<double>(), 120'000);
  EXPECT_LE(limits.at("latency_p95").get<double>(), 60'000);
  EXPECT_GE(limits.at("accuracy").get<double>(), 20);
  EXPECT_EQ(limits.at("orderings"), 5);
  const auto words = AllOf(
      HasSubstr("limits        tokens at most 120000, latency of 95% at most 60000, accuracy at least 20%\n"),
      ContainsRegex("kept by       [0-9a-f]{10} at beta [0-9.]+: accuracy [0-9.]+%, [0-9]+ tokens, latency "
                    "[0-9]+ at 95%\n              in [0-5] of 5 orderings each taken alone; the best of "
                    "[0-9]+ settings? measured\n"));
  EXPECT_THAT(ran.out, AllOf(words, HasSubstr("for the limits: a:limits\n")));
  EXPECT_THAT(good({"status", "a"}).out, words);
  const auto told = nlohmann::json::parse(good({"status", "a", "--format", "json"}).out).at("limits");
  EXPECT_EQ(told.at("id"), limits.at("id"));
  EXPECT_EQ(told.at("asked"),
            (nlohmann::json{{"tokens", 120000.0}, {"latency_p95", 60000.0}, {"accuracy", 20.0}}));
  const std::string text = good({"export", "a:limits"}).out;
  EXPECT_EQ(genome::base::git_blob_id(text), limits.at("id"));
  EXPECT_EQ(read("a/limits.ctl"), text);
  EXPECT_EQ(good({"export", "a", "limits"}).out, text);
  EXPECT_EQ(good({"export", "a", limits.at("id").get<std::string>().substr(0, 10)}).out, text);
  // The same episodes again, by another way: the validation orderings are 3 to 7.
  const auto rows =
      nlohmann::json::parse(good({"eval", "a:limits", "--env", "synthetic:seed=5,questions=10,branches=24",
                                  "--beta", fmt::format("{}", limits.at("beta").get<double>()),
                                  "--seed-first", "3", "--orderings", "5", "--format", "json"})
                                .out);
  EXPECT_NEAR(rows.at(0).at("accuracy").get<double>(), limits.at("accuracy").get<double>(), 0.01);
  EXPECT_NEAR(rows.at(0).at("tokens").get<double>(), limits.at("tokens").get<double>(), 1);
}

TEST_F(ServiceLevelTest, WhereNothingKeepsThemTheNearestIsNamed) {
  const Ran ran = good({"run", "limited.toml", "--out", "a", "--generations", "1", "--set",
                        "objective.limits={tokens = 10, accuracy = 99}"});
  EXPECT_THAT(ran.out,
              AllOf(HasSubstr("nearest       "),
                    ContainsRegex("none of [0-9]+ settings? measured keeps them so far; this misses"),
                    Not(HasSubstr("kept by"))));
  EXPECT_FALSE(generation("a").at("limits").at("keeps").get<bool>());
  EXPECT_THAT(good({"export", "a:limits"}).out, StartsWith("controller "));
  EXPECT_THAT(good({"verify", "a"}).out, HasSubstr("limits       measured again, the same\n"));
}

// The choice for limits promises one setting, and whether it holds there.
TEST_F(ServiceLevelTest, UnsealingShowsHowTheChoiceKeepsItsLimits) {
  const std::string held_out = "environments.held_out=[\"synthetic:seed=8,questions=12,branches=24\"]";
  good({"run", "limited.toml", "--out", "a", "--generations", "1", "--set", held_out});
  const double beta = generation("a").at("limits").at("beta").get<double>();
  const Ran look = good({"unseal", "a:limits", "--beside", "asc", "--orderings", "7", "--format", "json"});
  int of_choice = 0;
  for (const auto& row : nlohmann::json::parse(look.out)) {
    if (row.at("controller") != "limits") continue;
    ++of_choice;
    EXPECT_EQ(row.at("beta"), beta);
    EXPECT_FALSE(row.contains("latency_tokens")) << "tokens are charged";
  }
  EXPECT_EQ(of_choice, 1);
  EXPECT_THAT(look.err,
              AllOf(HasSubstr("limits        tokens at most 120000, "),
                    ContainsRegex("(kept|missed) +on the held-out questions( by [0-9.]+)?: accuracy"),
                    ContainsRegex("in [0-7] of 7 orderings each taken alone")));
  EXPECT_THAT(good({"unseal", "a:limits", "--orderings", "7"}).out, Not(HasSubstr("expected on new")));
}

TEST_F(ServiceLevelTest, UnsealingShowsWhatIsCharged) {
  const std::string held_out = "environments.held_out=[\"synthetic:seed=8,questions=12,branches=24\"]";
  good({"run", "mixed.toml", "--out", "a", "--generations", "0", "--set", held_out});
  good({"unseal", "a", "--orderings", "5"});
  const auto looks = nlohmann::json::parse(good({"unseal", "a", "--list", "--format", "json"}).out);
  ASSERT_FALSE(looks.empty());
  for (const auto& row : looks)
    EXPECT_NEAR(row.at("charge").get<double>(),
                (row.at("tokens").get<double>() + row.at("latency_tokens").get<double>()) / 2, 0.01);
}

TEST_F(ServiceLevelTest, AForkMayHaveOtherLimitsOrNone) {
  good({"run", "limited.toml", "--out", "a", "--generations", "2"});
  good({"fork", "a", "other", "--set", "objective.limits={accuracy = 10}"});
  EXPECT_THAT(good({"status", "other"}).out, HasSubstr("kept by       nobody yet"));
  EXPECT_NE(evotts({"export", "other:limits"}).exit_code, 0);
  const auto nobody = nlohmann::json::parse(good({"status", "other", "--format", "json"}).out).at("limits");
  EXPECT_TRUE(nobody.at("id").is_null() && nobody.at("asked").at("accuracy") == 10) << nobody;
  good({"resume", "other", "--generations", "3"});
  EXPECT_TRUE(generation("other").contains("limits"));
  good({"verify", "other"});
  good({"fork", "a", "none", "--set", "objective.limits=none"});
  good({"resume", "none", "--generations", "3"});
  EXPECT_FALSE(generation("none").contains("limits"));
  rejects({"export", "none:limits"}, {"nothing was chosen for limits", "objective.limits"});
  good({"verify", "none"});
}

TEST_F(ServiceLevelTest, LatencyRulesTheFrontierAndWhatIsShown) {
  good({"run", "latency.toml", "--out", "a"});
  EXPECT_THAT(read("a/frontier.csv"), StartsWith("id,beta,accuracy,tokens,latency_tokens,charge\n"));
  const auto json = generation("a");
  EXPECT_EQ(json.at("charge").at("latency_tokens"), 1);
  const auto& point = json.at("best").at("curve").at(0);
  EXPECT_EQ(point.at("charge"), point.at("latency_tokens"));
  EXPECT_THAT(good({"status", "a"}).out, AllOf(HasSubstr("budgets       5000 to 60000 latency_tokens\n"),
                                               ContainsRegex("beta +accuracy +tokens +latency_tokens\n")));
  good({"run", "plain.toml", "--out", "b"});
  EXPECT_THAT(read("b/frontier.csv"), StartsWith("id,beta,accuracy,tokens\n"));
  EXPECT_FALSE(generation("b").contains("charge") || generation("b").contains("limits"));
  EXPECT_THAT(read("b/experiment.toml"), Not(HasSubstr("charge =")));
  good({"fork", "b", "c", "--set", "objective.charge=latency_tokens"});
  EXPECT_THAT(read("c/frontier.csv"), StartsWith("id,beta,accuracy,tokens,latency_tokens,charge\n"));
  good({"resume", "c", "--generations", "5"});
  good({"verify", "c"});
}

TEST_F(ServiceLevelTest, AMixIsShownWithItsParts) {
  good({"run", "mixed.toml", "--out", "a", "--generations", "1"});
  EXPECT_THAT(good({"status", "a"}).out,
              AllOf(HasSubstr(" (0.5 tokens + 0.5 latency_tokens)\n"),
                    ContainsRegex("beta +accuracy +tokens +latency_tokens +charge\n")));
  good({"report", "a", "-o", "a.html"});
  EXPECT_THAT(read("a.html"), HasSubstr("0.5 tokens + 0.5 latency_tokens"));
}

}  // namespace
}  // namespace experiments
