#include "live/discovery/discovery.hpp"

#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <string>

#include "live/discovery/cancel_check.hpp"
#include "tests/support/played_upstream.hpp"

namespace live {
namespace {

using genome::base::Fault;
using testing::AllOf;
using testing::ElementsAre;
using testing::HasSubstr;
using testing::Not;
using tests::Play;
using tests::PlayedUpstream;
using tests::Traits;

Capabilities found(const PlayedUpstream& upstream, const std::string& model = "",
                   const std::string& key = "") {
  return discover({.url = upstream.url(), .key = key}, model);
}

std::vector<std::string> missed(const Capabilities& can) {
  std::vector<std::string> all;
  for (const Advice& each : missing(can)) {
    all.push_back(each.what);
    EXPECT_FALSE(each.remedy.empty()) << each.what;
  }
  return all;
}

TEST(Discovery, AServerWithIdsIsExact) {
  const PlayedUpstream upstream(tests::vllm_like());
  const Capabilities can = found(upstream);
  EXPECT_EQ(grade_of(can), Grade::kExact);
  EXPECT_EQ(can.model, "small");
  EXPECT_EQ(can.server, "small-1");
  EXPECT_EQ(can.context, 1000);
  EXPECT_TRUE(can.ids_in && can.ids_out && can.tokenizer && can.detokenizer && can.chat);
  EXPECT_EQ(can.rendering, Rendering::kIds);
  EXPECT_TRUE(can.own_beginning) << "a prompt of text gets one";
  EXPECT_TRUE(can.beginning_may_be_left_out);
  EXPECT_EQ(can.beginning, 256);
  EXPECT_EQ(can.beginning_text, "<s>");
  EXPECT_EQ(can.top_logprobs, 20);
  EXPECT_EQ(can.continuation, Continuation::kFinalFlag);
  EXPECT_EQ(can.limit, "max_tokens");
  EXPECT_EQ(can.n, Seen::kYes);
  EXPECT_EQ(can.cancel, Seen::kYes);
  EXPECT_TRUE(can.streams && can.stream_usage);
  EXPECT_EQ(can.tokens_in_largest_event, 1U);
  EXPECT_TRUE(missed(can).empty()) << testing::PrintToString(missed(can));
  EXPECT_GT(can.requests, 10);
  EXPECT_GT(can.tokens_in, 0);
}

TEST(Discovery, IdsBesideLogProbabilitiesAreIds) {
  const PlayedUpstream upstream(tests::llama_like());
  const Capabilities can = found(upstream);
  EXPECT_EQ(grade_of(can), Grade::kExact);
  EXPECT_EQ(can.rendering, Rendering::kText);
  EXPECT_EQ(can.continuation, Continuation::kLastMessage);
  EXPECT_EQ(can.thought_field, "reasoning_content");
  EXPECT_EQ(can.cancel, Seen::kUnknown) << "there are no counters";
}

TEST(Discovery, AServiceOfChatsGivesWholeSamples) {
  const PlayedUpstream upstream(tests::hosted_like());
  const Capabilities can = found(upstream, "large", "sk-test-0123456789");
  EXPECT_EQ(grade_of(can), Grade::kWholeSamples);
  EXPECT_EQ(can.limit, "max_completion_tokens");
  EXPECT_EQ(can.thought_field, "reasoning");
  EXPECT_EQ(can.n, Seen::kIgnored);
  EXPECT_GT(can.comments, 0);
  EXPECT_THAT(can.chat_left_out, ElementsAre("logprobs", "return_token_ids", "temperature"));
  EXPECT_THAT(missed(can), testing::Contains("temperature is refused"));
  EXPECT_THAT(missed(can), testing::Contains(HasSubstr("no completions of a prompt")));
  EXPECT_THAT(missed(can), testing::Contains(HasSubstr("no message of the assistant is continued")));
}

TEST(Discovery, APlainServerContinuesText) {
  const PlayedUpstream upstream(tests::plain_like());
  const Capabilities can = found(upstream);
  EXPECT_EQ(grade_of(can), Grade::kText);
  EXPECT_FALSE(can.logprobs);
  EXPECT_THAT(missed(can), testing::Contains(HasSubstr("no tokenizer")));
  EXPECT_THAT(missed(can), testing::Contains(HasSubstr("no log-probabilities")));
}

TEST(Discovery, ContinuationIsSeenByTheTokensOfThePrompt) {
  const std::map<std::string, Continuation> ways = {{"last", Continuation::kLastMessage},
                                                    {"continue_final_message", Continuation::kFinalFlag},
                                                    {"prefix", Continuation::kPrefix},
                                                    {"partial", Continuation::kPartial},
                                                    {"", Continuation::kNone}};
  for (const auto& [name, way] : ways) {
    Traits traits = tests::hosted_like();
    traits.thought_field = traits.key = "";
    traits.continued_by = name.empty() ? "nothing" : name;
    const PlayedUpstream upstream(traits);
    const Capabilities can = found(upstream, "small");
    EXPECT_EQ(can.continuation, way) << name;
    EXPECT_EQ(grade_of(can), name.empty() ? Grade::kWholeSamples : Grade::kText) << name;
  }
}

TEST(Discovery, AThoughtThatComesApartIsNotContinuedByMessages) {
  Traits traits = tests::hosted_like();
  traits.key = "";
  traits.continued_by = "prefix";
  const PlayedUpstream upstream(traits);
  const Capabilities can = found(upstream, "small");
  EXPECT_EQ(can.continuation, Continuation::kPrefix);
  EXPECT_EQ(grade_of(can), Grade::kWholeSamples);
  EXPECT_THAT(missed(can), testing::Contains(HasSubstr("thoughts come apart, in \"reasoning\"")));
}

TEST(Discovery, ARefusedPrefillIsToldInTheServersWords) {
  Traits traits = tests::hosted_like();
  traits.thought_field = traits.key = "";
  traits.continued_by = "refused";
  const PlayedUpstream upstream(traits);
  const Capabilities can = found(upstream, "small");
  EXPECT_EQ(grade_of(can), Grade::kWholeSamples);
  EXPECT_THAT(missed(can), testing::Contains(HasSubstr("prefill is incompatible with enable_thinking")));
}

TEST(Discovery, RefusedParametersAreLeftOutOrLowered) {
  Traits traits = tests::vllm_like();
  traits.most_candidates = 5;
  traits.refused = {"return_token_ids"};
  const PlayedUpstream upstream(traits);
  const Capabilities can = found(upstream);
  EXPECT_EQ(can.top_logprobs, 5);
  EXPECT_FALSE(can.ids_out);
  EXPECT_THAT(can.left_out, ElementsAre("return_token_ids"));
  EXPECT_EQ(grade_of(can), Grade::kText);
}

TEST(Discovery, TokensAreCountedInEventsOfSeveral) {
  Traits traits = tests::vllm_like();
  traits.tokens_per_event = 3;
  const PlayedUpstream upstream(traits);
  EXPECT_EQ(found(upstream).tokens_in_largest_event, 3U);
}

TEST(Discovery, TheAddressMayLackItsEnding) {
  const PlayedUpstream upstream;
  const std::string root = upstream.server().url("");
  for (const std::string& url : {root, root + "/", root + "/v1/"})
    EXPECT_EQ(discover({.url = url}, "").base, root + "/v1") << url;
}

// The message of the error, with whose fault it is.
std::string failure(const Server& server, const std::string& model, Fault fault) {
  try {
    discover(server, model);
  } catch (const UpstreamError& error) {
    EXPECT_EQ(error.fault(), fault) << error.what();
    EXPECT_THAT(error.what(), Not(HasSubstr("\n")));
    return error.what();
  }
  ADD_FAILURE() << "something was found";
  return "";
}

TEST(Discovery, FailuresAreOneLineThatSaysWhatToDo) {
  EXPECT_THAT(failure({.url = "http://127.0.0.1:9/v1"}, "", Fault::kSystem),
              AllOf(HasSubstr("http://127.0.0.1:9/v1 is not reached"), HasSubstr("onnect")));
  PlayedUpstream page;
  page.instead([](const tests::Seen&, int) {
    return std::optional(Play{.status = 404, .body = "<!doctype html><html></html>", .type = "text/html"});
  });
  EXPECT_THAT(failure({.url = page.url()}, "", Fault::kInput), HasSubstr("a page for people (status 404)"));
  PlayedUpstream good_page;
  good_page.instead([](const tests::Seen&, int) {
    return std::optional(Play{.body = "<html></html>", .type = "text/html"});
  });
  EXPECT_THAT(failure({.url = good_page.url()}, "", Fault::kInput),
              HasSubstr("a page for people (status 200)"));
  PlayedUpstream talk;
  talk.instead([](const tests::Seen&, int) { return std::optional(Play{.body = "hello"}); });
  EXPECT_THAT(failure({.url = talk.url()}, "", Fault::kInput), HasSubstr("the answer begins with \"hello\""));
}

TEST(Discovery, AKeyThatIsWantedOrRefusedIsSaid) {
  const PlayedUpstream hosted(tests::hosted_like());
  EXPECT_THAT(failure({.url = hosted.url()}, "large", Fault::kInput),
              AllOf(HasSubstr("wants a key (status 401: no key)"), HasSubstr("--key-variable")));
  PlayedUpstream refusing;
  refusing.instead([](const tests::Seen& seen, int) {
    return std::optional(tests::error_answer(403, "you are not " + seen.headers.at("authorization")));
  });
  const std::string said =
      failure({.url = refusing.url(), .key = "sk-secret-1", .key_variable = "MY_KEY"}, "", Fault::kInput);
  EXPECT_THAT(said, AllOf(HasSubstr("refuses the key that MY_KEY holds"), Not(HasSubstr("sk-secret-1"))));
}

TEST(Discovery, ModelsAreNamed) {
  const PlayedUpstream upstream(tests::hosted_like());
  const Server server{.url = upstream.url(), .key = "sk-test-0123456789"};
  EXPECT_THAT(failure(server, "", Fault::kInput), HasSubstr("several models; --model names the one to ask: "
                                                            "large, small"));
  EXPECT_THAT(failure(server, "tiny", Fault::kInput),
              HasSubstr("has no model \"tiny\"; it has large, small"));
}

TEST(Discovery, PassingFailuresPass) {
  PlayedUpstream upstream;
  upstream.instead([](const tests::Seen&, int number) -> std::optional<Play> {
    if (number == 1) return tests::error_answer(503, "loading the model", "", "", {"retry-after-ms: 10"});
    if (number == 3) return tests::error_answer(429, "slowly", "", "", {"retry-after: 0"});
    return std::nullopt;
  });
  EXPECT_EQ(grade_of(found(upstream)), Grade::kExact);
}

TEST(Discovery, AServerThatCompletesNothingIsSaid) {
  Traits traits = tests::plain_like();
  traits.completions = traits.chat = false;
  const PlayedUpstream upstream(traits);
  EXPECT_THAT(failure({.url = upstream.url()}, "", Fault::kInput), HasSubstr("status 404"));
}

TEST(Counters, AreReadByTheirNamesAndMarks) {
  EXPECT_THAT(counters_in("# TYPE a gauge\na_running{model=\"x y\"} 2.0\nb 1e3\nbad x\n\nlone\n"),
              ElementsAre(testing::Pair("a_running{model=\"x y\"}", 2), testing::Pair("b", 1000)));
}

}  // namespace
}  // namespace live
