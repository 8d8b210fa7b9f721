#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "live/files/found_files.hpp"
#include "tests/live/formats/import_fixture.hpp"
#include "tests/support/shared_data.hpp"

namespace live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;
class Formats : public ImportFixture {};

TEST_F(Formats, LmEvalTakesOneFilterAndAllRepeats) {
  const std::string rest =
      R"("doc": {"Problem": "A?"}, "target": "4", "doc_hash": "h", "resps": [["\\boxed{4}", "\\boxed{5}"]],
 "metrics": ["exact_match"], )";
  std::string text =
      R"({"doc_id": 0, )" + rest + R"("filter": "strict", "filtered_resps": ["4"], "exact_match": 1})";
  text += "\n" + std::string(R"({"doc_id": 0, )") + rest +
          R"("filter": "flexible", "filtered_resps": ["4"], "exact_match": 0})";
  std::erase(text, '\n');
  text.replace(text.find("}{"), 2, "}\n{");
  const PooledEnvironment made = import("lm-eval", {write("samples.jsonl", text)});
  EXPECT_THAT(finals(made.environment.questions.at(0)), ElementsAre("4", "5"));
  EXPECT_EQ(made.report.flags, 1U);
  EXPECT_EQ(made.report.disagreeing, 0U);
}

TEST_F(Formats, InspectReadsAttachmentsErrorsAndScores) {
  const auto file = write("log.json", R"({"version": 2, "status": "success", "eval": {"model": "m"},
 "results": {"mean": NaN}, "samples": [
 {"id": 1, "epoch": 1, "input": "A?", "target": ["4"], "output": {"choices": [{"message":
   {"content": "attachment://h"}, "stop_reason": "max_tokens"}], "usage": {"output_tokens": 9}},
   "attachments": {"h": "#4"}, "scores": {"s": {"value": "C", "answer": "4"}}},
 {"id": 1, "epoch": 2, "input": [{"role": "user", "content": "A?"}], "target": "4", "output": {"choices": [{"message":
   {"content": [{"type": "reasoning", "reasoning": "hm"}, {"type": "text", "text": "#5"}]}, "stop_reason": "stop"}],
   "usage": {"output_tokens": 7, "reasoning_tokens": 5}}, "scores": {"s": {"value": "I", "answer": "5"}}},
 {"id": 1, "epoch": 3, "input": "A?", "target": "4", "output": {"choices": []}, "error": {"message": "x"}}]})");
  const PooledEnvironment made = import("inspect", {file});
  EXPECT_THAT(finals(made.environment.questions.at(0)), ElementsAre("ERR", "5"));
  EXPECT_THAT(tokens(made.environment.questions.at(0)), ElementsAre(9, 7));
  EXPECT_EQ(failed_, 1U);
  EXPECT_THAT(made.environment.collected, HasSubstr("\"model\":\"m\""));
}

// Graders give all that was said as the answer. What met any limit is cut. Tasks count their samples alike.
TEST_F(Formats, InspectReadsGradersLimitsAndSeveralTasks) {
  const auto log = [](const std::string& task, const std::string& question, const std::string& more) {
    return R"({"version": 2, "status": "success", "eval": {"task": ")" + task +
           R"(", "model": "m"}, "samples": [
 {"id": 1, "epoch": 1, "input": ")" +
           question + R"(", "target": "4", )" + more + R"(
  "output": {"choices": [{"message": {"content": "first \\boxed{4}\nI am sure."}, "stop_reason": "stop"}],
   "usage": {"output_tokens": 9}},
  "scores": {"g": {"value": 0.75, "answer": "first \\boxed{4}\nI am sure."}}}]})";
  };
  const auto one = write("one.json", log("a", "A?", "")), two = write("two.json", log("b", "B?", ""));
  const PooledEnvironment made = import("inspect", {one, two});
  ASSERT_EQ(made.environment.questions.size(), 2U);
  EXPECT_THAT(finals(made.environment.questions[0]), ElementsAre("4"));
  EXPECT_THAT(made.environment.signals, testing::IsEmpty());  // scorers know the right answer
  const auto cut = write("cut.json", log("a", "A?", R"("limit": {"type": "message", "limit": 5},)"));
  EXPECT_EQ(import("inspect", {cut}).report.truncated, 1U);
  const auto gold = write("gold.csv", "question,gold\n1,5\n");  // by the id in the log
  EXPECT_EQ(import("inspect", {one}, {}, gold).environment.questions.at(0).gold, "5");
}

