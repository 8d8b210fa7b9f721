// Runs that say what they gain on new questions, as a user starts, kills, forks, verifies and looks at them.
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <regex>
#include <string>
#include <vector>

#include "evo/record/checkpoint.hpp"
#include "genome/base/digest.hpp"
#include "genome/text/known_controllers.hpp"
#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using testing::AllOf;
using testing::ContainsRegex;
using testing::HasSubstr;
using testing::Not;
using tests::Ran;

constexpr const char* kExpected =
    "expected on new questions: [+-][0-9.]+ \\[[+-][0-9.]+, [+-][0-9.]+\\] over [a-z_]+; 10 questions can "
    "show "
    "gains from [0-9.]+ on\n";

class ExpectedGainTest : public tests::Runs {
 protected:
  void SetUp() override {
    Runs::SetUp();
    tests::SmallExperiment experiment{.generations = 4,
                                      .search = "synthetic:seed=5,questions=10,branches=24"};
    experiment.more["evaluation"] = "validation_orderings = 3\n";
    experiment.more["objective"] = "champion_errors = 1\n";
    write("ten.toml", experiment.toml());
    experiment.search += ",knows=0,options=4";
    write("chance.toml", experiment.toml());
  }

  std::string id_of_best(const std::string& run) const {
    return genome::base::git_blob_id(read(run + "/best.ctl"));
  }

  // Raises the low end of the expected gain by hand, with the checksums that belong to it.
  void claim_more(const std::string& run) {
    const auto text_of = [&](const std::string& id) -> std::optional<std::string> {
      for (const char* place : {"/population/", "/archive/", "/halves/1/", "/halves/2/"}) {
        if (const std::string path = run + place + id + ".ctl"; fs::exists(folder_ / path)) return read(path);
      }
      if (id_of_best(run) == id) return read(run + "/best.ctl");
      return std::nullopt;
    };
    evo::State state = evo::load_checkpoint(read(run + "/checkpoint.bin"), text_of, run);
    ASSERT_TRUE(state.expected);
    state.expected->low += 0.5;
    write(run + "/checkpoint.bin", evo::save_checkpoint(state));
    auto json = generation(run);
    json["expected"]["gain_low"] = state.expected->low;
    write(run + "/generation.json", json.dump(2));
    git(run, {"commit", "--quiet", "--all", "--amend", "--no-edit"});
  }
};

TEST_F(ExpectedGainTest, IsToldByRunStatusAndJson) {
  EXPECT_THAT(good({"run", "ten.toml", "--out", "a"}).out, ContainsRegex(kExpected));
  EXPECT_THAT(good({"status", "a"}).out, ContainsRegex(kExpected));
  const auto json = nlohmann::json::parse(good({"status", "a", "--format", "json"}).out);
  const auto& expected = json.at("expected");
  EXPECT_LE(expected.at("gain_low").get<double>(), expected.at("gain").get<double>());
  EXPECT_LE(expected.at("gain").get<double>(), expected.at("gain_high").get<double>());
  EXPECT_GE(expected.at("detectable_gain").get<double>(), 0);
  EXPECT_EQ(expected.at("questions"), 10);
  EXPECT_TRUE(genome::known_controller(expected.at("against").get<std::string>()).has_value());
  EXPECT_EQ(json.at("best").at("id"), id_of_best("a"));
}

TEST_F(ExpectedGainTest, KilledOrNotAndOnAnyNumberOfThreadsTheTreesAreTheSame) {
  good({"run", "ten.toml", "--out", "one", "--threads", "1"});
  good({"run", "ten.toml", "--out", "four", "--threads", "4"});
  good({"run", "ten.toml", "--out", "parts", "--generations", "1"});
  for (const char* to : {"2", "4"}) good({"resume", "parts", "--generations", to});
  EXPECT_EQ(trees("one"), trees("four"));
  EXPECT_EQ(trees("one"), trees("parts"));
  EXPECT_THAT(
      good({"verify", "one", "--sample", "100"}).out,
      AllOf(HasSubstr("the same to the last digit"), HasSubstr("\nexpected     made again, the same\n")));
}

