// `evotts audit`: the server that was recorded agrees, another does not, and what is said where it cannot be.
#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <thread>

#include "tests/support/command_line.hpp"
#include "tests/support/places.hpp"
#include "tests/support/played_upstream.hpp"
#include "tests/support/process.hpp"

namespace experiments {
namespace {

using nlohmann::json;
using testing::HasSubstr;
using testing::Not;
using tests::Play;
using tests::PlayedUpstream;
using tests::Ran;
using tests::Seen;

class Audit : public tests::CommandLine {
 protected:
  // What evotts collect records of the server.
  void SetUp() override {
    CommandLine::SetUp();
    std::string questions;
    for (int i = 0; i < 12; ++i) questions += fmt::format("{{\"question\":\"{}\",\"answer\":\"41\"}}\n", i);
    write("q.jsonl", questions);
    const Ran ran = evotts({"collect", "q.jsonl", "--upstream", upstream_.url(), "--out", "x.json",
                            "--branches", "8", "--interval", "8", "--task", "number", "--look-suffix", "!",
                            "--prompt", "{question}", "--end-of-thought", "#"});
    ASSERT_EQ(ran.exit_code, 0) << ran.err;
  }
  std::vector<std::string> words(const std::vector<std::string>& more = {},
                                 const std::string& env = "x.json") {
    std::vector<std::string> all = {"audit",         "cmc",    "--env", env,         "--upstream",
                                    upstream_.url(), "--beta", "0",     "--replays", "100"};
    all.insert(all.end(), more.begin(), more.end());
    return all;
  }
  // The recording with something else in it.
  void change(const std::function<void(json&)>& change) {
    json all = json::parse(read("x.json"));
    change(all);
    write("y.json", all.dump());
  }