TEST_F(Formats, InspectReadsVersionOneAndWhatSaidNothing) {
  const auto old =
      write("old.json", R"({"version": 1, "status": "success", "eval": {"model": "m"}, "samples": [
 {"id": 1, "epoch": 1, "input": "A?", "target": "4", "score": {"value": "N", "answer": "5"},
  "output": {"choices": [{"message": {"content": "5"}, "stop_reason": "stop"}]}},
 {"id": 1, "epoch": 2, "input": "A?", "target": "4", "limit": {"type": "token", "limit": 7},
  "output": {"choices": []}, "model_usage": {"m": {"output_tokens": 7}}}]})");
  const PooledEnvironment made = import("inspect", {old});
  EXPECT_THAT(finals(made.environment.questions.at(0)), ElementsAre("5", "ERR"));
  EXPECT_EQ(tokens(made.environment.questions.at(0)).back(), 7);
  EXPECT_EQ(made.report.flags, 1U);
  EXPECT_EQ(made.report.disagreeing, 0U);
}

// Files count their questions anew: numbers are ids within a file alone.
TEST_F(Formats, QuestionsThatFilesCountAreMatchedByText) {
  const auto harness = [](const std::string& question, const std::string& gold) {
    return R"({"idx": 0, "question": ")" + question + R"(", "gt": ")" + gold +
           R"(", "code": ["x"], "pred": ["4"], "score": [true]})";
  };
  const auto a = write("a.jsonl", harness("A?", "4")), b = write("b.jsonl", harness("B?", "5"));
  const auto again = write("c.jsonl", harness("A?", "4"));
  const PooledEnvironment made = import("math-harness", {a, b, again});
  ASSERT_EQ(made.environment.questions.size(), 2U);
  EXPECT_EQ(made.environment.questions[0].branches.size(), 2U);
  const auto row = [](const std::string& problem) {
    return R"({"problem_idx": 1, "problem": ")" + problem +
           R"(", "model_name": "m", "idx_answer": 0, "parsed_answer": "4", "gold_answer": "4"})";
  };
  const std::vector<fs::path> rows{write("r.jsonl", row("A?")), write("s.jsonl", row("B?"))};
  EXPECT_EQ(import("matharena", rows).environment.questions.size(), 2U);
}

// Where nothing but a folder or a name of a file tells the model, it is told apart all the same.
TEST_F(Formats, SeveralModelsAreNamedAndChosen) {
  const auto problem = [&](const std::string& name) {
    return write(name,
                 R"({"idx": 1, "problem": "A?", "gold_answer": "4", "answers": ["4"], "messages": [null]})");
  };
  problem("out/aime/x/1.json");
  problem("out/hmmt/x/1.json");
  EXPECT_THAT(import("matharena", {folder_.path() / "out"}).environment.collected,
              testing::Not(HasSubstr("model")));
  problem("out/aime/y/1.json");
  EXPECT_THAT(
      refusal("auto", {folder_.path() / "out"}),
      HasSubstr("out: samples are of 2 models: \"x\" (2), \"y\" (1); --model NAME takes those of one"));
  pool_.model = "y";
  const PooledEnvironment chosen = import("auto", {folder_.path() / "out"});
  EXPECT_EQ(chosen.report.samples, 1U);
  EXPECT_THAT(chosen.environment.collected, HasSubstr("\"model\":\"y\""));
  pool_.model = "z";
  EXPECT_THAT(refusal("auto", {folder_.path() / "out"}),
              HasSubstr("no sample is of the model \"z\", but of"));
  pool_.model.clear();
  pool_.mix_models = true;
  EXPECT_EQ(import("auto", {folder_.path() / "out"}).report.samples, 3U);
  const auto row = [](const std::string& model) {
    return R"({"question": "A?", "gold": "4", "sample_id": 0, "model": ")" + model +
           "\", \"output\": \"\\\\boxed{4}\"}\n";
  };
  EXPECT_EQ(import("generic", {write("mix.jsonl", row("x") + row("y"))}).report.samples, 2U);
}

TEST_F(Formats, OpenaiBatchMatchesInputsAndSharesSums) {
  const auto output = write(
      "a_output.jsonl",
      R"({"custom_id": "q1-s2", "response": {"status_code": 200, "body": {"choices": [{"index": 0, "message": {"content": "#5"}, "finish_reason": "stop"}], "usage": {"completion_tokens": 8}}}, "error": null}
{"custom_id": "q1-s1", "response": {"status_code": 200, "body": {"choices": [{"index": 0, "message": {"content": "#4"}, "finish_reason": "stop"}, {"index": 1, "message": {"content": "#4"}, "finish_reason": "length"}], "usage": {"completion_tokens": 10}}}, "error": null}
{"custom_id": "q1-s3", "response": null, "error": {"code": "x"}}
)");
  const auto input = write(
      "b_input.jsonl",
      R"({"custom_id": "q1-s1", "method": "POST", "body": {"messages": [{"role": "user", "content": "A?"}]}}
{"custom_id": "q1-s2", "method": "POST", "body": {"messages": [{"role": "user", "content": "A?"}]}}
)");
  const auto gold = write("gold.csv", "question,gold\nq1,4\n");
  const AnswerWords words{.extract = "number", .task = std::nullopt};
  for (const auto& files : {std::vector{output}, std::vector{output, input}}) {
    const PooledEnvironment made = import("openai-batch", files, words, gold);
    ASSERT_EQ(made.environment.questions.size(), 1U);
    EXPECT_THAT(finals(made.environment.questions[0]), ElementsAre("4", "ERR", "5"));
    EXPECT_THAT(tokens(made.environment.questions[0]), ElementsAre(5, 5, 8));
    EXPECT_EQ(made.environment.questions[0].text, files.size() == 1 ? "q1" : "A?");
    EXPECT_EQ(failed_, 1U);
  }
}

