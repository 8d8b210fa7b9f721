// `evotts collect`: an environment out of a server, a kill on the way, and what is said where it cannot be.
#include <atomic>
#include <csignal>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <regex>
#include <thread>

#include "replay/environment/reader.hpp"
#include "tests/support/command_line.hpp"
#include "tests/support/places.hpp"
#include "tests/support/played_upstream.hpp"
#include "tests/support/process.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using tests::Play;
using tests::PlayedUpstream;
using tests::Ran;
using tests::Seen;

class Collect : public tests::CommandLine {
 protected:
  void SetUp() override {
    CommandLine::SetUp();
    write("q.jsonl", R"({"question":"12+34-5","answer":"41"})"
                     "\n"
                     R"({"question":"7","answer":7})"
                     "\n");
  }
  std::vector<std::string> words(const PlayedUpstream& upstream, const std::string& out = "x.json") const {
    return {"collect",       "q.jsonl", "--upstream", upstream.url(),
            "--out",         out,       "--branches", "3",
            "--interval",    "8",       "--task",     "number",
            "--look-suffix", "!",       "--prompt",   "{question}"};
  }
  // But for what may differ between two collections of the same replies.
  static nlohmann::json comparable(const std::string& text) {
    nlohmann::json json = nlohmann::json::parse(text);
    json[0]["collected"].erase("date");
    json[0]["collected"].erase("spent");
    return json;
  }
};

TEST_F(Collect, WritesAnEnvironmentThatIsReadAndScored) {
  const PlayedUpstream upstream(tests::vllm_like());
  const Ran ran = evotts(words(upstream));
  ASSERT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out,
              HasSubstr("x.json: written, 2 questions, 6 branches, signals: confidence, entropy, logprob"));
  EXPECT_THAT(ran.out, HasSubstr("50.0% right"));
  EXPECT_THAT(ran.err, HasSubstr("grade exact"));
  const replay::Environment environment = replay::read_environment(folder_ / "x.json");
  ASSERT_EQ(environment.questions.size(), 2U);
  EXPECT_EQ(environment.questions[0].branches.size(), 3U);
  EXPECT_EQ(environment.questions[0].branches[0].tokens, 21);
  EXPECT_EQ(environment.questions[0].branches[0].probes, 2U);
  EXPECT_EQ(environment.questions[1].gold, "7");
  const nlohmann::json collected = nlohmann::json::parse(environment.collected);
  EXPECT_EQ(collected["model"], "small");
  EXPECT_EQ(collected["server"], "small-1");
  EXPECT_EQ(collected["look_suffix"], "!");
  EXPECT_EQ(collected["template"], "<s>Q:{question}\nT:");
  EXPECT_EQ(collected["sampling"]["temperature"], 1.0);
  EXPECT_EQ(collected["max_tokens"], 32768);
  EXPECT_EQ(collected["spent"]["branch_tokens"], 6 * 21);
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.collecting.jsonl"));
  EXPECT_TRUE(std::filesystem::exists(folder_ / "x.texts.jsonl.zst"));
  EXPECT_EQ(evotts({"env", "check", "x.json"}).exit_code, 0);
  EXPECT_EQ(evotts({"eval", "sc", "--env", "x.json"}).exit_code, 0);
  const Ran regraded =
      evotts({"env", "regrade", "x.json", "--task", "after:#", "--look-task", "number", "-o", "y.json"});
  EXPECT_EQ(regraded.exit_code, 0) << regraded.err;
}

TEST_F(Collect, ASecondTimeNothingIsAskedOfTheModel) {
  const PlayedUpstream upstream(tests::vllm_like());
  ASSERT_EQ(evotts(words(upstream)).exit_code, 0);
  const std::string before = read("x.json");
  const Ran again = evotts(words(upstream));
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.out, HasSubstr("is complete already"));
  EXPECT_EQ(read("x.json"), before);
  std::vector<std::string> other = words(upstream);
  other.insert(other.end(), {"--temperature", "0.5"});
  const Ran refused = evotts(other);
  EXPECT_EQ(refused.exit_code, 2);
  EXPECT_THAT(refused.err, HasSubstr("was recorded otherwise (sampling)"));
  EXPECT_EQ(read("x.json"), before);
}

