// What is wrong with a file of others is told in one line, and no bytes do harm.
#include <filesystem>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <map>
#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

#include "genome/base/file.hpp"
#include "live/files/byte_source.hpp"
#include "live/formats/json_fields.hpp"
#include "live/formats/json_repair.hpp"
#include "live/formats/sample_import.hpp"
#include "live/samples/pooled_environment.hpp"
#include "replay/environment/input_error.hpp"
#include "tests/support/temporary_folder.hpp"

namespace live {
namespace {

using testing::AllOf;
using testing::HasSubstr;
namespace fs = std::filesystem;

class HostileFormats : public testing::Test {
 protected:
  std::string failure(const std::string& format, const std::string& name, std::string_view text,
                      bool skip_bad = false) {
    const fs::path file = folder_.path() / name;
    genome::base::write_durably(file, text);
    const AnswerReader reader(AnswerWords{});
    try {
      SampleImport import(
          {.format = format, .of_format = {}, .pool = {}, .skip_bad = skip_bad, .progress = {}}, reader,
          nullptr);
      import.read({file});
      bad_ = import.counts().bad;
      taken_ = pooled_environment(import.pool(), {}, nullptr).report.samples;
    } catch (const replay::InputError& error) {
      const std::string message = error.what();
      EXPECT_EQ(message.find('\n'), std::string::npos) << message;
      EXPECT_EQ(message.find('\x1b'), std::string::npos) << message;
      return message;
    }
    return "";
  }