// Batches are often numbered alike; whose replies are whose is then not known.
TEST_F(Formats, OpenaiBatchRefusesAnIdThatAsksTwoQuestions) {
  const auto asked = [](const std::string& question) {
    return R"({"custom_id": "request-1", "body": {"messages": [{"role": "user", "content": ")" + question +
           "\"}]}}\n";
  };
  const std::vector<fs::path> inputs{write("a.jsonl", asked("A?")), write("b.jsonl", asked("B?"))};
  EXPECT_THAT(refusal("openai-batch", inputs),
              HasSubstr("b.jsonl: the custom_id \"request-1\" asked another question before"));
}

TEST_F(Formats, ResponsesThatFailedHaveNoSample) {
  const auto output = write(
      "o.jsonl",
      R"({"custom_id": "q1", "response": {"status_code": 200, "body": {"status": "failed", "output": [], "error": {"code": "x"}}}, "error": null}
{"custom_id": "q1", "response": {"status_code": 200, "body": {"status": "completed", "error": null, "output": [{"type": "message", "content": [{"text": "#4"}]}]}}, "error": null}
)");
  const auto gold = write("gold.csv", "question,gold\nq1,4\n");
  const PooledEnvironment made =
      import("openai-batch", {output}, {.extract = "number", .task = std::nullopt}, gold);
  EXPECT_THAT(finals(made.environment.questions.at(0)), ElementsAre("4"));
  EXPECT_EQ(failed_, 1U);
}

TEST_F(Formats, MathArenaHidesSumsInTheFirstRun) {
  const auto file = write("1.json", R"({"idx": 1, "problem": "A?", "gold_answer": "4", "answers": ["4", null],
 "correct": [true, false], "messages": [[{"role": "user", "content": "A?"}, {"role": "assistant", "content": "four"}],
 [{"role": "assistant", "content": "none"}]], "detailed_costs": [{"output_tokens": 10}, {"output_tokens": 0}]})");
  const PooledEnvironment made = import("matharena", {file});
  EXPECT_THAT(finals(made.environment.questions.at(0)), ElementsAre("4", "ERR"));
  EXPECT_EQ(made.report.shared, 2U);
  const auto rows = write(
      "rows.jsonl",
      R"({"problem_idx": 1, "problem": "A?", "model_name": "m", "idx_answer": 1, "parsed_answer": "5", "gold_answer": "4", "output_tokens": 3, "correct": false}
{"problem_idx": 1, "problem": "A?", "model_name": "m", "idx_answer": 0, "parsed_answer": "4", "gold_answer": "4", "output_tokens": 2, "correct": true}
)");
  EXPECT_THAT(finals(import("auto", {rows}).environment.questions.at(0)), ElementsAre("4", "5"));
  EXPECT_EQ(found_, "matharena");
  const auto hidden =
      write("h.json", R"({"problem": "A?", "gold_answer": "hash:12", "answers": ["4"], "messages": [[]]})");
  EXPECT_THROW(import("matharena", {hidden}), replay::InputError);
}

TEST_F(Formats, DynasorBecomesProbes) {
  const auto step = [&](int tokens, const std::string& text) {
    write("d/question_0_tokens_" + std::to_string(tokens) + ".json", text);
  };
  const std::string head = R"({"problem_id": 0, "target": "4", "prompts": ["A?", "A?"], )";
  step(8, head + R"("new_tokens": ["aaaaaaaaaaaaaaaa", "bbbbbbbbbbbbbbbb"], "is_finished": [false, false],
    "probe_prompts": ["A? \\boxed{", "A? \\boxed{"], "probe_responses": ["5} no", "4}"]})");
  step(16, head + R"("new_tokens": ["aaaa", "bbbbbbbbbbbbbbbb"], "is_finished": [true, false],
    "probe_responses": ["4", "6"]})");
  const PooledEnvironment made = import("dynasor", {folder_.path() / "d"});
  const replay::Question& question = made.environment.questions.at(0);
  EXPECT_EQ(question.interval, 8);
  EXPECT_THAT(finals(question), ElementsAre("4", "ERR"));
  EXPECT_THAT(tokens(question), ElementsAre(10, 16));
  EXPECT_EQ(question.branches[0].probes, 1U);
  EXPECT_EQ(question.branches[1].probes, 2U);
  EXPECT_EQ(question.answers[static_cast<std::size_t>(question.probes[0])], "5");
  fs::rename(folder_.path() / "d/question_0_tokens_16.json", folder_.path() / "d/question_0_tokens_24.json");
  EXPECT_THROW(import("dynasor", {folder_.path() / "d"}), replay::InputError);
}

