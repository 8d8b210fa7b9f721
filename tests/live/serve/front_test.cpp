#include "live/serve/front.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/live/serve/front_scene.hpp"
#include "tests/support/http_caller.hpp"
#include "tests/support/played_upstream.hpp"

namespace live {
namespace {

using testing::HasSubstr;
using testing::Not;
using tests::call;
using tests::Client;
using tests::Heard;
using tests::Json;
using tests::Play;
using tests::Seen;

TEST(Front, AnswersAChat) {
  const Scene scene(kReads);
  const Heard heard = scene.chat(asking(R"("temperature": 0)"));
  ASSERT_EQ(heard.status, 200) << heard.body;
  const Json json = heard.json();
  EXPECT_EQ(json["choices"][0]["message"]["content"], "41");
  EXPECT_EQ(json["choices"][0]["message"]["reasoning_content"], "12+34=46;46-5=41;");
  EXPECT_EQ(json["choices"][0]["finish_reason"], "stop");
  EXPECT_EQ(json["usage"]["completion_tokens"], 3 * 21);
  EXPECT_EQ(json["evotts"]["answer"], "41");
  EXPECT_EQ(json["evotts"]["votes"][0]["finished"], 3);
  EXPECT_EQ(json["evotts"]["ignored"], Json::array({"temperature"}));
  EXPECT_TRUE(scene.shows("evotts_episodes_total{end=\"answered\"} 1"));
  EXPECT_TRUE(scene.shows("evotts_tokens_total{purpose=\"branches\"} 63"));
}

TEST(Front, ADeadlineBeforeTheQuestionIsTakenIsTold) {
  Scene scene(kSteps, {.seconds = 0.2});
  scene.hang("/tokenize");
  const Heard heard = scene.chat(asking());
  EXPECT_EQ(heard.status, 504) << heard.body;
  EXPECT_THAT(heard.body, HasSubstr("the deadline has passed before the upstream took the question"));
  EXPECT_TRUE(scene.shows("evotts_episodes_running 0"));
}

TEST(Front, AClientThatLeavesBeforeTheQuestionIsTakenGivesItsPlaceToOthers) {
  Scene scene(kReads, {.episodes = 1});
  scene.hang("/tokenize");
  Client client(scene.port());
  client.say(tests::post("/v1/chat/completions", asking(), kType));
  EXPECT_TRUE(scene.shows("evotts_episodes_running 1"));
  client.leave();
  EXPECT_TRUE(scene.shows("evotts_episodes_running 0"));
  EXPECT_TRUE(scene.shows("evotts_episodes_total{end=\"cancelled\"} 1"));
  EXPECT_TRUE(scene.shows("evotts_upstream_requests_running 0"));
  EXPECT_TRUE(soon([&] { return scene.played.server().left() == 1; }));
}

TEST(Front, StreamsProgressAndThenTheAnswer) {
  const Scene scene(kSteps);
  const Heard heard = scene.chat(asking(R"("stream": true, "stream_options": {"include_usage": true})"));
  EXPECT_EQ(heard.status, 200);
  EXPECT_THAT(heard.head, HasSubstr("text/event-stream"));
  EXPECT_THAT(heard.body, HasSubstr(": evotts rounds "));
  const std::size_t thought = heard.body.find(R"("reasoning_content":"12+34=46;46-5=41;")"),
                    content = heard.body.find(R"("content":"41")"), own = heard.body.find(R"("evotts":)"),
                    usage = heard.body.find(R"("completion_tokens":)"), done = heard.body.find("[DONE]");
  EXPECT_TRUE(thought < content && content < own && own < usage && usage < done && done != heard.body.npos)
      << heard.body;
}

TEST(Front, TakesBetaBudgetAndCeiling) {
  const Scene scene(kSteps, {.beta = 0.25});
  EXPECT_EQ(scene.chat(asking()).json()["evotts"]["beta"], 0.25);
  EXPECT_EQ(scene.chat(asking("", "small@0.8")).json()["evotts"]["beta"], 0.8);
  EXPECT_EQ(scene.chat(asking(R"("evotts": {"beta": 1})")).json()["evotts"]["beta"], 1);
  const Json within = scene.chat(asking(R"("evotts": {"budget": 40})")).json();
  EXPECT_LE(within["evotts"]["spent"], 40);
  EXPECT_GT(within["evotts"]["spent"], 0);
  for (const int ceiling : {1, 10, 40}) {
    const Json json = scene.chat(asking(fmt::format(R"("max_completion_tokens": {})", ceiling))).json();
    EXPECT_LE(json["usage"]["completion_tokens"], ceiling) << json;
    EXPECT_EQ(json["evotts"]["stopped"], "ceiling") << json;
  }
  EXPECT_EQ(scene.chat(asking(R"("max_tokens": 1)")).json()["choices"][0]["finish_reason"], "length");
}

TEST(Front, ACeilingThatCutsAllWholeRepliesIsNoFailure) {
  tests::Traits traits = tests::hosted_like();
  traits.models = {"small"};
  traits.key = "";
  traits.refused = {};
  const Scene scene(kReads, {}, traits);
  for (const int ceiling : {1, 5, 20}) {
    const Heard heard = scene.chat(asking(fmt::format(R"("max_completion_tokens": {})", ceiling)));
    ASSERT_EQ(heard.status, 200) << heard.body;
    EXPECT_LE(heard.json()["usage"]["completion_tokens"], ceiling);
    EXPECT_EQ(heard.json()["choices"][0]["finish_reason"], "length") << heard.body;
    EXPECT_EQ(heard.json()["evotts"]["stopped"], "ceiling");
  }
}

TEST(Front, TellsWhatItServes) {
  const Scene scene(kReads);
  const Json models = call(scene.port(), "GET", "/v1/models").json();
  ASSERT_EQ(models["data"].size(), 1U);
  EXPECT_EQ(models["data"][0]["id"], "small");
  EXPECT_EQ(call(scene.port(), "GET", "/health?x=1").json()["status"], "ok");
}

TEST(Front, RefusesWhatItDoesNotKnow) {
  const Scene scene(kReads);
  EXPECT_EQ(call(scene.port(), "GET", "/v1/files").status, 404);
  EXPECT_EQ(call(scene.port(), "GET", "/v1/chat/completions").status, 405);
  EXPECT_EQ(call(scene.port(), "POST", "/v1/models").status, 405);
  EXPECT_EQ(scene.chat(asking(), "").status, 415);
  EXPECT_EQ(scene.chat("{").status, 400);
  const Heard two = scene.chat(asking(R"("n": 2)"));
  EXPECT_EQ(two.status, 400);
  EXPECT_EQ(two.json()["error"]["param"], "n");
  EXPECT_EQ(two.json()["error"]["type"], "invalid_request_error");
  Client client(scene.port());
  client.say("GET /v1/models HTTP/1.1\r\nHost: evil.example\r\nConnection: close\r\n\r\n");
  EXPECT_EQ(tests::heard_of(client.hear("")).status, 403);
  EXPECT_TRUE(scene.shows("evotts_refused_total{status=\"405\"} 2"));
}

TEST(Front, AsksForItsKey) {
  const Scene scene(kReads, {.key = "clients-key-1"});
  const std::string key = "Authorization: Bearer clients-key-1\r\n";
  for (const char* wrong :
       {"", "Authorization: Bearer clients-key-2\r\n", "Authorization: Bearer clients-key\r\n",
        "Authorization: Bearer \r\n", "Authorization: clients-key-1\r\n"}) {
    const Heard heard = scene.chat(asking(), kType + wrong);
    EXPECT_EQ(heard.status, 401) << wrong;
    EXPECT_THAT(heard.head, HasSubstr("www-authenticate: Bearer"));
    EXPECT_EQ(call(scene.port(), "GET", "/metrics", "", wrong).status, 401);
  }
  EXPECT_EQ(call(scene.port(), "GET", "/health").status, 200);
  EXPECT_EQ(scene.chat(asking(), kType + key).status, 200);
}

TEST(Front, NamesTheFailureOfItsUpstream) {
  for (const char* stream : {"false", "true"}) {
    Scene scene(kReads);
    scene.played.instead([](const Seen& seen, int) -> std::optional<Play> {
      if (seen.path != "/v1/completions") return std::nullopt;
      return tests::error_answer(400, "it is \x1b[31mbroken");
    });
    const Heard heard = scene.chat(asking(fmt::format(R"("stream": {})", stream)));
    EXPECT_THAT(heard.body, HasSubstr("broken"));
    EXPECT_THAT(heard.body, Not(HasSubstr("127.0.0.1"))) << "that is for the log";
    EXPECT_THAT(scene.failure(), HasSubstr("127.0.0.1"));
    EXPECT_THAT(heard.body, HasSubstr(R"("type":"upstream_error")"));
    EXPECT_EQ(heard.body.find('\x1b'), heard.body.npos);
    if (std::string(stream) == "false") {
      EXPECT_EQ(heard.status, 502);
    }
    EXPECT_TRUE(scene.shows("evotts_episodes_total{end=\"failed\"} 1"));
  }
}

TEST(Front, LetsSomeWaitAndRefusesTheRest) {
  Scene scene(kReads, {.episodes = 1, .queue = 1});
  scene.hang();
  Client running(scene.port()), waiting(scene.port());
  running.say(tests::post("/v1/chat/completions", asking(), kType));
  ASSERT_TRUE(scene.shows("evotts_episodes_running 1"));
  waiting.say(tests::post("/v1/chat/completions", asking(), kType));
  ASSERT_TRUE(scene.shows("evotts_episodes_waiting 1"));
  const Heard refused = scene.chat(asking());
  EXPECT_EQ(refused.status, 429);
  EXPECT_THAT(refused.head, HasSubstr("retry-after: "));
  EXPECT_EQ(refused.json()["error"]["code"], "queue_full");
  scene.played.instead(nullptr);
  running.leave();
  EXPECT_THAT(waiting.hear("evotts", 20'000), HasSubstr("200 OK"));
}

TEST(Front, CancelsForAClientThatLeaves) {
  for (const char* stream : {"false", "true"}) {
    Scene scene(kSteps, {.episodes = 1, .queue = 5});
    scene.hang();
    Client running(scene.port()), waiting(scene.port());
    running.say(tests::post("/v1/chat/completions", asking(fmt::format(R"("stream": {})", stream)), kType));
    ASSERT_TRUE(scene.shows("evotts_upstream_requests_running 4"));
    waiting.say(tests::post("/v1/chat/completions", asking(), kType));
    ASSERT_TRUE(scene.shows("evotts_episodes_waiting 1"));
    const int before = scene.played.server().left();
    waiting.leave();
    EXPECT_TRUE(scene.shows("evotts_episodes_waiting 0"));
    EXPECT_EQ(scene.played.server().left(), before);
    running.leave();
    EXPECT_TRUE(soon([&] { return scene.played.server().left() == before + 4; }));
    EXPECT_TRUE(scene.shows("evotts_episodes_running 0"));
    EXPECT_TRUE(scene.shows("evotts_upstream_requests_running 0"));
  }
}

TEST(Front, TellsTheRestThatItEnds) {
  Scene scene(kReads, {.episodes = 1, .queue = 1});
  scene.hang();
  Client running(scene.port()), waiting(scene.port());
  running.say(tests::post("/v1/chat/completions", asking(R"("stream": true)"), kType));
  ASSERT_TRUE(scene.shows("evotts_episodes_running 1"));
  waiting.say(tests::post("/v1/chat/completions", asking(), kType));
  ASSERT_TRUE(scene.shows("evotts_episodes_waiting 1"));
  scene.stop();
  EXPECT_THAT(waiting.hear("ending"), HasSubstr("503"));
  EXPECT_THAT(running.hear("ending"), HasSubstr("server_error"));
  EXPECT_EQ(scene.chat(asking()).status, 503);
}

TEST(Front, KeepsAStreamAliveThatWaits) {
  Scene scene(kReads, {.episodes = 1, .queue = 1, .heartbeat = 0.05});
  scene.hang();
  Client running(scene.port()), waiting(scene.port());
  running.say(tests::post("/v1/chat/completions", asking(), kType));
  ASSERT_TRUE(scene.shows("evotts_episodes_running 1"));
  waiting.say(tests::post("/v1/chat/completions", asking(R"("stream": true)"), kType));
  EXPECT_THAT(waiting.hear(": evotts waiting"), HasSubstr("text/event-stream"));
  scene.stop();
  EXPECT_THAT(waiting.hear("ending"), HasSubstr("server_error")) << "its head has been sent";
}

TEST(Front, KeepsAStreamAliveThatHasNothingToTell) {
  Scene scene(kReads, {.heartbeat = 0.05});
  scene.hang();
  Client client(scene.port());
  client.say(tests::post("/v1/chat/completions", asking(R"("stream": true)"), kType));
  std::string heard;
  for (int i = 0; i < 3; ++i) heard += client.hear(": evotts rounds 0");
  EXPECT_THAT(heard, HasSubstr("text/event-stream"));
  EXPECT_FALSE(client.closed());
}

}  // namespace
}  // namespace live