  tests::TemporaryFolder folder_;
  std::size_t bad_ = 0, taken_ = 0;
};

const std::string kGood = R"({"question": "A?", "answer": "4", "generation": "\\boxed{4}"})";

TEST_F(HostileFormats, WhatIsNoTextOfRecordsIsNamed) {
  EXPECT_THAT(failure("auto", "x.jsonl", ""), HasSubstr("x.jsonl: is empty"));
  EXPECT_THAT(failure("auto", "x.jsonl", " \n\n"), HasSubstr("is empty"));
  EXPECT_THAT(failure("auto", "x.parquet", "PAR1...."),
              AllOf(HasSubstr("is Parquet"), HasSubstr("read_parquet")));
  EXPECT_THAT(failure("vllm", "x.pkl", "\x80\x04..."), HasSubstr("is a pickle of Python"));
  EXPECT_THAT(failure("auto", "x.json", std::string("\xFF\xFE{\0", 4)), HasSubstr("UTF-16"));
  EXPECT_THAT(failure("auto", "x.txt", "hello\x1b[2J\n"), HasSubstr("neither JSON nor a table"));
  EXPECT_THAT(failure("auto", "x.eval", "PK\x03\x04 half"), HasSubstr("x.eval:"));
  EXPECT_THAT(failure("auto", "x.json.zst", "\x28\xB5\x2F\xFD half"),
              HasSubstr("x.json.zst: cannot be opened"));
  EXPECT_THAT(failure("auto", "x.json.gz", "\x1F\x8B\x08 half"), HasSubstr("x.json.gz:"));
  EXPECT_THAT(failure("generic", "e.json",
                      R"([{"question": "?", "gold_answer": "1", "probe_freq": 5, "each_branch": []}])"),
              HasSubstr("is an environment already"));
}

TEST_F(HostileFormats, BrokenLinesAreNamedAndCounted) {
  const std::string text =
      kGood + "\n" + kGood.substr(0, 30) + "\n{\"question\": \"A?\", \"answer\": \"4\"}\n" + kGood + "\n";
  EXPECT_THAT(failure("auto", "x.jsonl", text), AllOf(HasSubstr("x.jsonl: line 2: not valid JSON")));
  EXPECT_EQ(failure("auto", "x.jsonl", text, true), "");
  EXPECT_EQ(bad_, 2U);  // the third has no text, and its answer is the right one
  EXPECT_EQ(taken_, 2U);
  EXPECT_THAT(failure("auto", "x.jsonl", "{\"question\"\n{\"x\": 1}\n", true), HasSubstr("line 1"));
}

TEST_F(HostileFormats, HalfAFileIsNamed) {
  const std::string array = "[" + kGood + ",\n" + kGood;
  EXPECT_THAT(failure("auto", "x.jsonl", array), HasSubstr("x.jsonl: line 2: the text ends too early"));
  EXPECT_EQ(failure("auto", "x.jsonl", array, true), "");
  EXPECT_EQ(taken_, 2U);
  EXPECT_THAT(failure("auto", "x.jsonl", array.substr(0, array.size() - 4)), HasSubstr("half a file?"));
}

TEST_F(HostileFormats, OtherFormatsAreToldApart) {
  EXPECT_THAT(failure("lm-eval", "x.jsonl", kGood + "\n"),
              AllOf(HasSubstr("is not what lm-evaluation-harness writes"), HasSubstr("resps")));
  EXPECT_THAT(failure("lm-eval", "x.jsonl", R"({"custom_id": "a", "response": {}})"),
              HasSubstr("it looks like OpenAI's Batch API: evotts env import openai-batch"));
  EXPECT_THAT(failure("inspect", "x.json", R"({"version": 3, "eval": {}, "samples": []})"),
              HasSubstr("of version 3; versions 1 and 2 are read"));
  EXPECT_THAT(failure("vllm", "x.csv", "a,b\n1,2\n"), HasSubstr("since it is no JSON; expected: prompt"));
  EXPECT_THAT(failure("generic", "x.jsonl", R"({"custom_id": "a", "response": {}})"),
              AllOf(HasSubstr("no column looks like"), HasSubstr("it looks like OpenAI's Batch API")));
}

TEST_F(HostileFormats, WhatARecordLacksIsNamed) {
  EXPECT_THAT(
      failure("auto", "x.jsonl", R"({"doc_id": 0, "doc": {}, "target": "1", "resps": [[[-1.5, true]]]})"),
      HasSubstr("x.jsonl: line 1, record 1: \"resps\" holds no texts but log-likelihoods"));
  EXPECT_THAT(failure("auto", "x.jsonl", R"({"gt": "1", "pred": ["1", "2"], "code": ["x"]})"),
              HasSubstr("\"pred\" has 2 entries, and there are 1 texts"));
  EXPECT_THAT(failure("auto", "x.jsonl",
                      R"({"question": "A?", "gold": "1", "generations": ["a"], "n_tokens": ["NaN"]})"),
              HasSubstr("\"n_tokens\" must be a whole number, 0 or more, found \"NaN\""));
  EXPECT_THAT(failure("auto", "x.jsonl",
                      R"({"question": "A?", "gold": "1", "generations": ["a"], "n_tokens": [1, 2]})"),
              HasSubstr("\"n_tokens\" has 2 entries, and there are 1 samples"));
  EXPECT_THAT(failure("auto", "x.csv", "question,gold,output\nA?,1\n"),
              HasSubstr("line 2: must have 3 fields"));
  EXPECT_THAT(failure("auto", "x.csv", "question,gold,output\nA?,1,\"x\n"), HasSubstr("does not end"));
  EXPECT_EQ(failure("auto", "x.csv", "question,gold,answer\nA?,1,x\"y\nA?,1,1\n", true), "");
  EXPECT_EQ(bad_, 1U);
  EXPECT_THAT(failure("auto", "x.jsonl", R"({"question": "A?", "generations": ["\\boxed{1}"]})"),
              HasSubstr("of 1 question, none has a right answer"));
  EXPECT_THAT(failure("auto", "x.jsonl", "[1, 2]"), HasSubstr("\"a record\" must be an object, found 1"));
}

TEST_F(HostileFormats, NotANumberDoesNoHarmWhereNobodyNeedsIt) {
  EXPECT_EQ(failure("auto", "x.jsonl",
                    R"({"question": "A?", "answer": "4", "loss": NaN, "generation": "\\boxed{4} \ud800"})"),
            "");
  EXPECT_EQ(taken_, 1U);
}

TEST(JsonRepair, QuotesWhatJsonDoesNotKnow) {
  std::string out;
  EXPECT_TRUE(
      repair_json(R"({"a": [NaN, -Infinity, 12345678901234567890], "b": "NaN \ud800x \ud83d\ude00"})", out));
  EXPECT_EQ(out, R"({"a": [null, null, "12345678901234567890"], "b": "NaN \ufffdx \ud83d\ude00"})");
  EXPECT_FALSE(repair_json(R"({"a": [1.5e3, true, "\\ud800"]})", out));
  EXPECT_FALSE(repair_json("\"\\", out));
}

TEST(JsonParser, AnyBytesAreAValueOrABadRecord) {
  EXPECT_TRUE(rc::check([](const std::string& bytes) {
    std::string padded = bytes;
    padded.reserve(bytes.size() + TextWindow::kPadding);
    JsonParser parser;
    try {
      (void)parser.parse(padded);
    } catch (const BadRecord&) {
    }
  }));
}

// Every format meets records of the others, and random ones of its own names.
RC_GTEST_PROP(HostileRecords, NoRecordDoesHarm, ()) {
  const std::vector<std::string> names{"doc",
                                       "doc_id",
                                       "resps",
                                       "target",
                                       "custom_id",
                                       "response",
                                       "body",
                                       "choices",
                                       "gt",
                                       "pred",
                                       "code",
                                       "score",
                                       "problem",
                                       "answers",
                                       "messages",
                                       "prompt",
                                       "outputs",
                                       "question",
                                       "generations",
                                       "answer",
                                       "probe_matrix_mxn",
                                       "branch_tokens",
                                       "final_answers_trace",
                                       "gold_answer",
                                       "probe_freq",
                                       "samples",
                                       "problem_id",
                                       "probe_responses",
                                       "is_finished",
                                       "new_tokens",
                                       "id",
                                       "input",
                                       "output",
                                       "filtered_resps",
                                       "filter",
                                       "round",
                                       "max_tokens"};
  const std::vector<std::string> values{"1",
                                        "\"a\"",
                                        "[]",
                                        "[[\"a\"]]",
                                        "{}",
                                        "null",
                                        "[1,\"x\"]",
                                        "true",
                                        "[null]",
                                        "[{\"a\":1}]",
                                        "{\"choices\":[{\"message\":{\"content\":\"x\"}}]}",
                                        "-1",
                                        "1e99"};
  std::string text = "{\"version\": 2";
  for (const auto& [name, value] : *rc::gen::container<std::vector<std::pair<std::string, std::string>>>(
           rc::gen::pair(rc::gen::elementOf(names), rc::gen::elementOf(values))))
    text += ",\"" + name + "\":" + value;
  text += "}";
  text.reserve(text.size() + TextWindow::kPadding);
  for (const FormatInfo& info : formats()) {
    const std::unique_ptr<Format> format = info.make({});
    JsonParser parser;
    Samples samples;
    const AnswerReader reader(AnswerWords{});
    SamplePool pool(reader, {});
    for (const char* const member : {"", "samples", "header"}) {
      try {
        format->read(parser.parse(text), member, samples);
        format->finish(samples);
        pool.add(samples.all());
      } catch (const BadRecord&) {
      } catch (const WrongFile&) {
      }
      samples.clear();
    }
  }
}

}  // namespace
}  // namespace live
