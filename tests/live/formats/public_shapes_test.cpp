// Small files as the tools themselves write them, with the members that importers pass over.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "tests/live/formats/import_fixture.hpp"

namespace live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

const AnswerWords kNumber{.extract = "number", .task = std::nullopt};

class PublicShapes : public ImportFixture {
 protected:
  fs::path gold() const { return write("gold.csv", "question,gold\nq1,4\nA?,4\n"); }
};

// ---- lm-evaluation-harness

// A row of a task with several filters over its repeats, as gsm8k_cot_self_consistency writes it.
std::string harness_row(int doc, const std::string& filter, const std::string& filtered, int right) {
  return R"({"doc_id": )" + std::to_string(doc) + R"(, "doc": {"question": "What is 2 + )" +
         std::to_string(doc) +
         R"(?", "answer": "So.\n#### 4"}, "target": "So.\n#### 4", "arguments": {"gen_args_0":
 {"arg_0": "Q: an example\nA: 1\n\nQ: What is it?\nA:", "arg_1": {"until": ["Q:"], "do_sample": true,
 "temperature": 0.2}}}, "resps": [[" The answer is 4.", " The answer is 5.", " The answer is 4."]],
 "filtered_resps": )" +
         filtered + R"(, "filter": ")" + filter + R"(", "metrics": ["exact_match"], "doc_hash": "h)" +
         std::to_string(doc) + R"(", "prompt_hash": "p", "target_hash": "t", "exact_match": )" +
         std::to_string(right) + ".0}";
}

std::string harness_file() {
  std::string text;
  for (int doc = 0; doc < 2; ++doc) {
    for (const auto& row :
         {harness_row(doc, "score-first", "[\"4\"]", 1), harness_row(doc, "maj@3", "[\"4\"]", 1)}) {
      std::string line = row;
      std::erase(line, '\n');
      text += line + "\n";
    }
  }
  return text;
}

TEST_F(PublicShapes, HarnessRowsOfSeveralFiltersAreOneSampleEach) {
  const auto file = write("samples_gsm8k_2026-11-28T04-00-00.000000.jsonl", harness_file());
  const PooledEnvironment made = import("auto", {file}, kNumber);
  EXPECT_EQ(found_, "lm-eval");
  ASSERT_EQ(made.environment.questions.size(), 2U);
  EXPECT_EQ(made.environment.questions[0].gold, "4");
  EXPECT_THAT(finals(made.environment.questions[0]), ElementsAre("4", "5", "4"));
  EXPECT_EQ(made.report.flags, 2U);
  EXPECT_THAT(remarks_, ElementsAre(HasSubstr("2 rows of other filters than the first of their questions "
                                              "(score-first) left out")));
  EXPECT_EQ(import("auto", {file}, kNumber, {}, {.filter = "maj@3"}).report.samples, 6U);
}

// The filter is blamed where it finds nothing, and not the file.
TEST_F(PublicShapes, AFilterThatFindsNothingIsToldWithThoseThatThereAre) {
  const auto file = write("samples.jsonl", harness_file());
  try {
    (void)import("lm-eval", {file}, kNumber, {}, {.filter = "strict\x1b-match"});
    ADD_FAILURE() << "no error";
  } catch (const replay::InputError& error) {
    EXPECT_THAT(error.what(),
                HasSubstr("samples.jsonl: no row is of filter \"strict\\x1b-match\" (--filter); "
                          "there are: maj@3, score-first"));
  }
}

// ---- what did not come to its end

TEST_F(PublicShapes, RepliesThatWereBrokenOffHaveNoAnswer) {
  const auto choice = [](int number, const std::string& reason) {
    return R"({"id": "batch_req_1", "custom_id": "q1-s)" + std::to_string(number) +
           R"(", "response": {"status_code": 200, "request_id": "r", "body": {"id": "chatcmpl-1", "object":
 "chat.completion", "model": "m", "choices": [{"index": 0, "message": {"role": "assistant", "content": "#4",
 "refusal": null}, "logprobs": null, "finish_reason": ")" +
           reason + R"("}], "usage": {"prompt_tokens": 9, "completion_tokens": 7, "total_tokens": 16,
 "completion_tokens_details": {"reasoning_tokens": 0}}}}, "error": null})";
  };
  std::string batch;
  int number = 0;
  for (const char* const reason : {"stop", "content_filter", "length"}) {
    std::string line = choice(number++, reason);
    std::erase(line, '\n');
    batch += line + "\n";
  }
  const PooledEnvironment chat = import("auto", {write("o.jsonl", batch)}, kNumber, gold());
  EXPECT_EQ(found_, "openai-batch");
  EXPECT_EQ(chat.report.truncated, 2U);
  EXPECT_EQ(chat.report.right, 1U);
  EXPECT_THAT(finals(chat.environment.questions.at(0)), ElementsAre("4", "ERR", "ERR"));
  EXPECT_THAT(tokens(chat.environment.questions.at(0)), ElementsAre(7, 7, 7));

  const auto vllm = write(
      "v.json",
      R"([{"request_id": "0", "prompt": "A?", "prompt_token_ids": [1, 2], "prompt_logprobs": null, "outputs": [
 {"index": 0, "text": "4", "token_ids": [5], "cumulative_logprob": null, "logprobs": null, "finish_reason": "stop",
  "stop_reason": null},
 {"index": 1, "text": "4", "token_ids": [5, 6], "cumulative_logprob": null, "logprobs": null,
  "finish_reason": "abort", "stop_reason": null}], "finished": true, "metrics": null, "lora_request": null}])");
  const PooledEnvironment offline = import("auto", {vllm}, kNumber, gold());
  EXPECT_EQ(found_, "vllm");
  EXPECT_THAT(finals(offline.environment.questions.at(0)), ElementsAre("4", "ERR"));
  EXPECT_THAT(tokens(offline.environment.questions.at(0)), ElementsAre(1, 2));
  pool_.keep_truncated = true;
  EXPECT_EQ(import("auto", {vllm}, kNumber, gold()).report.right, 2U);
}