// Killed at many moments and begun again, it writes the same file, and asks for no branch that was whole.
TEST_F(Collect, KilledAtAnyTimeItGoesOn) {
  PlayedUpstream upstream(tests::vllm_like());
  ASSERT_EQ(evotts(words(upstream, "undisturbed.json")).exit_code, 0);
  upstream.instead([&](const Seen& seen, int) -> std::optional<Play> {
    if (seen.path == "/v1/completions") std::this_thread::sleep_for(std::chrono::milliseconds(25));
    return std::nullopt;
  });
  std::vector<std::string> command = words(upstream);
  command.insert(command.begin(), tests::kEvotts);
  command.insert(command.end(), {"--requests", "2"});
  int kills = 0;
  std::size_t kept = 0;
  for (int milliseconds = 250; !std::filesystem::exists(folder_ / "x.json") && kills < 40;
       milliseconds += 50) {
    durability::Process process(command, folder_);
    std::this_thread::sleep_for(std::chrono::milliseconds(milliseconds));
    process.signal(SIGKILL);
    process.wait();
    ++kills;
    const std::string journal = read("x.collecting.jsonl");
    const auto branches = static_cast<std::size_t>(std::ranges::count(journal, '\n'));
    if (!journal.empty()) {
      EXPECT_GE(branches, kept);
      kept = branches;
    }
  }
  EXPECT_GT(kills, 1);
  ASSERT_TRUE(std::filesystem::exists(folder_ / "x.json"));
  EXPECT_EQ(comparable(read("x.json")), comparable(read("undisturbed.json")));
  EXPECT_EQ(read("x.texts.jsonl.zst"), read("undisturbed.texts.jsonl.zst"));
}

