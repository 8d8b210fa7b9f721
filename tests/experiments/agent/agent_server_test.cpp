// An agent talks to the server, by the program that users start.
#include <chrono>
#include <future>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <nlohmann/json.hpp>
#include <sstream>
#include <thread>

#include "tests/experiments/session/model_run.hpp"
#include "tests/support/places.hpp"

namespace experiments {
namespace {

using testing::AllOf;
using testing::Contains;
using testing::HasSubstr;
using testing::Not;
using tests::Json;
using tests::Ran;

class AgentServerTest : public tests::ModelRun {
 protected:
  // What the server says to these messages, by their ids.
  std::map<int, Json> said(const std::vector<std::string>& messages,
                           const std::vector<std::string>& options = {}) const {
    std::string input;
    for (const std::string& each : messages) input += each + "\n";
    std::vector<std::string> arguments = {"mcp"};
    arguments.insert(arguments.end(), options.begin(), options.end());
    const Ran ran = evotts(arguments, {.input = input});
    EXPECT_EQ(ran.exit_code, 0) << ran.err;
    std::map<int, Json> replies;
    std::istringstream lines(ran.out);
    for (std::string line; std::getline(lines, line);) {
      const Json reply = Json::parse(line);
      EXPECT_EQ(reply["jsonrpc"], "2.0");
      replies[reply["id"].is_number() ? reply["id"].get<int>() : -1] = reply;
    }
    return replies;
  }
  static std::string request(int id, const std::string& method, const Json& parameters = Json::object()) {
    return Json{{"jsonrpc", "2.0"}, {"id", id}, {"method", method}, {"params", parameters}}.dump();
  }
  static std::string call(int id, const std::string& tool, const Json& arguments = Json::object()) {
    return request(id, "tools/call", {{"name", tool}, {"arguments", arguments}});
  }
  static std::string text_of(const Json& reply) {
    return reply.contains("result") ? reply["result"]["content"][0]["text"].get<std::string>() : reply.dump();
  }
  static std::vector<std::string> tools_of(const Json& reply) {
    std::vector<std::string> names;
    for (const Json& each : reply["result"]["tools"]) names.push_back(each["name"]);
    return names;
  }
};

TEST_F(AgentServerTest, ItIntroducesItselfAndListsItsTools) {
  const auto replies =
      said({request(1, "initialize", {{"protocolVersion", "2024-11-05"}}),
            R"({"jsonrpc":"2.0","method":"notifications/initialized"})", request(2, "ping"),
            request(3, "tools/list"), request(4, "initialize", {{"protocolVersion", "1999"}})});
  ASSERT_EQ(replies.size(), 4);
  EXPECT_EQ(replies.at(1)["result"]["protocolVersion"], "2024-11-05");
  EXPECT_EQ(replies.at(1)["result"]["serverInfo"]["name"], "evotts");
  EXPECT_EQ(replies.at(2)["result"], Json::object());
  EXPECT_THAT(tools_of(replies.at(3)), AllOf(Contains("eval"), Contains("trace"), Not(Contains("propose"))));
  EXPECT_EQ(replies.at(4)["result"]["protocolVersion"], "2025-06-18");
  EXPECT_THAT(tools_of(said({request(1, "tools/list")}, {"--allow-propose"}).at(1)), Contains("propose"));
}

TEST_F(AgentServerTest, ToolsSayWhatTheCommandsSay) {
  write("mine.ctl", tests::improved(1));
  const Ran eval =
      evotts({"eval", "mine.ctl", "--env", "synthetic:seed=11", "--orderings", "2", "--format", "csv"});
  const auto replies =
      said({call(1, "eval",
                 {{"controllers", {"mine.ctl"}}, {"environments", {"synthetic:seed=11"}}, {"orderings", 2}}),
            call(2, "check", {{"controller", "controller a\n\nstart\n  opne 4\n"}}),
            call(3, "curve",
                 {{"controllers", {tests::improved(2)}},
                  {"environments", {"synthetic:seed=11"}},
                  {"at", {60'000}},
                  {"orderings", 2}}),
            call(4, "trace", {{"controller", "cmc"}, {"environment", "synthetic:seed=11"}, {"beta", 0.2}}),
            call(5, "diagnose",
                 {{"controller", "cmc"}, {"environments", {"synthetic:seed=11"}}, {"orderings", 2}}),
            call(6, "language", {{"word", "open"}}), call(7, "known_controllers"),
            call(8, "show", {{"controller", "cmc"}})});
  EXPECT_EQ(text_of(replies.at(1)), eval.out);
  EXPECT_THAT(text_of(replies.at(2)), HasSubstr("did you mean 'open'"));
  EXPECT_EQ(replies.at(2)["result"]["isError"], false);
  EXPECT_THAT(text_of(replies.at(3)), AllOf(HasSubstr("text_1.ctl"), Not(HasSubstr("evotts_agent_"))));
  EXPECT_THAT(text_of(replies.at(4)), HasSubstr("question 0"));
  EXPECT_THAT(text_of(replies.at(5)), HasSubstr("outvoted"));
  EXPECT_THAT(text_of(replies.at(6)), HasSubstr("open"));
  EXPECT_THAT(text_of(replies.at(7)), HasSubstr("two_stage"));
  EXPECT_THAT(text_of(replies.at(8)), HasSubstr("controller cmc"));
}

TEST_F(AgentServerTest, FaultsOfCallsAreResultsAndFaultsOfMessagesAreErrors) {
  const auto replies = said(
      {call(1, "eval", {{"controllers", {"no_such"}}, {"environments", {"synthetic:seed=11"}}}),
       call(2, "eval", {{"controllers", {"cmc"}}}), call(3, "run"), call(4, "propose", {{"controller", "x"}}),
       request(5, "resources/list"), R"({"jsonrpc":"2.0","id":6})", R"({"id":7,"method":"ping"})",
       R"({"jsonrpc":"2.0","id":8,"method":"ping","params":[1]})", call(9, "status", {{"run", "/etc"}}),
       request(10, "ping")});
  EXPECT_EQ(replies.at(1)["result"]["isError"], true);
  EXPECT_THAT(text_of(replies.at(1)), HasSubstr("no_such"));
  EXPECT_THAT(text_of(replies.at(2)), HasSubstr("eval needs environments"));
  EXPECT_EQ(replies.at(3)["error"]["code"], -32602);
  EXPECT_THAT(text_of(replies.at(4)), HasSubstr("--allow-propose"));
  EXPECT_EQ(replies.at(5)["error"]["code"], -32601);
  EXPECT_EQ(replies.at(6)["error"]["code"], -32600);
  EXPECT_EQ(replies.at(7)["error"]["code"], -32600);
  EXPECT_EQ(replies.at(8)["error"]["code"], -32602);
  EXPECT_THAT(text_of(replies.at(9)), HasSubstr("outside the folder"));
  EXPECT_EQ(replies.at(10)["result"], Json::object());
}

TEST_F(AgentServerTest, NoMessageEndsIt) {
  for (const std::string& bad :
       {std::string("{"), std::string("[]"), std::string("\x80\x00\x01", 3), std::string(5'000'000, 'a'),
        std::string(100'000, '['), std::string(R"({"jsonrpc":"2.0","id":{},"method":"ping"})")}) {
    const auto replies = said({bad, request(10, "ping")});
    EXPECT_TRUE(replies.at(-1).contains("error"));
    EXPECT_EQ(replies.at(10)["result"], Json::object());
  }
}

TEST_F(AgentServerTest, CallsAreCancelledAndEndInTime) {
  const Json endless = {
      {"controllers", {"cmc"}}, {"environments", {"synthetic:seed=11,questions=2000"}}, {"orderings", 1'000}};
  const Json late = said({call(1, "eval", endless)}, {"--seconds", "1"}).at(1);
  EXPECT_EQ(late["result"]["isError"], true);
  EXPECT_THAT(text_of(late), HasSubstr("not done within 1 s"));
  const auto cancelled = [](int id) {
    return Json{{"jsonrpc", "2.0"}, {"method", "notifications/cancelled"}, {"params", {{"requestId", id}}}}
        .dump();
  };
  const auto replies = said({call(1, "eval", endless), call(2, "eval", endless), cancelled(2), cancelled(1),
                             request(3, "ping"), call(4, "show", {{"controller", "cmc"}})});
  EXPECT_FALSE(replies.contains(1));
  EXPECT_FALSE(replies.contains(2));
  EXPECT_TRUE(replies.contains(3));
  EXPECT_THAT(text_of(replies.at(4)), HasSubstr("controller cmc"));
}

TEST_F(AgentServerTest, WhatARunHoldsOutIsNotLookedAt) {
  ASSERT_EQ(evotts({"env", "synth", "--seed", "12", "-o", "held.json"}).exit_code, 0);
  ASSERT_EQ(evotts({"run", "e.toml", "--out", "runs/a", "--generations", "0", "--set",
                    "environments.held_out=[\"held.json\"]", "model.share=0"})
                .exit_code,
            0);
  const auto replies =
      said({call(1, "eval", {{"controllers", {"cmc"}}, {"environments", {"held.json"}}}),
            call(2, "trace", {{"controller", "cmc"}, {"environment", "held.json"}}),
            call(3, "eval",
                 {{"controllers", {"cmc"}}, {"environments", {"synthetic:seed=11"}}, {"orderings", 1}})});
  EXPECT_THAT(text_of(replies.at(1)), HasSubstr("held out by the run runs/a"));
  EXPECT_THAT(text_of(replies.at(2)), HasSubstr("held out by the run runs/a"));
  EXPECT_EQ(replies.at(3)["result"]["isError"], false) << text_of(replies.at(3));
}

// The whole way: a run asks, an agent replies, and what it wrote is judged.
TEST_F(AgentServerTest, AProposalBecomesAChildOfARunningExperiment) {
  const std::string model = std::string("models=[{kind=\"command\", name=\"agent\", command=[\"") +
                            tests::kEvotts + "\", \"inbox\", \"agent-inbox\"], seconds=60, concurrency=1}]";
  std::promise<Ran> promised;
  auto ended = promised.get_future();
  const std::jthread running([&] {
    promised.set_value(run("a", {"--generations", "1", "--set", model, "model.share=0.05"}));
  });
  const auto propose = [&](const std::string& text, int wait) {
    const Json proposal = {
        {"controller", text}, {"hypothesis", "agents know better"}, {"wait_seconds", wait}};
    return said({call(1, "questions"), call(2, "propose", proposal)}, {"--allow-propose"});
  };
  EXPECT_THAT(text_of(propose("controller a\n\nstart\n  opne 4\n", 60).at(2)),
              HasSubstr("did you mean 'open'"));
  std::string marked = tests::improved(1);
  marked.insert(marked.find("start\n"), "# ```\n");
  const auto cut = propose(marked, 0).at(2);
  EXPECT_THAT(text_of(cut), HasSubstr("leave it out"));
  int taken = 0;
  for (int i = 0; i < 60 && ended.wait_for(std::chrono::seconds(0)) != std::future_status::ready; ++i)
    taken += propose(tests::improved(static_cast<std::uint64_t>(i)), 2).at(2)["result"]["isError"] == false;
  const Ran ran = ended.get();
  EXPECT_GE(taken, 1);
  EXPECT_EQ(ran.exit_code, 0) << ran.err << ran.out;
  EXPECT_THAT(ran.out, HasSubstr("children"));
  const std::string status = text_of(said({call(1, "status", {{"run", "a"}})}).at(1));
  EXPECT_THAT(status, HasSubstr("agent"));
  EXPECT_THAT(text_of(propose(tests::improved(0), 0).at(1)), HasSubstr("nobody asks"));
}

}  // namespace
}  // namespace experiments
