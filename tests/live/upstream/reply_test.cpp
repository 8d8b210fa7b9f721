#include "live/upstream/reply.hpp"

#include <cmath>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
using testing::IsEmpty;

Reply read(const std::vector<std::string>& texts) {
  ReplyReader reader;
  for (const std::string& text : texts) reader.read(nlohmann::json::parse(text));
  return reader.take();
}

TEST(Reply, IdsAreFoundWhereServersPutThem) {
  for (const char* form : {
           R"({"choices": [{"text": "ab", "token_ids": [7, 8]}]})",
           R"({"choices": [{"text": "ab", "tokens": [7, 8]}]})",
           R"({"choices": [{"text": "ab", "logprobs": {"content": [{"token": "a", "id": 7, "logprob": -1},
                                                                   {"token": "b", "id": 8, "logprob": -2}]}}]})",
           R"({"choices": [{"text": "ab", "logprobs": {"tokens": ["a", "b"], "token_ids": [7, 8]}}]})",
           R"({"choices": [{"text": "ab", "logprobs": {"tokens": ["token_id:7", "token_id:8"]}}]})",
           R"({"choices": [{"text": "ab", "token_ids": [7, 8], "logprobs": {"content": [
                {"token": "a", "id": 9, "logprob": -1}, {"token": "b", "id": 9, "logprob": -2}]}}]})",
       }) {
    const Reply reply = read({form});
    EXPECT_THAT(reply.ids, ElementsAre(7, 8)) << form;
    EXPECT_EQ(reply.text, "ab") << form;
    EXPECT_EQ(reply.fault, "") << form;
  }
}

TEST(Reply, EventsAddUp) {
  const Reply reply = read({
      R"({"model": "m", "system_fingerprint": "b1", "prompt_token_ids": [1], "choices": [{"index": 0, "delta":
          {"reasoning": "th"}, "token_ids": [1, 2]}]})",
      R"({"choices": [{"index": 0, "delta": {"reasoning": "ink"}, "token_ids": [3]}]})",
      R"({"choices": [{"index": 1, "delta": {"content": "another's"}, "token_ids": [9]}]})",
      R"({"choices": [{"index": 0, "delta": {"content": "4"}, "token_ids": [4], "finish_reason": "stop"}]})",
      R"({"choices": [], "usage": {"prompt_tokens": 1, "completion_tokens": 5}})",
  });
  EXPECT_EQ(reply.thought, "think");
  EXPECT_EQ(reply.thought_field, "reasoning");
  EXPECT_EQ(reply.text, "4");
  EXPECT_THAT(reply.ids, ElementsAre(1, 2, 3, 4));
  EXPECT_THAT(reply.prompt_ids, ElementsAre(1));
  EXPECT_EQ(reply.finish, "stop");
  EXPECT_EQ(reply.server, "m b1");
  EXPECT_EQ(reply.choices, 2U);
  EXPECT_EQ(reply.tokens_in_largest_event, 2U);
  EXPECT_EQ(reply.usage.output, 5);
}

TEST(Reply, AThoughtUnderTwoNamesIsOne) {
  const Reply reply =
      read({R"({"choices": [{"message": {"reasoning": "t", "reasoning_content": "t", "content": null}}]})"});
  EXPECT_EQ(reply.thought, "t");
}

TEST(Reply, CandidatesComeInEitherForm) {
  for (const char* form :
       {R"({"choices": [{"text": "a", "logprobs": {"tokens": ["a"], "token_logprobs": [-0.5],
            "top_logprobs": [{"b": -2.5, "a": -0.5}]}}]})",
        R"({"choices": [{"message": {"content": "a"}, "logprobs": {"content": [{"token": "a", "logprob": -0.5,
            "top_logprobs": [{"token": "b", "logprob": -2.5}, {"token": "a", "logprob": -0.5}]}]}}]})"}) {
    const Reply reply = read({form});
    EXPECT_THAT(reply.logprobs, ElementsAre(-0.5F));
    ASSERT_EQ(reply.top.size(), 1U);
    EXPECT_THAT(reply.top[0], ElementsAre(-0.5F, -2.5F));
    EXPECT_THAT(reply.ids, IsEmpty());
  }
}

TEST(Reply, AnythingElseIsTaken) {
  for (const char* odd :
       {"[]", "1", "{}", R"({"choices": 3})", R"({"choices": [4, null, {"index": -1}]})",
        R"({"choices": [{"text": 5, "token_ids": {}, "logprobs": [], "message": "x"}]})",
        R"({"choices": [{"logprobs": {"content": [1, null], "tokens": 3}}], "usage": []})"}) {
    EXPECT_EQ(read({odd}).text, "") << odd;
  }
  EXPECT_TRUE(std::isnan(
      read({R"({"choices": [{"logprobs": {"tokens": ["a"], "token_logprobs": [null]}}]})"}).logprobs.at(0)));
  EXPECT_THAT(read({R"({"choices": [{"token_ids": [1, 99999999999]}]})"}).fault, HasSubstr("99999999999"));
  EXPECT_EQ(read({R"({"error": {"message": "no"}})"}).error->message, "no");
}

TEST(Reply, TokenizersGiveIdsAloneOrWithPieces) {
  using nlohmann::json;
  EXPECT_THAT(tokenizer_ids(json::parse(R"({"tokens": [1, 2]})")), ElementsAre(1, 2));
  EXPECT_THAT(tokenizer_ids(json::parse(R"({"tokens": [{"id": 1, "piece": "a"}]})")), ElementsAre(1));
  for (const char* none : {"[]", "{}", R"({"tokens": 3})", R"({"tokens": ["a"]})", R"({"tokens": [1, -2]})"})
    EXPECT_THAT(tokenizer_ids(json::parse(none)), IsEmpty()) << none;
}

}  // namespace
}  // namespace live
