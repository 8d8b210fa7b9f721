// Held-out environments: fixed at the start, never read by the search, opened on record.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>

#include "tests/support/small_run.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using testing::HasSubstr;
using testing::Not;
using tests::Ran;

class UnsealTest : public tests::SmallRun {
 protected:
  void SetUp() override {
    SmallRun::SetUp();
    ASSERT_EQ(
        evotts({"env", "synth", "-o", "unseen.json", "--seed", "77", "--questions", "5", "--branches", "20"})
            .exit_code,
        0);
    write("small.toml",
          tests::SmallExperiment{.more = {{"environments", "held_out = [\"unseen.json\"]\n"}}}.toml());
  }
};

TEST_F(UnsealTest, TheSearchNeverReadsThemAndLooksDoNotChangeIt) {
  run("whole");
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "a", "--generations", "2"}).exit_code, 0);
  EXPECT_THAT(read("a/held_out.json"), HasSubstr("\"digest\""));
  EXPECT_THAT(evotts({"status", "a"}).out, HasSubstr("held out      1 environments, sealed\n"));
  EXPECT_EQ(evotts({"unseal", "a", "--list"}).out, "sealed: never opened\n");
  const Ran look = evotts({"unseal", "a", "--beside", "asc", "--orderings", "10"});
  ASSERT_EQ(look.exit_code, 0) << look.err;
  EXPECT_THAT(look.out, HasSubstr("look 1 at the held-out environments of a"));
  fs::rename(folder_ / "unseen.json", folder_ / "away.json");
  ASSERT_EQ(evotts({"resume", "a"}).exit_code, 0) << "without the file";
  EXPECT_EQ(trees("a"), trees("whole"));
  EXPECT_EQ(git("a", {"status", "--porcelain"}), "");
  rejects({"unseal", "a"}, {"unseen.json"});
}

TEST_F(UnsealTest, QuestionsThatAreSearchedOnInAnotherRecordingAreTold) {
  const auto recording = [](const std::string& second_branch) {
    return R"([{"question": "What is one and one?", "gold_answer": "2", "probe_freq": 10, "each_branch": )"
           R"([[["2"], 15, "2"], )" +
           second_branch + "]}]";
  };
  write("searched.json", recording(R"([["3"], 15, "3"])"));
  write("anew.json", recording(R"([["4"], 15, "2"])"));
  const std::string warning =
      "environments.held_out: 1 of 1 questions are searched on too, in other recordings";
  const Ran made =
      evotts({"run", "small.toml", "--out", "a", "--generations", "0", "--set",
              R"(environments.search=["searched.json"])", "--set", R"(environments.held_out=["anew.json"])"});
  ASSERT_EQ(made.exit_code, 0) << made.err;
  EXPECT_THAT(made.err, HasSubstr(warning));
  const Ran other = evotts({"run", "small.toml", "--out", "b", "--generations", "0"});
  ASSERT_EQ(other.exit_code, 0) << other.err;
  EXPECT_THAT(other.err, Not(HasSubstr("searched on too")));
}

TEST_F(UnsealTest, EveryLookIsOnRecordWithItsResult) {
  run("a");
  const Ran first = evotts({"unseal", "a@1", "--orderings", "10", "--format", "json"});
  ASSERT_EQ(first.exit_code, 0) << first.err;
  ASSERT_EQ(evotts({"unseal", "a", "--orderings", "10"}).exit_code, 0);
  const auto looks = nlohmann::json::parse(evotts({"unseal", "a", "--list", "--format", "json"}).out);
  ASSERT_EQ(looks.size(), 6U);  // two looks at three betas
  const auto shown = nlohmann::json::parse(first.out);
  for (std::size_t i = 0; i < 3; ++i) {
    EXPECT_EQ(looks[i], shown[i]);
    EXPECT_EQ(looks[i]["generation"], 1);
    EXPECT_EQ(looks[i + 3]["look"], 2);
    EXPECT_EQ(looks[i + 3]["generation"], kGenerations);
  }
  // The figures are those of an evaluation on the same file.
  ASSERT_EQ(evotts({"export", "a", "-o", "best.ctl"}).exit_code, 0);
  const auto scored = nlohmann::json::parse(evotts({"eval", "best.ctl", "--env", "unseen.json", "--beta",
                                                    "0,0.5,1", "--orderings", "10", "--format", "json"})
                                                .out);
  for (std::size_t i = 0; i < 3; ++i) EXPECT_EQ(looks[i + 3]["accuracy"], scored[i]["accuracy"]);
  EXPECT_THAT(git("a", {"log", "--format=%s", "unsealed"}), HasSubstr("look 2 at the held-out environments"));
  EXPECT_THAT(git("a", {"log", "-1", "--format=%b", "unsealed"}),
              HasSubstr("Opened-Commit: " + git("a", {"rev-parse", "main"})));
  EXPECT_THAT(evotts({"status", "a"}).out, HasSubstr("opened 2 times, last at generation 4\n"));
  EXPECT_EQ(evotts({"verify", "a"}).exit_code, 0);
}