  PlayedUpstream upstream_{tests::vllm_like()};
};

TEST_F(Audit, TheServerThatWasRecordedAgrees) {
  const Ran ran = evotts(words());
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("agrees: no check is off at p < 0.001"));
  EXPECT_THAT(ran.out, HasSubstr("model small, grade exact"));
  EXPECT_THAT(ran.out, HasSubstr("live 21, 21, 21, 21, 21; replay 21, 21, 21, 21, 21"));
  EXPECT_THAT(ran.out, Not(HasSubstr("likely:")));
  EXPECT_THAT(ran.out, Not(HasSubstr("set otherwise:")));
}

TEST_F(Audit, JsonIsOneObject) {
  const Ran ran = evotts(words({"--format", "json", "--questions", "3", "--repeats", "2"}));
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  const json told = json::parse(ran.out);
  EXPECT_EQ(told["agrees"], true);
  EXPECT_EQ(told["questions"], 3);
  EXPECT_EQ(told["episodes"], 6);
  EXPECT_EQ(told["episodes_wanted"], 6);
  EXPECT_EQ(told["ended_early"], nullptr);
  EXPECT_EQ(told["likely_causes"], json::array());
  EXPECT_EQ(told["not_compared"], json::array());
  EXPECT_EQ(told["checks"].size(), 12U);
  EXPECT_EQ(told["checks"][0]["check"], "accuracy");
  EXPECT_EQ(told["checks"][0]["live"], 100);
  EXPECT_EQ(told["checks"][0]["replay"], 100);
  EXPECT_GT(told["spent"]["branch_tokens"], 0);
  const Ran csv = evotts(words({"--format", "csv", "--questions", "1"}));
  EXPECT_TRUE(csv.out.starts_with("check,live,replay,difference,low,high,p,adjusted,flag\naccuracy,100"))
      << csv.out;
}

TEST_F(Audit, AnotherServerIsFlaggedAndTheLikelyCauseIsTold) {
  change([](json& all) {
    for (json& question : all)
      for (json& branch : question["each_branch"])
        for (json& look : branch[0]) look = "7";
  });
  const Ran looks = evotts(words({"--repeats", "3"}, "y.json"));
  EXPECT_EQ(looks.exit_code, 1);
  EXPECT_THAT(looks.out, HasSubstr("DIFFERS from replay at p < 0.001: "));
  EXPECT_THAT(looks.out, HasSubstr("looks_agree"));
  EXPECT_THAT(looks.out, HasSubstr("likely: Looks differ most"));
  change([](json& all) {
    all[0]["collected"]["model"] = "big\x1b[2J";
    all[0]["collected"]["template"] = "{question}?";
    for (json& question : all)
      for (json& branch : question["each_branch"]) branch[1] = 24;
  });
  const Ran branches = evotts(words({"--repeats", "3"}, "y.json"));
  EXPECT_EQ(branches.exit_code, 1);
  EXPECT_THAT(branches.out, HasSubstr("branch_tokens"));
  EXPECT_THAT(branches.out, HasSubstr("likely: Branches differ"));
  EXPECT_THAT(branches.out,
              HasSubstr("set otherwise: the recording is of the model big\\x1b[2J, and this is small"));
  EXPECT_THAT(branches.out, HasSubstr("and read {question}? when it was recorded"));
}

TEST_F(Audit, WhatTheRecordingDoesNotTellIsGiven) {
  change([](json& all) { all[0].erase("collected"); });
  const Ran given = evotts(
      words({"--task", "number", "--look-suffix", "!", "--prompt", "{question}", "--end-of-thought", "#"},
            "y.json"));
  EXPECT_EQ(given.exit_code, 0) << given.err << given.out;
  rejects(words({"--interval", "9"}, "y.json"), {"8 tokens apart", "--interval is 9"});
  rejects(words({"--temperature", "0.5"}), {"--temperature", "x.json", "tells how it was recorded"});
}

TEST_F(Audit, RefusesWhatItCannotAudit) {
  rejects(words({"--beta", "2"}), {"--beta"});
  rejects(words({"--questions", "0"}), {"--questions"});
  rejects(words({"--replays", "1"}), {"--replays"});
  rejects(words({}, "absent.json"), {"absent.json"});
  change([](json& all) { all[3]["question"] = ""; });
  rejects(words({}, "y.json"), {"y.json", "the text of question 3"});
  rejects({"audit", "cmc", "--env", "x.json", "--upstream", "nowhere"}, {"URL", "nowhere"});
}

TEST_F(Audit, AnEstimateAsksForNothing) {
  const std::size_t before = upstream_.server().requests().size();
  const Ran ran = evotts(words({"--estimate", "--repeats", "2"}));
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("24 episodes on 12 questions"));
  EXPECT_EQ(upstream_.server().requests().size(), before);
}

TEST_F(Audit, WhatWasSeenWithinTheLimitIsTold) {
  const Ran some = evotts(words({"--budget-tokens", "1500", "--episodes", "1"}));
  EXPECT_EQ(some.exit_code, 1);
  EXPECT_THAT(some.out, HasSubstr("not whole: the next episode could pass the limit on tokens"));
  const Ran none = evotts(words({"--budget-tokens", "5"}));
  EXPECT_EQ(none.exit_code, 1);
  EXPECT_THAT(none.err, HasSubstr("no episode was seen to its end"));
}

TEST_F(Audit, AnInterruptTellsWhatWasSeen) {
  upstream_.instead([](const Seen& seen, int) -> std::optional<Play> {
    if (seen.path == "/v1/completions") std::this_thread::sleep_for(std::chrono::milliseconds(10));
    return std::nullopt;
  });
  std::vector<std::string> command = words({"--repeats", "1000", "--episodes", "2"});
  command.insert(command.begin(), tests::kEvotts);
  durability::Process process(command, folder_);
  // An episode takes some fifty requests.
  for (int i = 0; i < 6000 && upstream_.server().requests().size() < 1000; ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  process.signal(SIGINT);
  process.wait();
  EXPECT_THAT(read("out.txt"), HasSubstr("not whole: it was stopped"));
  EXPECT_THAT(read("out.txt"), HasSubstr("accuracy"));
}

}  // namespace
}  // namespace experiments
