#include "live/serve/chat_reply.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>

#include "live/serve/counters.hpp"

namespace live {
namespace {

using From = EpisodeOutcome::Text;
using testing::HasSubstr;
using Json = nlohmann::json;

EpisodeOutcome outcome_of(const std::string& text, std::size_t thought, From from = From::kBranch) {
  EpisodeOutcome outcome;
  outcome.answer = "42";
  outcome.from = from;
  outcome.text = text;
  outcome.thought_bytes = thought;
  outcome.votes = {{"42", 2, 1}};
  outcome.session = {.spent = 70, .opened = 3, .finished = 2, .pruned = 1, .rounds = 4};
  outcome.tokens = {.branches = 60, .looks = 5, .finishing = 4, .lost = 3, .prompt = 900, .cached = 800};
  return outcome;
}

const std::string kThinks = "<think>\nsix times\nseven\n</think>";

ChatTold told() {
  return {.id = "chatcmpl-1", .model = "large@0.5", .created = 17, .beta = 0.5, .end_of_thought = "</think>"};
}

TEST(ChatReply, TellsThoughtAndContentApart) {
  const EpisodeOutcome outcome = outcome_of(kThinks + "\n\nIt is 42.\n", kThinks.size());
  const Json json = Json::parse(completion_text(told(), outcome));
  const Json& choice = json["choices"][0];
  EXPECT_EQ(choice["message"]["content"], "It is 42.");
  EXPECT_EQ(choice["message"]["reasoning_content"], "six times\nseven");
  EXPECT_EQ(choice["finish_reason"], "stop");
  EXPECT_EQ(json["object"], "chat.completion");
  EXPECT_EQ(json["model"], "large@0.5");
  EXPECT_EQ(json["usage"]["prompt_tokens"], 900);
  EXPECT_EQ(json["usage"]["completion_tokens"], 72);
  EXPECT_EQ(json["usage"]["total_tokens"], 972);
  EXPECT_EQ(json["usage"]["prompt_tokens_details"]["cached_tokens"], 800);
  const Json& own = json["evotts"];
  EXPECT_EQ(own["answer"], "42");
  EXPECT_EQ(own["votes"], Json::parse(R"([{"answer": "42", "finished": 2, "others": 1}])"));
  EXPECT_EQ(own["branches"],
            Json::parse(R"({"opened": 3, "finished": 2, "pruned": 1, "lost": 0, "dropped": 0})"));
  EXPECT_EQ(own["tokens"], Json::parse(R"({"branches": 60, "looks": 5, "finishing": 4, "lost": 3})"));
  EXPECT_EQ(own["rounds"], 4);
  EXPECT_EQ(own["text"], "branch");
  EXPECT_TRUE(own["stopped"].is_null());
}

TEST(ChatReply, IsAllContentWhereThereIsNoThought) {
  const Json json = Json::parse(completion_text(told(), outcome_of(" 42", 0)));
  EXPECT_EQ(json["choices"][0]["message"]["content"], " 42");
  EXPECT_FALSE(json["choices"][0]["message"].contains("reasoning_content"));
}

TEST(ChatReply, GivesTheAnswerAloneWhereTheTextIsNotWhole) {
  EpisodeOutcome outcome = outcome_of(kThinks + "\nIt i", kThinks.size());
  outcome.cut = true;
  EXPECT_EQ(text_of(outcome, "</think>").content, "42");
  EXPECT_EQ(text_of(outcome, "</think>").thought, "six times\nseven");
  outcome = outcome_of("42", 0, From::kAnswer);
  outcome.cut = outcome.ceiling = true;
  const Json json = Json::parse(completion_text(told(), outcome));
  EXPECT_EQ(json["choices"][0]["finish_reason"], "length");
  EXPECT_EQ(json["choices"][0]["message"]["content"], "42");
  EXPECT_EQ(json["evotts"]["stopped"], "ceiling");
  EpisodeOutcome none;
  none.ceiling = true;
  EXPECT_EQ(Json::parse(completion_text(told(), none))["choices"][0]["finish_reason"], "length");
}

TEST(ChatReply, StreamsTheSame) {
  ChatTold with_usage = told();
  with_usage.usage = true;
  const auto events = stream_events(with_usage, outcome_of(kThinks + "\n\nIt is\n42.", kThinks.size()));
  ASSERT_EQ(events.size(), 6U);
  const auto json = [&](std::size_t i) {
    EXPECT_TRUE(events[i].starts_with("data: ") && events[i].ends_with("\n\n"));
    EXPECT_EQ(events[i].find('\n'), events[i].size() - 2);
    return Json::parse(events[i].substr(6));
  };
  EXPECT_EQ(json(0)["choices"][0]["delta"]["role"], "assistant");
  EXPECT_EQ(json(1)["choices"][0]["delta"]["reasoning_content"], "six times\nseven");
  EXPECT_EQ(json(2)["choices"][0]["delta"]["content"], "It is\n42.");
  EXPECT_EQ(json(3)["choices"][0]["finish_reason"], "stop");
  EXPECT_EQ(json(3)["evotts"]["answer"], "42");
  EXPECT_EQ(json(4)["choices"], Json::array());
  EXPECT_EQ(json(4)["usage"]["completion_tokens"], 72);
  EXPECT_EQ(events[5], "data: [DONE]\n\n");
  EXPECT_EQ(stream_events(told(), outcome_of("42", 0)).size(), 4U);
}

TEST(ChatReply, TakesAnyBytes) {
  const Json json = Json::parse(completion_text(told(), outcome_of("\xff\x1b[31m\n42", 0)));
  EXPECT_THAT(json["choices"][0]["message"]["content"].get<std::string>(), HasSubstr("\x1b[31m\n42"));
  const std::string error = error_text({502, "a\nb\x1b\xff", "x"});
  EXPECT_EQ(error.find_first_of("\n\x1b\xff"), error.npos);
  EXPECT_EQ(Json::parse(error)["error"]["param"], "x");
  EXPECT_EQ(Json::parse(error)["error"]["type"], "upstream_error");
  EXPECT_TRUE(Json::parse(error)["error"]["code"].is_null());
}

TEST(ServeCounters, AreToldAsPrometheusReadsThem) {
  ServeCounters counters;
  EpisodeOutcome outcome = outcome_of("42", 0);
  outcome.failed = 2;
  for (const double seconds : {0.0001, 0.004, 0.3, 30.0}) outcome.delays.add(seconds);
  counters.add(outcome, 1.5);
  outcome.how = EpisodeOutcome::How::kFailed;
  counters.add(outcome, 7);
  counters.refused[429] = 3;
  const std::string text = metrics_text(counters, {.running = 4, .waiting = 5, .upstream_at_work = 6});
  for (const char* line :
       {"evotts_episodes_total{end=\"answered\"} 1\n", "evotts_episodes_total{end=\"failed\"} 1\n",
        "# TYPE evotts_episodes_running gauge\nevotts_episodes_running 4\n", "evotts_episodes_waiting 5\n",
        "evotts_tokens_total{purpose=\"looks\"} 10\n", "evotts_prompt_tokens_total 1800\n",
        "evotts_lost_branches_total 4\n", "evotts_answered_seconds_total 1.5\n",
        "# TYPE evotts_statement_delay_seconds histogram\n"
        "evotts_statement_delay_seconds_bucket{le=\"0.0001\"} 2\n",
        "evotts_statement_delay_seconds_bucket{le=\"0.0025\"} 2\n",
        "evotts_statement_delay_seconds_bucket{le=\"0.005\"} 4\n",
        "evotts_statement_delay_seconds_bucket{le=\"1\"} 6\n",
        "evotts_statement_delay_seconds_bucket{le=\"+Inf\"} 8\n", "evotts_statement_delay_seconds_count 8\n",
        "evotts_upstream_requests_running 6\n", "evotts_refused_total{status=\"429\"} 3\n"})
    EXPECT_THAT(text, HasSubstr(line));
}

}  // namespace
}  // namespace live