TEST_F(Collect, AnInterruptKeepsWhatIsWhole) {
  PlayedUpstream upstream(tests::vllm_like());
  const std::filesystem::path journal = folder_ / "x.collecting.jsonl";
  upstream.instead([&](const Seen& seen, int) -> std::optional<Play> {
    if (seen.path == "/v1/completions" && std::filesystem::exists(journal))
      std::this_thread::sleep_for(std::chrono::milliseconds(300));
    return std::nullopt;
  });
  std::vector<std::string> command = words(upstream);
  command.insert(command.begin(), tests::kEvotts);
  command.insert(command.end(), {"--requests", "1"});
  durability::Process process(command, folder_);
  for (int i = 0; i < 1000 && !std::filesystem::exists(journal); ++i)
    std::this_thread::sleep_for(std::chrono::milliseconds(10));
  std::this_thread::sleep_for(std::chrono::milliseconds(200));
  process.signal(SIGINT);
  EXPECT_EQ(process.wait(), 1);
  EXPECT_THAT(read("err.txt"), HasSubstr("the same command goes on from there"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.json"));
  upstream.instead(nullptr);
  const Ran again = evotts(words(upstream));
  EXPECT_EQ(again.exit_code, 0) << again.err;
}

// A limit on the size of files stands for a full disk.
TEST_F(Collect, AFullDiskIsToldAndLosesNothing) {
  const PlayedUpstream upstream(tests::vllm_like());
  ASSERT_EQ(evotts(words(upstream, "undisturbed.json")).exit_code, 0);
  std::string command = std::string("trap '' XFSZ; ulimit -f 2; exec ") + tests::kEvotts;
  for (const std::string& word : words(upstream)) command += " '" + word + "'";
  const Ran full = tests::run_process({"/bin/bash", "-c", command}, {.folder = folder_});
  EXPECT_EQ(full.exit_code, 1);
  EXPECT_THAT(full.err, testing::AllOf(HasSubstr("x.collecting.jsonl"), HasSubstr("File too large")));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.json"));
  const Ran again = evotts(words(upstream));
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_THAT(again.err, HasSubstr("going on with"));
  EXPECT_EQ(comparable(read("x.json")), comparable(read("undisturbed.json")));
}

TEST_F(Collect, OneCommandAtATimeWritesAFile) {
  PlayedUpstream upstream(tests::vllm_like());
  const std::filesystem::path journal = folder_ / "x.collecting.jsonl";
  std::atomic<bool> hangs = false;  // the first command does, by the one request that it may have under way
  upstream.instead([&](const Seen& seen, int) -> std::optional<Play> {
    if (seen.path != "/v1/completions" || !std::filesystem::exists(journal) || hangs.exchange(true))
      return std::nullopt;
    return Play{.type = "text/event-stream",
                .pieces = std::vector<std::string>(3'000, ": wait\n\n"),
                .between = 0.02};
  });
  std::vector<std::string> command = words(upstream);
  command.insert(command.begin(), tests::kEvotts);
  command.insert(command.end(), {"--requests", "1"});
  durability::Process first(command, folder_);
  for (int i = 0; i < 1000 && !hangs; ++i) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  const Ran second = evotts(words(upstream));
  EXPECT_EQ(second.exit_code, 2);
  EXPECT_THAT(second.err, HasSubstr("another evotts collect is writing it"));
  first.signal(SIGKILL);
  EXPECT_EQ(first.wait(), 128 + SIGKILL);
}

TEST_F(Collect, TheBudgetEndsItWithCodeOne) {
  const PlayedUpstream upstream(tests::vllm_like());
  std::vector<std::string> command = words(upstream);
  command.insert(command.end(), {"--budget-tokens", "300", "--max-tokens", "40"});
  const Ran ran = evotts(command);
  EXPECT_EQ(ran.exit_code, 1);
  EXPECT_THAT(ran.err, HasSubstr("the budget does not allow for another request"));
  EXPECT_FALSE(std::filesystem::exists(folder_ / "x.json"));
}

TEST_F(Collect, TheEstimateAsksForNoBranch) {
  const PlayedUpstream upstream(tests::vllm_like());
  std::vector<std::string> command = words(upstream);
  command.insert(command.end(),
                 {"--estimate", "--price-input", "1", "--price-output", "2", "--max-tokens", "16"});
  const Ran ran = evotts(command);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("at most, 16 tokens a branch"));
  EXPECT_THAT(ran.out, HasSubstr("written 96 for branches"));
  EXPECT_EQ(files().size(), 1U);
}

TEST_F(Collect, ManyCutBranchesAreToldLoudly) {
  const PlayedUpstream upstream(tests::vllm_like());
  std::vector<std::string> command = words(upstream);
  command.insert(command.end(), {"--max-tokens", "12"});
  const Ran ran = evotts(command);
  EXPECT_EQ(ran.exit_code, 0) << ran.err;
  EXPECT_THAT(ran.out, HasSubstr("100.0% cut, 12 tokens on average"));
  EXPECT_THAT(ran.err, HasSubstr("WARNING: 6 of 6 branches (100.0%) were cut"));
}

TEST_F(Collect, WhatIsWrongIsNamed) {
  const PlayedUpstream upstream(tests::vllm_like());
  const auto refused = [&](const std::vector<std::string>& more, const std::vector<std::string>& said) {
    std::vector<std::string> command = words(upstream);
    command.insert(command.end(), more.begin(), more.end());
    rejects(command, said);
  };
  refused({"--temperature", "hot"}, {"--temperature must be a number from 0 to 10", "\"hot\""});
  refused({"--top-p", "1.5"}, {"--top-p must be a number from 0 to 1"});
  refused({"--logit-bias", "33"}, {"--logit-bias must be ID=VALUE"});
  refused({"--logit-bias", "33=1", "--logit-bias", "33=2"}, {"names the token 33 twice"});
  refused({"--budget-money", "3"}, {"--budget-money needs --price-input"});
  refused({"--requests", "0"}, {"--requests must be a whole number from 1"});
  refused({"--first", "0"}, {"--first must be a whole number from 1"});
  refused({"--gold-field", "gold"}, {"q.jsonl", "gold"});
  rejects({"collect", "q.jsonl", "--upstream", upstream.url(), "-o", "none/x.json"}, {"none"});
  rejects({"collect", "no.jsonl", "--upstream", upstream.url(), "-o", "x.json"}, {"no.jsonl"});
  rejects({"collect", "q.jsonl", "--upstream", upstream.url(), "-o", "x.json", "--task", "guess"}, {"guess"});
  rejects({"collect", "q.jsonl", "--upstream", upstream.url(), "-o", "x.json", "--prompt", "Say it"},
          {"{question}"});
}

}  // namespace
}  // namespace experiments
