#include "llm_mutators/clients/server_client.hpp"

#include <chrono>
#include <ctime>
#include <gtest/gtest.h>
#include <memory>
#include <thread>

#include "tests/support/loopback_server.hpp"

namespace llm_mutators {
namespace {

using Outcome = Reply::Outcome;
using tests::chat_answer;
using tests::error_answer;
using tests::Json;
using tests::LoopbackServer;
using tests::message_answer;
using tests::Play;
using tests::Seen;
using Clock = std::chrono::steady_clock;

constexpr const char* kKey = "sk-test-0123456789abcdef";

class ServerClientTest : public testing::Test {
 protected:
  ServerOptions options(const LoopbackServer& server, double seconds = 5) {
    return {.name = "m",
            .url = server.url(),
            .key = kKey,
            .seconds = seconds,
            .tell = [this](const std::string& message) { told_.push_back(message); }};
  }
  Reply ask(const LoopbackServer& server, double seconds = 5,
            ModelParameters parameters = {.model = "small"}) {
    return ServerClient(options(server, seconds), openai_format(std::move(parameters)))
        .ask({"card\n", "task\n", 7});
  }
  Reply ask_anthropic(const LoopbackServer& server, ModelParameters parameters = {.model = "small"}) {
    return ServerClient(options(server), anthropic_format(std::move(parameters)))
        .ask({"card\n", "task\n", 7});
  }
  static double seconds_of(const std::function<void()>& work) {
    const auto start = Clock::now();
    work();
    return std::chrono::duration<double>(Clock::now() - start).count();
  }
  std::vector<std::string> told_;
};

TEST_F(ServerClientTest, ChatCompletionsGoThereAndBack) {
  LoopbackServer server([](const Seen&, int) {
    return chat_answer("a reply", "stop",
                       {{"prompt_tokens", 900},
                        {"completion_tokens", 80},
                        {"prompt_tokens_details", {{"cached_tokens", 0}}},
                        {"completion_tokens_details", {{"reasoning_tokens", 30}}}});
  });
  const Reply reply =
      ask(server, 5, {.model = "small", .output_tokens = 700, .temperature = 0.5, .effort = "low"});
  EXPECT_EQ(reply.outcome, Outcome::kAnswered) << reply.error;
  EXPECT_EQ(reply.text, "a reply");
  EXPECT_EQ(reply.served_by, "small-2026");
  EXPECT_EQ(reply.usage, (net::Usage{.input = 900, .cached_read = 0, .output = 80, .reasoning = 30}));
  const Seen seen = server.requests().at(0);
  EXPECT_EQ(seen.path, "/v1/chat/completions");
  EXPECT_EQ(seen.headers.at("authorization"), std::string("Bearer ") + kKey);
  EXPECT_EQ(seen.json(), Json({{"model", "small"},
                               {"max_tokens", 700},
                               {"temperature", 0.5},
                               {"reasoning_effort", "low"},
                               {"seed", 7},
                               {"messages", {{{"role", "user"}, {"content", "card\ntask\n"}}}}}));
}

TEST_F(ServerClientTest, MessagesGoThereAndBack) {
  LoopbackServer server([](const Seen&, int) {
    Play play = message_answer("", "end_turn",
                               {{"input_tokens", 100},
                                {"cache_read_input_tokens", 800},
                                {"cache_creation_input_tokens", 40},
                                {"output_tokens", 60}});
    Json json = Json::parse(play.body);
    json["content"] = {{{"type", "thinking"}, {"thinking", "hm"}, {"signature", "x"}},
                       {{"type", "text"}, {"text", "one "}},
                       {{"type", "something_new"}, {"text", "not this"}},
                       {{"type", "text"}, {"text", "two"}}};
    play.body = json.dump();
    return play;
  });
  const Reply reply = ask_anthropic(server, {.model = "small", .temperature = 0.5, .thinking_tokens = 2048});
  EXPECT_EQ(reply.text, "one two") << reply.error;
  EXPECT_EQ(reply.usage, (net::Usage{.input = 940, .cached_read = 800, .cache_write = 40, .output = 60}));
  const Seen seen = server.requests().at(0);
  EXPECT_EQ(seen.path, "/v1/messages");
  EXPECT_EQ(seen.headers.at("x-api-key"), kKey);
  EXPECT_EQ(seen.headers.at("anthropic-version"), "2023-06-01");
  const Json json = seen.json();
  EXPECT_EQ(json["max_tokens"], 16000);
  EXPECT_EQ(json["thinking"]["budget_tokens"], 2048);
  EXPECT_FALSE(json.contains("temperature"));  // not with thinking
  EXPECT_EQ(json["messages"][0]["content"][0]["cache_control"]["type"], "ephemeral");
  EXPECT_EQ(json["messages"][0]["content"][0]["text"], "card\n");
  EXPECT_FALSE(json["messages"][0]["content"][1].contains("cache_control"));
}

TEST_F(ServerClientTest, RetriesWhatMayPassAndNothingElse) {
  for (const int status : {408, 409, 429, 500, 502, 503, 529}) {
    LoopbackServer server([&](const Seen&, int number) {
      return number == 1 ? error_answer(status, "busy", "", "", {"retry-after-ms: 10"}) : chat_answer("late");
    });
    const Reply reply = ask(server);
    EXPECT_EQ(reply.text, "late") << status << reply.error;
    EXPECT_EQ(reply.tries, 2);
    EXPECT_EQ(reply.lost, 0);
  }
  for (const int status : {400, 401, 403, 404, 413, 422, 301}) {
    LoopbackServer server([&](const Seen&, int) { return error_answer(status, "no \x1b[31m way"); });
    const Reply reply = ask(server);
    EXPECT_EQ(reply.outcome, Outcome::kFailed);
    if (status != 404 && status != 301)
      EXPECT_EQ(reply.error, fmt::format("status {}: no \\x1b[31m way", status));
    else
      EXPECT_NE(reply.error.find(fmt::format("status {} of {}/chat/completions", status, server.url())),
                std::string::npos)
          << reply.error;
    EXPECT_EQ(reply.hopeless, status == 401 || status == 403 || status == 404 || status == 301);
    EXPECT_EQ(server.requests().size(), 1U);
  }
  for (const char* code : {"insufficient_quota", "billing_hard_limit_reached"}) {
    LoopbackServer server([&](const Seen&, int) { return error_answer(429, "no money", code); });
    EXPECT_TRUE(ask(server).hopeless);
    EXPECT_EQ(server.requests().size(), 1U);
  }
  LoopbackServer overruled(
      [&](const Seen&, int) { return error_answer(503, "down", "", "", {"x-should-retry: false"}); });
  ask(overruled);
  EXPECT_EQ(overruled.requests().size(), 1U);
}

TEST_F(ServerClientTest, WaitsAsLongAsItIsTold) {
  const auto wait = [&](const std::string& header) {
    LoopbackServer server([&](const Seen&, int number) {
      return number == 1 ? error_answer(429, "slow down", "", "", {header}) : chat_answer("x");
    });
    return seconds_of([&] { EXPECT_EQ(ask(server).outcome, Outcome::kAnswered); });
  };
  // Not sooner; how much later is the machine's business, but no other reading of the header.
  const double milliseconds = wait("retry-after-ms: 300"), seconds = wait("Retry-After: 1");
  EXPECT_GE(milliseconds, 0.3);
  EXPECT_LT(milliseconds, 1);
  EXPECT_GE(seconds, 1);
  EXPECT_LT(seconds, 3);
  const double own = wait("retry-after: nonsense");  // 0.5 s, less chance
  EXPECT_GE(own, 0.375);
  EXPECT_LT(own, 3);
}

TEST_F(ServerClientTest, WaitsPastTheDeadlineAreNotBegun) {
  LoopbackServer server(
      [&](const Seen&, int) { return error_answer(429, "slow down", "", "", {"retry-after: 30"}); });
  Reply reply;
  EXPECT_LT(seconds_of([&] { reply = ask(server, 2); }), 10);  // not the server's thirty
  EXPECT_EQ(reply.outcome, Outcome::kTimedOut);
  EXPECT_EQ(reply.error, "status 429: slow down; waiting 30.0 s to try again would pass the deadline of 2 s");
}

TEST_F(ServerClientTest, OneDeadlineCoversAllTries) {
  LoopbackServer server([&](const Seen&, int) { return Play{.seconds = 10}; });
  Reply reply;
  EXPECT_LT(seconds_of([&] { reply = ask(server, 0.6); }), 8);  // not the server's ten
  EXPECT_EQ(reply.outcome, Outcome::kTimedOut);
  EXPECT_EQ(reply.error, "no whole reply within 0.6 s");
  EXPECT_EQ(reply.lost, 1);
  LoopbackServer failing([&](const Seen&, int) { return error_answer(500, "x"); });
  // The waits are at least 0.375 and 0.75 s, so a third try would come after the deadline.
  reply = ask(failing, 1);
  EXPECT_EQ(reply.outcome, Outcome::kTimedOut);
  EXPECT_EQ(failing.requests().size(), 2U);
}

// Another format, read so slowly that the deadline of 1 s passes meanwhile.
class SlowToRead : public WireFormat {
 public:
  explicit SlowToRead(std::unique_ptr<WireFormat> format) : format_(std::move(format)) {}
  std::string_view path() const override { return format_->path(); }
  std::vector<std::string> headers(const std::string& key) const override { return format_->headers(key); }
  std::string body(const Prompt& prompt, const Refused& refused) const override {
    return format_->body(prompt, refused);
  }
  std::string parameters(const Refused& refused) const override { return format_->parameters(refused); }
  std::vector<std::string> optional_parameters(const Refused& refused) const override {
    return format_->optional_parameters(refused);
  }
  Answer read(const std::string& body) const override {
    std::this_thread::sleep_for(std::chrono::milliseconds(1100));
    return format_->read(body);
  }