// A right checksum does not make a claim true.
TEST_F(ExpectedGainTest, AClaimThatDoesNotComeOutAgainIsDamage) {
  good({"run", "ten.toml", "--out", "a", "--generations", "2"});
  claim_more("a");
  const Ran ran = evotts({"verify", "a"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.out, HasSubstr("damage       expected gain: low is "));
  EXPECT_THAT(evotts({"verify", "a", "--sample", "0"}).out, Not(HasSubstr("expected gain: low is")));
}

// What was estimated after a fork, or after another version went, has nothing to do with them.
TEST_F(ExpectedGainTest, AnEarlierForkExcusesNoClaim) {
  good({"run", "ten.toml", "--out", "a", "--generations", "2"});
  good({"fork", "a@1", "b", "--set", "seed=9"});
  good({"resume", "b", "--generations", "3"});
  good({"verify", "b"});
  claim_more("b");
  EXPECT_THAT(evotts({"verify", "b"}).out, HasSubstr("damage       expected gain: low is "));
}

TEST_F(ExpectedGainTest, AClaimThatAnotherVersionMadeIsNoDamage) {
  good({"run", "ten.toml", "--out", "a", "--generations", "2"});
  claim_more("a");
  const std::string message = git("a", {"log", "-1", "--format=%B"});
  write("message", std::regex_replace(message, std::regex("Program-Version: [^\n]*"),
                                      "Program-Version: evotts 0.0.1 0000000"));
  git("a", {"commit", "--quiet", "--amend", "--file", (folder_ / "message").string()});
  EXPECT_THAT(good({"verify", "a"}).out,
              ContainsRegex("made again [^ ]+ .another version of this program made it.\n"));
}

TEST_F(ExpectedGainTest, TheSearchIsTheSameWithout) {
  good({"run", "ten.toml", "--out", "with"});
  const Ran ran = good({"run", "ten.toml", "--out", "without", "--set", "objective.expected_gain=false"});
  EXPECT_THAT(ran.out, Not(HasSubstr("new questions")));
  for (const char* path : {"population", "archive", "lineage", "frontier.csv"})
    EXPECT_EQ(git("with", {"rev-parse", std::string("HEAD:") + path}),
              git("without", {"rev-parse", std::string("HEAD:") + path}))
        << path;
  EXPECT_THAT(git("without", {"ls-tree", "--name-only", "HEAD"}), Not(HasSubstr("halves")));
  EXPECT_THAT(read("without/experiment.toml"), Not(HasSubstr("expected_gain")));
  const auto json = generation("without");
  EXPECT_FALSE(json.contains("expected") || json.contains("champion"));
  EXPECT_GT(generation("with")["counters"]["episodes"], json["counters"]["episodes"]);
}

// Four options that nobody knows anything of.
TEST_F(ExpectedGainTest, WhereNothingBeatsWhatIsKnownThatIsTheBest) {
  int recommended = 0;
  for (const std::string seed : {"1", "2", "3"}) {
    const Ran ran = good({"run", "chance.toml", "--out", seed, "--set", "seed=" + seed});
    const auto json = generation(seed);
    if (json["expected"]["recommends"] != "known") continue;
    ++recommended;
    const std::string known = json["expected"]["against"];
    const std::string verdict = json["champion"]["id"] == json["best"]["id"]
                                    ? fmt::format("nothing was found beyond {} yet\n", known)
                                    : fmt::format("nothing here beats {} so far\n", known);
    EXPECT_THAT(ran.out, AllOf(HasSubstr(verdict), HasSubstr(fmt::format("best {} of ", known))));
    EXPECT_THAT(good({"status", seed}).out, AllOf(HasSubstr(verdict), HasSubstr("\nchampion      ")));
    EXPECT_EQ(good({"diff", seed + ":best", known}).exit_code, 0);
    EXPECT_EQ(json["best"]["id"], id_of_best(seed));
    good({"export", seed, "-o", "best.ctl", "--force"});
    EXPECT_EQ(read("best.ctl"), read(seed + "/best.ctl"));
    const auto champion = genome::base::git_blob_id(good({"export", seed + ":champion"}).out);
    EXPECT_EQ(json["champion"]["id"], champion);
    EXPECT_THAT(good({"lineage", seed}).out, HasSubstr(champion.substr(0, 10)));
    good({"verify", seed});
    good({"resume", seed, "--generations", "5"});
  }
  EXPECT_GT(recommended, 0);
}

TEST_F(ExpectedGainTest, UnsealingShowsWhatWasSeenBesideIt) {
  good({"run", "ten.toml", "--out", "a", "--generations", "1", "--set",
        "environments.held_out=[\"synthetic:seed=8,questions=12,branches=24\"]"});
  const std::string known = generation("a")["expected"]["against"];
  const std::string out = good({"unseal", "a:champion", "--orderings", "5"}).out;
  EXPECT_THAT(out, AllOf(ContainsRegex(kExpected), ContainsRegex("seen on 12 held-out questions: "
                                                                 "[+-][0-9.]+ \\[.*\\] over [a-z_]+\n")));
  EXPECT_THAT(good({"unseal", "a", "--list"}).out, HasSubstr(known));  // on record with the champion
  const Ran json = good({"unseal", "a:champion", "--orderings", "5", "--format", "json"});
  EXPECT_TRUE(nlohmann::json::parse(json.out).is_array());
  EXPECT_THAT(json.err, AllOf(HasSubstr("expected on new questions: "), HasSubstr("seen on 12 held-out ")));
}

TEST_F(ExpectedGainTest, AForkToOtherQuestionsBeginsItsHalvesAnew) {
  good({"run", "ten.toml", "--out", "a", "--generations", "2"});
  good({"fork", "a", "same", "--set", "population.children=8"});
  EXPECT_TRUE(generation("same").contains("expected"));
  for (const std::string change : {"seed=9", "evaluation.orderings=4", "objective.expected_gain=false"}) {
    good({"fork", "a", change, "--set", change});
    EXPECT_FALSE(generation(change).contains("expected")) << change;
    EXPECT_THAT(git(change, {"ls-tree", "--name-only", "HEAD"}), Not(HasSubstr("halves"))) << change;
    good({"resume", change, "--generations", "3"});
    EXPECT_EQ(generation(change).contains("expected"),
              change.starts_with("seed") || change.starts_with("evaluation"));
    good({"verify", change});
  }
  good({"resume", "same", "--generations", "3"});
  good({"verify", "same"});
}

TEST_F(ExpectedGainTest, FilesOfTheHalvesAreVerified) {
  good({"run", "ten.toml", "--out", "a", "--generations", "2"});
  const fs::path half = folder_ / "a" / "halves" / "1";
  const fs::path one = fs::directory_iterator(half)->path();
  std::ofstream(one, std::ios::app) << "# by hand\n";
  git("a", {"commit", "--quiet", "--all", "--message", "by hand"});
  const Ran ran = evotts({"verify", "a"});
  EXPECT_EQ(ran.exit_code, 2);
  EXPECT_THAT(ran.out, HasSubstr("halves/1/" + one.filename().string()));
}

TEST_F(ExpectedGainTest, FewQuestionsAreToldOf) {
  write("few.toml", tests::SmallExperiment{.generations = 1}.toml());
  EXPECT_THAT(good({"run", "few.toml", "--out", "a"}).out,
              HasSubstr("no gain on new questions is estimated: that takes 8 distinct questions"));
}

}  // namespace
}  // namespace experiments
