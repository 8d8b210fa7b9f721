// Runs with models that are killed while calls are under way: what may have been charged stays counted, and
// what was replied is used.
#include <algorithm>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <set>

#include "tests/experiments/session/model_run.hpp"

namespace experiments {
namespace {

using testing::HasSubstr;
using tests::chat_answer;
using tests::improved;
using tests::kKey;
using tests::LoopbackServer;
using tests::Play;
using tests::Ran;
using tests::reply_with;
using tests::Seen;

class ModelKillTest : public tests::ModelRun {
 protected:
  static Play good(const Seen& request) {
    return chat_answer(reply_with(improved(request.json()["seed"].get<std::uint64_t>())));
  }
};

TEST_F(ModelKillTest, WhatIsLostToKillsCountsInTheBudget) {
  constexpr std::size_t kBudget = 200'000;
  // Of three requests two are never answered before the process is killed.
  LoopbackServer server([](const Seen& request, int number) {
    Play play = good(request);
    play.seconds = number % 3 == 0 ? 0 : 60;
    return play;
  });
  std::vector<std::string> model = model_at(server);
  model.insert(model.end(),
               {fmt::format("model.budget_tokens={}", kBudget), "model.repairs=0", "model.required=false"});
  int kills = 0;
  for (bool ended = false; !ended && kills < 40;) {
    const std::size_t before = server.requests().size();
    ended = run_until("a", model, [&] {
      const std::size_t seen = server.requests().size();
      return seen > before && seen % 3 != 0;
    });
    kills += ended ? 0 : 1;
  }
  EXPECT_GE(kills, 3);
  EXPECT_LT(kills, 40) << "the budget ends it";
  std::size_t perhaps = 0;
  const auto requests = server.requests();
  for (std::size_t i = 0; i < requests.size(); ++i)
    perhaps += (i + 1) % 3 == 0 ? 1050 : requests[i].prompt().size() + 900;  // as told, or at the most
  EXPECT_LE(perhaps, kBudget) << "whatever was charged";
  EXPECT_GT(perhaps, kBudget / 4) << "what is allowed is used";
  const Ran status = evotts({"status", "a"});
  // A kill may have cut off more than one call.
  const std::size_t told = status.out.find("; beside that ");
  ASSERT_NE(told, std::string::npos) << status.out;
  EXPECT_GE(std::stoi(status.out.substr(told + 14)), kills);
  EXPECT_THAT(status.out, HasSubstr(" calls without a reply, perhaps paid: at most "));
  // The trees do not depend on any of that: a replay needs neither budget nor network.
  std::vector<std::string> arguments = {"run", "e.toml", "--out", "again", "--replay-journal", "a"};
  arguments.insert(arguments.end(), model.begin(), model.end());
  const Ran again = evotts(arguments);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(trees("again"), trees("a"));
}

TEST_F(ModelKillTest, GenerationsThatDoNotWaitAskTheSameOnceMore) {
  LoopbackServer server([](const Seen& request, int number) {
    Play play = good(request);
    play.seconds = 0.02 * (number % 5);
    return play;
  });
  std::vector<std::string> model = model_at(server, "openai", ", concurrency=2");
  model.insert(model.end(), {"model.patience=3", "generations=8"});
  std::size_t kills = 0;
  for (bool ended = false; !ended && kills < 30;) {
    const std::size_t before = server.requests().size();
    ended = run_until("a", model, [&] { return server.requests().size() >= before + 3; });
    kills += ended ? 0 : 1;
  }
  EXPECT_GE(kills, 2U);
  std::set<std::string> prompts;
  const auto requests = server.requests();
  for (const Seen& request : requests) prompts.insert(request.body);
  EXPECT_LE(requests.size(), prompts.size() + 2 * kills) << "asked again is only what was under way";
  // What was replied is in the journal or waits beside it: none was paid for and forgotten.
  std::size_t replied = 0;
  for (const auto& [name, text] : files())
    replied += name.find("evotts-spool/") != std::string::npos && name.ends_with(".json") ? 1 : 0;
  const std::string journal = git("a", {"grep", "-l", "\"outcome\": \"answered\"", "HEAD", "--", "journal"});
  replied += static_cast<std::size_t>(std::count(journal.begin(), journal.end(), '\n'));
  EXPECT_GE(replied, prompts.size());
  std::vector<std::string> arguments = {"run", "e.toml", "--out", "again", "--replay-journal", "a"};
  arguments.insert(arguments.end(), model.begin(), model.end());
  const Ran again = evotts(arguments);
  EXPECT_EQ(again.exit_code, 0) << again.err;
  EXPECT_EQ(trees("again"), trees("a"));
}

}  // namespace
}  // namespace experiments
