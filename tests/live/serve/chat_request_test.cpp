#include "live/serve/chat_request.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

namespace live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

// A request with these members besides.
std::string asking(const std::string& members = "", const std::string& model = "large") {
  return fmt::format(R"({{"model": "{}", "messages": [{{"role": "user", "content": "7*6"}}]{}{}}})", model,
                     members.empty() ? "" : ", ", members);
}

ChatRefusal refused(const std::string& body) {
  try {
    (void)read_chat_request(body, "large");
  } catch (const ChatRefusal& refusal) {
    return refusal;
  }
  ADD_FAILURE() << "was taken: " << body;
  return {0, ""};
}

TEST(ChatRequest, IsReadWithAllThatItNames) {
  const ChatRequest asked =
      read_chat_request(asking(R"("stream": true, "stream_options": {"include_usage": true}, "max_tokens": 5,
                "max_completion_tokens": 900, "seed": -3, "temperature": 0.2, "n": 1, "tools": [],
                "response_format": {"type": "text"}, "stop": null, "user": "me",
                "evotts": {"beta": 1, "budget": 60000})"),
                        "large");
  EXPECT_TRUE(asked.stream && asked.stream_usage);
  EXPECT_EQ(asked.ceiling, 900);
  EXPECT_EQ(asked.seed, static_cast<std::uint64_t>(-3));
  EXPECT_EQ(asked.beta, 1.0);
  EXPECT_EQ(asked.budget, 60000);
  EXPECT_THAT(asked.left_out, ElementsAre("temperature"));
  EXPECT_EQ(read_chat_request(asking(R"("max_tokens": 5)"), "large").ceiling, 5);
}

TEST(ChatRequest, NamesItsBetaBehindTheModel) {
  EXPECT_EQ(read_chat_request(asking("", "large"), "large").beta, std::nullopt);
  EXPECT_EQ(read_chat_request(asking("", "large@0.8"), "large").beta, 0.8);
  EXPECT_EQ(read_chat_request(asking("", "a/b@c@0"), "a/b@c").beta, 0.0);
  EXPECT_EQ(read_chat_request(asking(R"("evotts": {"beta": 0.8})", "large@0.8"), "large").beta, 0.8);
  for (const char* wrong : {"large@", "large@2", "large@-0.1", "large@nan", "large@0.5x"}) {
    EXPECT_EQ(refused(asking("", wrong)).parameter, "model") << wrong;
  }
  EXPECT_EQ(refused(asking(R"("evotts": {"beta": 0.7})", "large@0.8")).parameter, "evotts.beta");
  EXPECT_EQ(refused(asking("", "small")).status, 404);
}

TEST(ChatRequest, IsRefusedByTheNameOfWhatCannotBeDone) {
  const std::vector<std::pair<std::string, std::string>> cases = {
      {R"("n": 2)", "n"},
      {R"("tools": [{"type": "function"}])", "tools"},
      {R"("tool_choice": "required")", "tool_choice"},
      {R"("functions": [{}])", "functions"},
      {R"("response_format": {"type": "json_object"})", "response_format"},
      {R"("logprobs": true)", "logprobs"},
      {R"("top_logprobs": 3)", "top_logprobs"},
      {R"("modalities": ["text", "audio"])", "modalities"},
      {R"("audio": {})", "audio"},
      {R"("stop": ["x"])", "stop"},
      {R"("logit_bias": {"5": 1})", "logit_bias"},
      {R"("presence_penalty": 0.5)", "presence_penalty"},
      {R"("stream": "yes")", "stream"},
      {R"("stream_options": [])", "stream_options"},
      {R"("max_tokens": 0)", "max_tokens"},
      {R"("max_tokens": 1.5)", "max_tokens"},
      {R"("max_completion_tokens": 18446744073709551615)", "max_completion_tokens"},
      {R"("seed": "x")", "seed"},
      {R"("evotts": 3)", "evotts"},
      {R"("evotts": {"bet": 1})", "evotts"},
      {R"("evotts": {"beta": "1"})", "evotts.beta"},
      {R"("evotts": {"beta": 1.01})", "evotts.beta"},
      {R"("evotts": {"budget": -1})", "evotts.budget"},
      {R"("unheard_of": 1)", "unheard_of"},
      {R"("temperature": "hot")", "temperature"},
      {R"("verbosity": 3)", "verbosity"},
  };
  for (const auto& [members, parameter] : cases) {
    const ChatRefusal refusal = refused(asking(members));
    EXPECT_EQ(refusal.status, 400) << members;
    EXPECT_EQ(refusal.parameter, parameter) << members;
    EXPECT_THAT(refusal.message, HasSubstr(parameter));
  }
}

TEST(ChatRequest, IsRefusedForMessagesThatAreNone) {
  for (const char* messages :
       {"3", "[]", "[3]", R"([{"role": "user"}])", R"([{"role": "tool", "content": "x"}])",
        R"([{"role": "user", "content": 3}])", R"([{"role": "assistant", "content": "x"}])",
        R"([{"role": "user", "content": [{"type": "image_url", "image_url": {"url": "data:"}}]}])",
        R"([{"role": "user", "content": [{"type": "text"}]}])",
        R"([{"role": "user", "content": "x", "name": "ann"}])",
        R"([{"role": "user", "content": "x", "weight": 1}])",
        R"([{"role": "assistant", "content": "x", "tool_calls": [{}]}, {"role": "user", "content": "x"}])"}) {
    EXPECT_EQ(refused(fmt::format(R"({{"model": "large", "messages": {}}})", messages)).parameter, "messages")
        << messages;
  }
  EXPECT_EQ(refused(R"({"model": "large"})").parameter, "messages");
  for (const std::string& none : {std::string(), std::string("{"), std::string("[]"), std::string("\xff\xfe"),
                                  std::string(100'000, '[')})
    EXPECT_EQ(refused(none).code, "invalid_json");
}

TEST(ChatRequest, BecomesTheQuestionWithAllBeforeIt) {
  const ReadingTask task({.task = "number", .prompt = "Reckon: {question}"});
  const std::string body = R"({"model": "large", "messages": [{"role": "user", "content": "2"},
      {"role": "assistant", "content": "so what", "refusal": null, "reasoning_content": "hm", "tool_calls": []},
      {"role": "user", "content": [{"type": "text", "text": "3"}, {"type": "text", "text": "+4"}]}]})";
  const ChatRequest asked = read_chat_request(body, "large");
  const Question question = chat_question(asked, {.system = "be brief"}, task);
  ASSERT_EQ(question.messages.size(), 4U);
  EXPECT_EQ(question.messages[0].content, "be brief");
  EXPECT_EQ(question.messages[1].content, "2");
  EXPECT_EQ(question.messages[3].content, "Reckon: 3+4");
  EXPECT_THROW(chat_question(asked, {.raw = true}, task), ChatRefusal);
  const ChatRequest own = read_chat_request(
      R"({"model": "large", "messages": [{"role": "developer", "content": "at length"}, {"role": "user", "content": "1"}]})",
      "large");
  EXPECT_EQ(chat_question(own, {.system = "be brief"}, task).messages[0].content, "at length");
  EXPECT_EQ(chat_question(read_chat_request(asking(), "large"), {.system = "s ", .raw = true}, task).text,
            "s Reckon: 7*6");
}

}  // namespace
}  // namespace live