TEST_F(Formats, VllmAutottsAndMathHarness) {
  const auto vllm = write(
      "v.jsonl",
      R"({"request_id": "0", "prompt": "Q: What is 2+2? A:", "outputs": [{"index": 0, "text": "4", "token_ids": [1, 2], "cumulative_logprob": -1.0, "finish_reason": "stop"}]}
)");
  const auto gold = write("gold.csv", "prompt,gold\nWhat is 2+2?,4\n");
  const PooledEnvironment made = import("vllm", {vllm}, {.extract = "number", .task = std::nullopt}, gold);
  EXPECT_EQ(made.report.right, 1U);
  EXPECT_EQ(made.environment.questions[0].signals.at(0).latest.at(1), -0.5);
  const auto raw = write("r.jsonl", R"([{"question": "A?", "gold_answer": "4", "probe_freq": 5,
    "probe_matrix_mxn": [["1", null], []], "branch_tokens": [12, 3], "final_answers_trace": ["4", null]}])");
  const PooledEnvironment autotts = import("autotts", {raw});
  EXPECT_THAT(finals(autotts.environment.questions.at(0)), ElementsAre("4", "ERR"));
  EXPECT_EQ(autotts.environment.questions[0].branches[0].probes, 2U);
  const auto harness = write(
      "h.jsonl",
      R"({"idx": 0, "question": "A?", "gt": "4", "code": ["x", "y"], "pred": ["4", "5"], "score": [true, true]})");
  EXPECT_EQ(import("auto", {harness}).report.disagreeing, 1U);
  EXPECT_EQ(found_, "math-harness");
}

// The samples of each format: 13 of 60 are right, but for those that a file lost.
TEST_F(Formats, TheSamplesOfAllFormats) {
  const auto samples = tests::shared_data("samples");
  if (!samples) GTEST_SKIP() << tests::kNoSharedData;
  struct Case {
    std::string format, files, gold;
    std::size_t samples, right;
  };
  for (const Case& each :
       std::vector<Case>{{"generic", "generic/list_column.jsonl", "", 60, 13},
                         {"generic", "generic/rows.jsonl", "", 60, 13},
                         {"generic", "generic/rows.csv", "", 60, 13},
                         {"lm-eval", "lm-eval", "", 60, 13},
                         {"inspect", "inspect/chain.json", "", 59, 13},
                         {"inspect", "inspect/chain.eval", "", 59, 13},
                         {"openai-batch", "openai-batch/output.jsonl", "openai-batch/gold.csv", 59, 13},
                         {"openai-batch", "openai-batch/output_n6.jsonl", "openai-batch/gold.csv", 60, 13},
                         {"math-harness", "math-harness", "", 60, 13},
                         {"matharena", "matharena", "", 60, 13},
                         {"vllm", "vllm/outputs.jsonl", "vllm/gold.csv", 60, 13},
                         {"autotts-raw", "autotts-raw", "", 60, 13}}) {
    SCOPED_TRACE(each.files);
    const AnswerWords words{.extract = "regex:#([0-9]+)$", .task = std::nullopt};
    const bool given = each.format == "autotts-raw";
    const PooledEnvironment made = import("auto", {*samples / each.files}, given ? AnswerWords{} : words,
                                          each.gold.empty() ? fs::path() : *samples / each.gold);
    EXPECT_EQ(found_, each.format);
    EXPECT_EQ(made.environment.questions.size(), 10U);
    EXPECT_EQ(made.report.samples, each.samples);
    EXPECT_GE(made.report.right + 1, each.right);
    EXPECT_LE(made.report.right, each.right);
  }
  EXPECT_EQ(import("dynasor", {*samples / "dynasor"}).environment.questions.size(), 4U);
}

TEST(FoundFiles, NumbersAreInOrder) {
  EXPECT_TRUE(naturally_before("question_9_tokens_64", "question_10_tokens_32"));
  EXPECT_FALSE(naturally_before("question_10", "question_9"));
  EXPECT_TRUE(naturally_before("a1", "a01b"));
  EXPECT_THROW(found_files({"/nowhere/at/all"}), replay::InputError);
}

}  // namespace
}  // namespace live