TEST_F(UnsealTest, AForkAndACloneTakeTheRecordAlong) {
  run("a");
  ASSERT_EQ(evotts({"unseal", "a", "--orderings", "2"}).exit_code, 0);
  for (const std::string set : {"seed=3", "seed=4"}) {  // a plain copy, and a change
    const std::string name = "fork" + set.substr(5);
    ASSERT_EQ(evotts({"fork", "a@1", name, "--set", set}).exit_code, 0);
    EXPECT_EQ(evotts({"unseal", name, "--list", "--format", "csv"}).out,
              evotts({"unseal", "a", "--list", "--format", "csv"}).out);
  }
  ASSERT_EQ(evotts({"unseal", "fork4", "--orderings", "2"}).exit_code, 0);
  EXPECT_THAT(evotts({"status", "fork4"}).out, HasSubstr("opened 2 times"));
  git(".", {"clone", "-q", "a", "copy"});
  EXPECT_EQ(evotts({"unseal", "copy", "--list", "--format", "csv"}).out,
            evotts({"unseal", "a", "--list", "--format", "csv"}).out);
  EXPECT_THAT(evotts({"unseal", "copy", "--orderings", "2"}).out, HasSubstr("look 2 at"));
  EXPECT_EQ(evotts({"verify", "copy"}).exit_code, 0);
  // A look that was changed by hand is found.
  git("copy", {"checkout", "-q", "unsealed"});
  std::string look = read("copy/unsealings/0001.json");
  write("copy/unsealings/0001.json", look.replace(look.find("\"accuracy\": ") + 12, 2, "88"));
  git("copy", {"commit", "-q", "-a", "-m", "better"});
  EXPECT_THAT(evotts({"verify", "copy"}).out, HasSubstr("branch unsealed: look 1 is not as it was recorded"));
}

TEST_F(UnsealTest, OtherCommandsDoNotLookPastTheRecord) {
  // Of an edition whose best controller gives no cause for warnings here.
  ASSERT_EQ(evotts({"run", "small.toml", "--out", "a", "--set", "population.edition=3"}).exit_code, 0);
  const std::vector<std::vector<std::string>> looks = {{"eval", "asc", "a:best"},
                                                       {"curve", "a@2:best"},
                                                       {"diagnose", "a:best"},
                                                       {"compare", "asc", "a:best"},
                                                       {"diff", "a:best", "asc", "--behaviour"},
                                                       {"trace", "a:best", "--beta", "0.5"},
                                                       {"eval", "a/best.ctl"}};
  for (std::vector<std::string> look : looks) {
    look.insert(look.end(), {"--env", "unseen.json"});
    rejects(look, {"unseen", "is held out by the run", "'evotts unseal a"});
    look.back() = "synthetic:seed=4,questions=3";
    EXPECT_EQ(evotts(look).exit_code, 0) << look.front();
  }
  EXPECT_EQ(evotts({"eval", "asc", "--env", "unseen.json"}).exit_code, 0) << "asc is of no run";
  EXPECT_EQ(evotts({"unseal", "a", "--list"}).out, "sealed: never opened\n");
}

// Another date, signals and keys in another order: still what is sealed, for every command.
TEST_F(UnsealTest, AFileWrittenAnewIsStillHeldOut) {
  run("a");
  auto questions = nlohmann::json::parse(read("unseen.json"));  // which sorts the keys
  for (auto& question : questions) {
    question["collected"] = "2026-11-29";
    for (auto& branch : question["each_branch"])
      branch.push_back({{"logprob", std::vector<double>(branch[0].size() + 1, -0.5)}});
  }
  write("anew.json", questions.dump());
  rejects({"eval", "a:best", "--env", "anew.json"}, {"anew is held out by the run"});
  rejects({"run", "small.toml", "--out", "b", "--set", "environments.search=[\"anew.json\"]"},
          {"held-out environment", "searched on as well"});
  rejects({"fork", "a", "b", "--set", "environments.search=[\"anew.json\"]"},
          {"held-out environment", "searched on as well"});
  fs::rename(folder_ / "anew.json", folder_ / "unseen.json");
  rejects({"unseal", "a"}, {"is not what it was when it was sealed"});
}

TEST_F(UnsealTest, WhatWouldBreakTheSealIsRefused) {
  run("a");
  ASSERT_EQ(evotts({"env", "synth", "-o", "other.json", "--seed", "78", "--questions", "5"}).exit_code, 0);
  rejects({"run", "small.toml", "--out", "b", "--set", "environments.search=[\"unseen.json\"]"},
          {"held-out environment", "searched on as well"});
  rejects({"fork", "a", "b", "--set", "environments.search=[\"unseen.json\"]"},
          {"held-out environment", "searched on as well"});
  rejects({"fork", "a", "b", "--set", "environments.held_out=[\"other.json\"]"},
          {"stay as they were sealed"});
  rejects({"fork", "a", "b", "--set", "environments.held_out=[]"}, {"stay as they were sealed"});
  rejects({"unseal", "a@9"}, {"no generation 9"});
  rejects({"unseal", "a", "ffffffff"}, {"ffffffff"});
  fs::rename(folder_ / "other.json", folder_ / "unseen.json");
  rejects({"unseal", "a"}, {"is not what it was when it was sealed"});
  EXPECT_THAT(evotts({"status", "a"}).out, HasSubstr("sealed\n")) << "nothing was shown, nothing counts";
  write("small.toml", tests::SmallExperiment{}.toml());
  run("open");
  rejects({"unseal", "open"}, {"nothing is held out"});
  // Nor is anything sealed that was ever searched on, here or before a fork.
  const std::string mine = "environments.held_out=[\"synthetic:seed=5,questions=6,branches=24\"]";
  const std::string other = "environments.search=[\"synthetic:seed=6,questions=6,branches=24\"]";
  rejects({"fork", "open", "b", "--set", mine}, {"held-out environment", "searched on as well"});
  ASSERT_EQ(evotts({"fork", "open", "moved", "--set", other}).exit_code, 0);
  rejects({"fork", "moved", "b", "--set", mine}, {"held-out environment", "searched on as well"});
  rejects({"fork", "open", "b", "--set", other,
           "environments.held_out=[\"synthetic:seed=6,questions=6,branches=24\"]"},
          {"held-out environment", "searched on as well"});
}

}  // namespace
}  // namespace experiments