 private:
  std::unique_ptr<WireFormat> format_;
};

TEST_F(ServerClientTest, TheDeadlineIncludesReadingTheReply) {
  for (const bool counted : {true, false}) {
    LoopbackServer server([&](const Seen&, int) {
      return chat_answer("late", "stop", counted ? tests::chat_usage() : Json());
    });
    ServerClient client(options(server, 1), std::make_unique<SlowToRead>(openai_format({.model = "small"})));
    const Reply reply = client.ask({"card\n", "task\n", 7});
    EXPECT_EQ(reply.outcome, Outcome::kTimedOut);
    EXPECT_EQ(reply.error, "no whole reply within 1 s");
    EXPECT_EQ(reply.text, "");
    EXPECT_EQ(reply.usage.known(), counted);  // it is paid for all the same
    EXPECT_EQ(reply.lost, counted ? 0 : 1);
    EXPECT_EQ(server.requests().size(), 1U);
  }
}

TEST_F(ServerClientTest, DroppedConnectionsAreTriedAgainAndCountedAsPerhapsCharged) {
  for (const bool silent : {true, false}) {
    LoopbackServer server([&](const Seen&, int number) {
      Play play = chat_answer("whole");
      if (number == 1) play.silent = silent, play.cut_after = 30;
      return play;
    });
    const Reply reply = ask(server);
    EXPECT_EQ(reply.text, "whole") << reply.error;
    EXPECT_EQ(reply.lost, 1);
  }
  LoopbackServer dropping([&](const Seen&, int) { return Play{.silent = true}; });
  const Reply reply =
      ServerClient(options(dropping), openai_format({.model = "x"})).ask("q", [] { return false; });
  EXPECT_NE(reply.error.find("the budget allows no other try"), std::string::npos) << reply.error;
  EXPECT_EQ(dropping.requests().size(), 1U);
}

TEST_F(ServerClientTest, AServerThatIsNotThereIsAFailureThatCostsNothing) {
  std::string url;
  {
    url = LoopbackServer([](const Seen&, int) { return Play{}; }).url();
  }
  const Reply reply =
      ServerClient({.name = "m", .url = url, .seconds = 1}, openai_format({.model = "x"})).ask("q");
  EXPECT_NE(reply.outcome, Outcome::kAnswered);
  EXPECT_EQ(reply.lost, 0);
  EXPECT_NE(reply.error.find("onnect"), std::string::npos) << reply.error;
}

TEST_F(ServerClientTest, AnswersThatAreNoneAreToldOf) {
  const auto error_of = [&](Play play, const std::string& format = "chat") {
    LoopbackServer server([&](const Seen&, int) { return play; });
    ServerOptions few = options(server);
    few.most_tries = 1;
    const Reply reply =
        ServerClient(few, format == "chat" ? openai_format({.model = "x"}) : anthropic_format({.model = "x"}))
            .ask("q");
    EXPECT_EQ(reply.outcome, Outcome::kFailed) << reply.text;
    return reply.error;
  };
  EXPECT_EQ(error_of({.body = "<html>\nlog in</html>", .type = "text/html"}),
            "the answer is no JSON object; it begins with \"<html>\\nlog in</html>\"");
  EXPECT_EQ(error_of({.status = 502, .body = "<html>bad gateway", .type = "text/html"}),
            "status 502; the answer is a page for people");
  const std::string whole = chat_answer("x").body;
  EXPECT_NE(error_of({.body = whole.substr(0, whole.size() / 2)}).find("no JSON object"), std::string::npos);
  EXPECT_NE(error_of({.body = std::string(200'000, '[')}).find("no JSON object"), std::string::npos);
  for (const char* body :
       {"{}", "{\"choices\": 3}", "{\"choices\": []}", "{\"choices\": [7]}",
        "{\"choices\": [{\"message\": []}]}", "{\"choices\": [{\"message\": {\"content\": 5}}]}",
        "{\"choices\": [{\"message\": {\"content\": null}, \"finish_reason\": \"tool_calls\"}]}"})
    EXPECT_FALSE(error_of({.body = body}).empty());
  for (const char* body : {"{\"content\": \"x\"}", "{\"content\": []}", "{\"content\": [1, null]}"})
    EXPECT_FALSE(error_of({.body = body}, "messages").empty());
  EXPECT_EQ(error_of(error_answer(200, "out of order")), "status 200: out of order");
}

TEST_F(ServerClientTest, HugeAnswersAreCutOff) {
  LoopbackServer server([](const Seen&, int) { return chat_answer(std::string(9'000'000, 'x')); });
  const Reply reply = ask(server);
  EXPECT_EQ(reply.outcome, Outcome::kTooLong);
  EXPECT_EQ(reply.lost, 1);
}

TEST_F(ServerClientTest, TruncationAndRefusalAreRecognised) {
  LoopbackServer chat([](const Seen&, int number) {
    if (number == 1) return chat_answer("half", "length");
    if (number == 2) return chat_answer("", "content_filter");
    Play play = chat_answer("");
    Json json = Json::parse(play.body);
    json["choices"][0]["message"] = {{"content", nullptr}, {"refusal", "I will not."}};
    play.body = json.dump();
    return play;
  });
  const Reply cut = ask(chat);
  EXPECT_EQ(cut.outcome, Outcome::kTruncated);
  EXPECT_EQ(cut.text, "half");
  EXPECT_EQ(cut.usage.output, 50);
  EXPECT_EQ(ask(chat).outcome, Outcome::kRefused);
  EXPECT_EQ(ask(chat).error, "the model declined: I will not.");
  LoopbackServer messages([](const Seen&, int number) {
    return message_answer("text", number == 1   ? "max_tokens"
                                  : number == 2 ? "model_context_window_exceeded"
                                                : "refusal");
  });
  EXPECT_EQ(ask_anthropic(messages).outcome, Outcome::kTruncated);
  EXPECT_EQ(ask_anthropic(messages).outcome, Outcome::kTruncated);
  EXPECT_EQ(ask_anthropic(messages).outcome, Outcome::kRefused);
}

TEST_F(ServerClientTest, MissingAndWrongUsageAreMissing) {
  LoopbackServer server([](const Seen&, int number) {
    if (number == 1) return chat_answer("x", "stop", nullptr);
    if (number == 2) return chat_answer("x", "stop", "many");
    return chat_answer("x", "stop", {{"prompt_tokens", -3}, {"completion_tokens", 1e300}});
  });
  for (int i = 0; i < 3; ++i) EXPECT_EQ(ask(server).usage, net::Usage{});
}

TEST_F(ServerClientTest, ARefusedParameterIsLeftOutOnceAndForAll) {
  LoopbackServer server([](const Seen& seen, int) {
    const Json json = seen.json();
    if (json.contains("max_tokens"))
      return error_answer(400, "Unsupported parameter: 'max_tokens' is not supported with this model.",
                          "unsupported_parameter", "max_tokens");
    if (json.contains("temperature"))
      return error_answer(400, "'temperature' does not support 0.5 with this model");
    return chat_answer("x");
  });
  ServerClient client(options(server), openai_format({.model = "small", .temperature = 0.5}));
  EXPECT_EQ(client.ask("q").outcome, Outcome::kAnswered);
  EXPECT_EQ(server.requests().size(), 3U);
  EXPECT_EQ(server.requests().back().json()["max_completion_tokens"], 16000);
  const Reply again = client.ask("q");
  EXPECT_EQ(again.tries, 1);
  EXPECT_EQ(again.left_out, (std::vector<std::string>{"max_tokens", "temperature"}));
  ServerClient told(options(server), openai_format({.model = "small", .temperature = 0.5}));
  told.leave_out(again.left_out);
  EXPECT_EQ(told.ask("q").tries, 1);
  EXPECT_EQ(Json::parse(again.parameters), Json({{"model", "small"}, {"max_completion_tokens", 16000}}));
  EXPECT_EQ(told_, (std::vector<std::string>{
                       "m does not take the parameter max_tokens; it is left out from now on",
                       "m does not take the parameter temperature; it is left out from now on"}));
  LoopbackServer stubborn(
      [](const Seen&, int) { return error_answer(400, "bad max_tokens and max_completion_tokens, seed"); });
  EXPECT_EQ(ask(stubborn).outcome, Outcome::kFailed);
  EXPECT_LE(stubborn.requests().size(), 4U);  // nothing is left out twice
}

TEST_F(ServerClientTest, TheKeyIsStruckOutWhereAServerRepeatsIt) {
  LoopbackServer server([](const Seen& seen, int number) {
    const std::string said = seen.headers.at("authorization");
    return number == 1 ? error_answer(401, "wrong key " + said) : chat_answer("you sent " + said);
  });
  EXPECT_EQ(ask(server).error, "status 401: wrong key Bearer [key]");
  EXPECT_EQ(ask(server).text, "you sent Bearer [key]");
}

TEST_F(ServerClientTest, TheKeyIsStruckOutBeforeAnythingIsCut) {
  for (int blanks = 0; blanks < 420; blanks += 7) {
    LoopbackServer server([&](const Seen&, int number) {
      const std::string text = std::string(static_cast<std::size_t>(blanks), 'x') + kKey;
      if (number == 1) return Play{.status = 401, .body = text};
      return error_answer(401, text);
    });
    for (int i = 0; i < 2; ++i) {
      const Reply reply = ask(server);
      EXPECT_EQ(reply.error.find("sk-test"), std::string::npos) << reply.error;
    }
  }
}

TEST_F(ServerClientTest, WhatWasWorkedForCountsAsPerhapsCharged) {
  LoopbackServer server([](const Seen&, int number) {
    switch (number) {
      case 1: return chat_answer("", "stop", nullptr);                       // nothing in it
      case 2: return Play{.body = R"({"error":{"message":"overloaded"}})"};  // "200", but an error
      case 3: return chat_answer("", "stop", {{"prompt_tokens", 9}, {"completion_tokens", 8}});  // as told
      case 4: return error_answer(504, "the gateway waited no longer");
      default: return chat_answer("x");
    }
  });
  EXPECT_EQ(ask(server).lost, 1);
  EXPECT_EQ(ask(server).lost, 1);
  const Reply empty = ask(server);
  EXPECT_EQ(empty.lost, 0);
  EXPECT_EQ(empty.usage.output, 8);
  EXPECT_TRUE(is_paid(empty));
  const Reply after_gateway = ask(server);
  EXPECT_EQ(after_gateway.outcome, Outcome::kAnswered);
  EXPECT_EQ(after_gateway.lost, 1);
}

TEST_F(ServerClientTest, ErrorsWithoutAWrappingAreUnderstood) {
  LoopbackServer server([](const Seen& seen, int) {
    if (seen.json().contains("temperature"))
      return Play{
          .status = 400,
          .body =
              R"({"object":"error","message":"temperature is not supported","param":"temperature","code":400})"};
    return chat_answer("x");
  });
  const Reply reply = ask(server, 5, {.model = "small", .temperature = 0.5});
  EXPECT_EQ(reply.outcome, Outcome::kAnswered) << reply.error;
  EXPECT_EQ(reply.left_out, std::vector<std::string>{"temperature"});
}

TEST_F(ServerClientTest, WaitingEndsWhenAskedToStop) {
  LoopbackServer server([](const Seen&, int number) {
    return number == 1 ? Play{.seconds = 10} : error_answer(503, "x", "", "", {"retry-after: 5"});
  });
  for (int i = 0; i < 2; ++i) {
    const auto start = Clock::now();
    ServerOptions stopping = options(server, 30);
    stopping.stop = [&] { return Clock::now() - start > std::chrono::milliseconds(200); };
    EXPECT_EQ(ServerClient(stopping, openai_format({.model = "x"})).ask("q").outcome, Outcome::kStopped);
    EXPECT_LT(Clock::now() - start, std::chrono::seconds(4));
  }
}

TEST_F(ServerClientTest, ProxiesAreHonoured) {
  LoopbackServer proxy([](const Seen&, int) { return chat_answer("by the proxy"); });
  setenv("http_proxy", proxy.url("").c_str(), 1);
  const Reply reply = ServerClient({.name = "m", .url = "http://model.invalid/v1", .seconds = 3},
                                   openai_format({.model = "x"}))
                          .ask("q");
  unsetenv("http_proxy");
  EXPECT_EQ(reply.text, "by the proxy") << reply.error;
  EXPECT_EQ(proxy.requests().at(0).path, "http://model.invalid/v1/chat/completions");
}

TEST_F(ServerClientTest, PlainTextBehindHttpsIsNotAccepted) {
  LoopbackServer server([](const Seen&, int) { return chat_answer("x"); });
  std::string url = server.url();
  url.replace(0, 4, "https");
  const Reply reply =
      ServerClient({.name = "m", .url = url, .seconds = 1}, openai_format({.model = "x"})).ask("q");
  EXPECT_NE(reply.outcome, Outcome::kAnswered);
}

}  // namespace
}  // namespace llm_mutators
