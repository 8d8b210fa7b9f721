// Signals in files: read, refused, written back, dropped.
#include <bit>
#include <cmath>
#include <cstdint>
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <iterator>
#include <limits>
#include <rapidcheck/gtest.h>
#include <string>
#include <utility>
#include <vector>

#include "replay/environment/input_error.hpp"
#include "replay/environment/question_builder.hpp"
#include "replay/environment/reader.hpp"
#include "replay/environment/reweighting.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/uniform.hpp"

namespace replay {
namespace {

using testing::HasSubstr;

Environment parse(std::string json) { return parse_environment(std::move(json), "x", "x.json"); }

std::string failure(const std::string& json) {
  try {
    parse(json);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

std::string question_with(const std::string& branches) {
  return R"({"question": "q", "gold_answer": "7", "probe_freq": 100, "each_branch": [)" + branches + "]}";
}

std::string file_with(const std::string& branches) { return "[" + question_with(branches) + "]"; }

TEST(SignalReading, NamesAreColumnsInAlphabeticalOrder) {
  const Environment env = parse(file_with(
      R"([["7", "8"], 250, "7", {"logprob": [-1, -3, -2.0], "entropy": [4, 2, 8]}],
         [[], 30, "8", {"entropy": [5], "logprob": [-0.0]}])"));
  EXPECT_EQ(env.signals, (std::vector<std::string>{"entropy", "logprob"}));
  EXPECT_EQ(env.written_signals, (std::vector<std::string>{"logprob", "entropy"}));
  const Question& question = env.questions[0];
  ASSERT_EQ(question.signals.size(), 2U);
  EXPECT_EQ(question.signals[0].latest, (std::vector<double>{0, 4, 2, 8, 0, 5}));
  EXPECT_EQ(question.signals[0].mean, (std::vector<double>{0, 4, 3, 4, 0, 5}));
  EXPECT_EQ(question.signals[1].least_step, (std::vector<std::uint16_t>{0, 1, 2, 2, 0, 1}));
  EXPECT_EQ(question.branches[1].first_signal, 4U);
}

TEST(SignalReading, NoNamesAreNoSignals) {
  EXPECT_EQ(parse(file_with(R"([[], 5, "7", {}], [[], 6, "7"])")).questions,
            parse(file_with(R"([[], 5, "7"], [[], 6, "7", {}])")).questions);
}

TEST(SignalReading, NamesThePlaceOfEveryMistake) {
  const std::string first = "x.json: question 0, branch 0: ", second = "x.json: question 0, branch 1: ";
  const std::string good = R"([["1"], 150, "7", {"a": [1, 2], "b": [3, 4]}], )";
  const auto beside = [&](const std::string& signals) {
    return file_with(good + R"([["1"], 150, "7", )" + signals + "]");
  };
  std::string many;
  for (int i = 0; i < 17; ++i) many += fmt::format(R"({}"s{}": [1])", i == 0 ? "" : ", ", i);
  const std::vector<std::pair<std::string, std::string>> cases{
      {file_with(R"([[], 1, "7", 1])"), first + "signals must be an object, found 1"},
      {file_with(R"([[], 1, "7", null])"), first + "signals must be an object, found null"},
      {file_with(R"([[], 1, "7", {"a": [1]}, 1])"),
       first + "must be [probes, tokens, final answer] or [probes, tokens, final answer, signals], found an "
               "array of 5"},
      {file_with(R"([[], 1, "7", {"a b": [1]}])"),
       first + "signal \"a b\": a name has 1 to 64 letters, digits and _"},
      {file_with(R"([[], 1, "7", {"": [1]}])"),
       first + "signal \"\": a name has 1 to 64 letters, digits and _"},
      {file_with(R"([[], 1, "7", {"a": [1], "a": [1]}])"), first + "signal \"a\" occurs twice"},
      {file_with(R"([[], 1, "7", {)" + many + "}]"), first + "has more than 16 signals"},
      {file_with(good + R"([["1"], 150, "7"])"),
       second + "has no signals, but the first branch of the file has a, b"},
      {file_with(R"([[], 1, "7"], [[], 1, "7", {"a": [1]}])"),
       second + "signal \"a\" is not in the first branch of the file, which has no signals"},
      {beside(R"({"a": [1, 2]})"), second + "has no signal \"b\", but the first branch of the file has it"},
      {beside(R"({"a": [1, 2], "b": [1, 2], "c": [1, 2]})"),
       second + "signal \"c\" is not in the first branch of the file, which has a, b"},
      {beside(R"({"b": [1, 2], "b": [1, 2]})"), second + "signal \"b\" occurs twice"},
      {beside(R"({"a": 1, "b": [1, 2]})"), second + "signal \"a\" must be an array of numbers, found 1"},
      {beside(R"({"a": [1, 2], "b": [1]})"),
       second + "signal \"b\" must have 2 numbers, one more than there are probes, found 1"},
      {beside(R"({"a": [1, 2, 3], "b": [1, 2]})"),
       second + "signal \"a\" must have 2 numbers, one more than there are probes, found 3"},
      {beside(R"({"a": [], "b": [1, 2]})"),
       second + "signal \"a\" must have 2 numbers, one more than there are probes, found 0"},
      {beside(R"({"a": [1, null], "b": [1, 2]})"),
       second + "signal \"a\": number 1 must be finite, found null"},
      {beside(R"({"a": ["1", 2], "b": [1, 2]})"),
       second + "signal \"a\": number 0 must be finite, found \"1\""},
      {beside(R"({"a": [1, 2], "b": [1.7e308, 2]})"),
       second + "signal \"b\": the sum of its numbers, weighted by tokens, is too large"},
  };
  for (const auto& [json, message] : cases) EXPECT_EQ(failure(json), message) << json;
}

TEST(SignalReading, AllQuestionsOfAFileHaveTheSameSignals) {
  const std::string with = question_with(R"([[], 1, "7", {"a": [1]}])"),
                    without = question_with(R"([[], 1, "7"])");
  EXPECT_EQ(failure("[" + with + ", " + without + "]"),
            "x.json: question 1, branch 0: has no signals, but the first branch of the file has a");
  EXPECT_EQ(failure("[" + without + ", " + with + "]"),
            "x.json: question 1, branch 0: signal \"a\" is not in the first branch of the file, which has no "
            "signals");
}

// Python, JavaScript and C write them so; none of it is JSON.
TEST(SignalReading, WhatIsNotFiniteIsToldWithItsPlace) {
  for (const char* word : {"NaN", "-Infinity", "Infinity", "nan", "-inf", "inf", "-nan"}) {
    const std::string json =
        file_with(fmt::format(R"([[], 1, "[,{{", {{"a": [1]}}], [[], 1, "7", {{"a": [{}]}}])", word));
    EXPECT_THAT(failure(json),
                testing::StartsWith("x.json: question 0, branch 1, signal \"a\": line 1, column "));
    EXPECT_THAT(failure(json), HasSubstr(fmt::format(": {} is not a finite number", word)));
  }
  const std::string large = file_with(R"([[], 1, "7", {"a": [1]}], [[], 1, "7", {"a": [1e999]}])");
  EXPECT_THAT(failure("[" + question_with(R"([[], 1, "7", {"a": [1]}])") + "," + large.substr(1)),
              testing::ContainsRegex("x.json: question 1, branch 1, signal \"a\": .*number is too large"));
}

// Any finite double: by its bits.
double any_double() {
  for (;;) {
    const auto bits = *tests::uniform<std::uint64_t>(0, std::numeric_limits<std::uint64_t>::max());
    const double value = std::bit_cast<double>(bits);
    if (std::isfinite(value) && std::abs(value) < 1e290) return value;
  }
}

RC_GTEST_PROP(SignalReading, ReadsBackWhatItWrites, ()) {
  Environment env{"x", "x.json", "", {"a", "b"}, {}, {}};
  if (*tests::uniform(0, 2) == 1) env.written_signals = {"b", "a"};
  for (int questions = *tests::uniform(1, 3); questions > 0; --questions) {
    QuestionBuilder builder("q", "1", *tests::uniform<std::int64_t>(1, 1000), 2);
    for (int branches = *tests::uniform(1, 4); branches > 0; --branches) {
      const int probes = *tests::uniform(0, 4);
      for (int i = 0; i < probes; ++i) builder.add_probe("1");
      std::vector<double> any, usual;
      for (int i = 0; i <= probes; ++i) {
        any.push_back(any_double());
        usual.push_back(*tests::uniform(-1000, 1001) / 1000.0);
      }
      builder.add_signal(0, any);
      builder.add_signal(1, usual);
      builder.end_branch(*tests::uniform<std::int64_t>(0, 5000), "2");
    }
    env.questions.push_back(std::move(builder).finish());
  }
  const std::string json = to_json(env);
  const Environment read = parse(json);
  RC_ASSERT(read.questions == env.questions);
  RC_ASSERT(to_json(read) == json);
}

TEST(SignalReading, NumbersAreWrittenAsPythonWritesThem) {
  const std::string json =
      R"([{"question":"q","gold_answer":"7","probe_freq":9,"each_branch":[[["7","8","9","7","7"],5,"7",)"
      R"({"b":[-0.0,1e-05,0.0001,1e+16,1000000000000000.0,-3.0]}]]}])";
  EXPECT_EQ(to_json(parse(json)), json);
}

TEST(SignalReading, DroppedSignalsLeaveTheOldForm) {
  const Environment env = parse(file_with(R"([["7"], 150, "7", {"a": [1, 2]}], [[], 5, "8", {"a": [3]}])"));
  const Environment plain = parse(file_with(R"([["7"], 150, "7"], [[], 5, "8"])"));
  EXPECT_EQ(without_signals(env).questions, plain.questions);
  EXPECT_EQ(to_json(without_signals(env)), to_json(plain));
  EXPECT_EQ(question_digest(env.questions[0]), question_digest(plain.questions[0]));
}

TEST(SignalReading, TheDigestOfAQuestionIsThatOfWhatWasAskedAndAnswered) {
  const auto digest = [](const std::string& question) {
    return question_digest(parse("[" + question + "]").questions[0]);
  };
  const std::string plain = question_with(R"([["7"], 150, "7"], [[], 5, "8"])");
  EXPECT_EQ(digest(plain),
            digest(R"({"each_branch": [[["7"], 150, "7", {"s": [9, 8]}], [[], 5.0, "8", {"s": [1]}]],
      "collected": "2026-11-28", "probe_freq": 100, "gold_answer": "7", "question": "\u0071"})"));
  EXPECT_EQ(digest(plain).size(), 16U);
  for (const auto& [from, to] :
       std::vector<std::pair<std::string, std::string>>{{"\"q\"", "\"r\""},
                                                        {"\"gold_answer\": \"7\"", "\"gold_answer\": \"8\""},
                                                        {"\"8\"", "\"9\""},
                                                        {"[\"7\"]", "[\"8\"]"}}) {
    std::string changed = plain;
    const std::size_t at = changed.find(from);
    ASSERT_NE(at, std::string::npos) << from;
    changed.replace(at, from.size(), to);
    EXPECT_NE(digest(changed), digest(plain)) << from;
  }
}

TEST(SignalReading, AReweightedVariantHasTheSignalsOfItsBranches) {
  std::string branches;
  for (int i = 0; i < 32; ++i)
    branches += fmt::format(R"({}[{}, {}, "{}", {{"a": {}}}])", i == 0 ? "" : ", ",
                            i % 2 == 0 ? R"(["7"])" : "[]", 100 + i, i % 3 == 0 ? 7 : 8,
                            i % 2 == 0 ? fmt::format("[{}, 2]", i) : fmt::format("[{}]", i));
  const Environment variant = reweighted(parse(file_with(branches)), 0.5);
  EXPECT_EQ(variant.signals, std::vector<std::string>{"a"});
  const Question& question = variant.questions[0];
  ASSERT_EQ(question.branches.size(), 18U);
  for (const Branch& branch : question.branches)
    EXPECT_EQ(question.signals[0].latest[branch.first_signal + 1], static_cast<double>(branch.tokens - 100));
  EXPECT_EQ(parse(to_json(variant)).questions[0].signals, question.signals);
}

std::string bytes_of(const std::filesystem::path& path) {
  std::ifstream stream(path, std::ios::binary);
  return {std::istreambuf_iterator<char>(stream), std::istreambuf_iterator<char>()};
}

TEST(SignalReading, RecordingsWithSignalsComeBackByteByByte) {
  const auto folder = tests::shared_data("replay_arith");
  if (!folder) GTEST_SKIP() << tests::kNoSharedData;
  int files = 0;
  for (const auto& entry : std::filesystem::recursive_directory_iterator(*folder)) {
    if (entry.path().extension() != ".json") continue;
    EXPECT_TRUE(to_json(read_environment(entry.path())) == bytes_of(entry.path())) << entry.path();
    ++files;
  }
  EXPECT_GT(files, 0);
}

}  // namespace
}  // namespace replay