TEST_F(PublicShapes, TheInputOfABatchAloneIsTold) {
  const auto file = write(
      "in.jsonl",
      R"({"custom_id": "q1", "method": "POST", "url": "/v1/chat/completions", "body": {"model": "m", "messages": [{"role": "user", "content": "A?"}]}}
)");
  EXPECT_THAT(refusal("auto", {file}), HasSubstr("there are no samples"));
  EXPECT_THAT(remarks_, ElementsAre("1 request of a batch's input; its output has the replies"));
}

// ---- the Responses API

TEST_F(PublicShapes, ResponsesOfABatchHaveTheirTextAmongOtherItems) {
  std::string line =
      R"({"id": "batch_req_1", "custom_id": "q1", "response": {"status_code": 200, "request_id": "r",
 "body": {"id": "resp_1", "object": "response", "status": "STATUS", "error": null, "incomplete_details": DETAILS,
 "model": "m", "output": [{"id": "rs_1", "type": "reasoning", "summary": []}, {"id": "msg_1", "type": "message",
 "status": "completed", "role": "assistant", "content": [{"type": "output_text", "annotations": [], "logprobs": [],
 "text": "It is 4"}]}], "usage": {"input_tokens": 5, "output_tokens": 90, "output_tokens_details":
 {"reasoning_tokens": 64}, "total_tokens": 95}}}, "error": null})";
  std::erase(line, '\n');
  const auto with = [&](const std::string& status, const std::string& details) {
    std::string made = line;
    made.replace(made.find("STATUS"), 6, status);
    made.replace(made.find("DETAILS"), 7, details);
    return made + "\n";
  };
  const auto file =
      write("o.jsonl", with("completed", "null") + with("incomplete", R"({"reason": "max_output_tokens"})"));
  const PooledEnvironment made = import("auto", {file}, kNumber, gold());
  EXPECT_THAT(finals(made.environment.questions.at(0)), ElementsAre("4", "ERR"));
  EXPECT_THAT(tokens(made.environment.questions.at(0)), ElementsAre(90, 90));
}

// ---- math-evaluation-harness

TEST_F(PublicShapes, MathHarnessHasAsManyAnswersAsWereSampled) {
  const auto file = write(
      "test_qwen25-math-cot_-1_seed0_t0.6_s0_e-1.jsonl",
      R"({"idx": 7, "question": "A?", "gt_cot": "So 4.", "gt": "4", "unique_id": "test/1.json", "subject": "Algebra", "level": 2, "answer": "4", "code": ["x \\boxed{4}", "y \\boxed{5}", "z"], "pred": ["4", "5", ""], "report": [null, null, null], "score": [true, false, false]}
)");
  const PooledEnvironment made = import("auto", {file});
  EXPECT_EQ(found_, "math-harness");
  EXPECT_THAT(finals(made.environment.questions.at(0)), ElementsAre("4", "5", "ERR"));
  EXPECT_EQ(made.report.flags, 3U);
  EXPECT_EQ(made.report.disagreeing, 0U);
}

// ---- MathArena

TEST_F(PublicShapes, MathArenaTakesTheLastMessageAndSkipsThoughts) {
  const auto file =
      write("outputs/aime/m/3.json", R"j({"idx": 3, "problem": "A?", "gold_answer": "4", "source": "x",
 "types": ["Algebra"], "N": 2, "cost": {"cost": 0.1, "input_tokens": 4, "output_tokens": 30}, "pass_at_1": 0.5,
 "answers": ["4", "sqrt(2)"], "correct": [true, false], "warnings": [false, 1], "judgment": [null, null],
 "history": [null, null], "messages": [[{"role": "user", "content": "A?"}, {"role": "assistant", "type": "cot",
 "content": "hm"}, {"role": "assistant", "type": "response", "content": "\\boxed{4}"}], [{"role": "user",
 "content": "A?"}, {"role": "assistant", "content": "\\boxed{\\sqrt2}"}]], "detailed_costs":
 [{"cost": 0.06, "input_tokens": 2, "output_tokens": 18, "time": 1.5}, {"cost": 0.04, "input_tokens": 2,
 "output_tokens": 12, "time": 1}]})j");
  const PooledEnvironment made = import("auto", {file});
  EXPECT_EQ(found_, "matharena");
  EXPECT_THAT(finals(made.environment.questions.at(0)), ElementsAre("4", "sqrt(2)"));
  EXPECT_THAT(tokens(made.environment.questions.at(0)), ElementsAre(18, 12));
  EXPECT_EQ(made.report.disagreeing, 0U);
}

}  // namespace
}  // namespace live
