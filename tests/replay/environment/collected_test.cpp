#include "replay/environment/collected.hpp"

#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <utility>

#include "replay/environment/input_error.hpp"
#include "replay/environment/reader.hpp"

namespace replay {
namespace {

using testing::EndsWith;
using testing::HasSubstr;

constexpr const char* kPlain = R"([[["7"], 15, "7"]])";
constexpr const char* kSignals = R"([[["7"], 15, "7", {"logprob": [-0.5, -0.25]}]])";

std::string question_with(const std::string& branches, const std::string& fields) {
  return R"({"question": "q", "gold_answer": "7", "probe_freq": 10, "each_branch": )" + branches + fields +
         "}";
}

Environment parse(const std::string& question) {
  return parse_environment("[" + question + "," + question_with(kPlain, "") + "]", "x", "x.json");
}

Environment with_collected(const std::string& collected, const char* branches = kPlain) {
  return parse_environment("[" + question_with(branches, ", \"collected\": " + collected) + "]", "x",
                           "x.json");
}

std::string failure(const std::string& question) {
  try {
    parse(question);
  } catch (const InputError& error) {
    return error.what();
  }
  return "";
}

TEST(Collected, IsKeptInItsCompactForm) {
  const Environment environment =
      with_collected(R"({ "model" : "a b", "sampling": {"temperature": 0.60, "n": [1,
    null, true]}, "text": "\u00e9\u0001\n\"" })");
  EXPECT_EQ(
      environment.collected,
      "{\"model\":\"a "
      "b\",\"sampling\":{\"temperature\":0.6,\"n\":[1,null,true]},\"text\":\"\xC3\xA9\\u0001\\n\\\"\"}");
  EXPECT_EQ(compact_object(environment.collected), environment.collected);
}

TEST(Collected, ComesBackByteForByteInBothLayouts) {
  for (const char* branches : {kPlain, kSignals}) {
    Environment environment =
        with_collected(R"({"model": "m", "rate": 1e-7, "most": 18446744073709551615})", branches);
    const std::string once = to_json(environment);
    EXPECT_EQ(to_json(parse_environment(once, "x", "x.json")), once);
    EXPECT_THAT(once, HasSubstr(environment.collected));
    environment.collected = R"({"x" : 1.50, "y":"\u0041"})";  // as others may have written it
    const std::string canonical = to_json(environment);
    EXPECT_EQ(to_json(parse_environment(canonical, "x", "x.json")), canonical);
  }
  EXPECT_THAT(to_json(with_collected("{}")),
              EndsWith(",\n    \"probe_freq\": 10,\n    \"collected\": {}\n  }\n]"));
  EXPECT_THAT(to_json(with_collected("{}", kSignals)), EndsWith("}]],\"collected\":{}}]"));
}

TEST(Collected, BelongsToTheFirstQuestionAlone) {
  const std::string plain = question_with(kPlain, ""),
                    told = question_with(kPlain, R"(, "collected": {"a": 1})");
  const Environment second = parse_environment("[" + plain + "," + told + "]", "x", "x.json");
  EXPECT_EQ(second.collected, "");
  EXPECT_EQ(to_json(second).find("collected"), std::string::npos);
  const Environment first = parse_environment("[" + told + "," + told + "]", "x", "x.json");
  EXPECT_EQ(first.collected, R"({"a":1})");
  const std::string text = to_json(first);
  EXPECT_EQ(text.find("collected"), text.rfind("collected"));
}

TEST(Collected, OtherTypesArePassedOver) {
  for (const char* const value : {"[1]", "\"2026-11-28\"", "1", "null"})
    EXPECT_EQ(with_collected(value).collected, "") << value;
  EXPECT_EQ(with_collected(R"("x", "collected": {"a": 1})").collected, R"({"a":1})");
}

TEST(Collected, OfTwoNoneIsBelieved) {
  EXPECT_EQ(failure(question_with(kPlain, R"(, "collected": {}, "collected": {})")),
            "x.json: question 0: field \"collected\" occurs twice");
}

TEST(Collected, HasAtMostOneMebibyte) {
  const std::size_t frame = std::string_view(R"({"a":""})").size();
  const auto of_bytes = [&](std::size_t bytes) {
    return R"({"a": ")" + std::string(bytes - frame, 'x') + "\"}";
  };
  EXPECT_EQ(with_collected(of_bytes(kMaxCollectedBytes)).collected.size(), kMaxCollectedBytes);
  EXPECT_THAT(failure(question_with(kPlain, ", \"collected\": " + of_bytes(kMaxCollectedBytes + 1))),
              HasSubstr("question 0: collected has 1048577 bytes, where at most 1048576 are kept"));
}

TEST(Collected, DeepNestingAndDoubledNamesAreHarmless) {
  std::string deep = "1";
  for (int i = 0; i < 900; ++i) deep = "[" + deep + "]";
  const Environment environment = with_collected("{\"a\":" + deep + ",\"a\":2,\"\":3}");
  EXPECT_EQ(environment.collected, "{\"a\":" + deep + ",\"a\":2,\"\":3}");
  EXPECT_EQ(parse_environment(to_json(environment), "x", "x.json").collected, environment.collected);
}

TEST(Collected, StaysWithoutSignalsAndOutsideTheDigestOfQuestions) {
  const Environment told = with_collected(R"({"a":1})", kSignals);
  const Environment plain = without_signals(told);
  EXPECT_EQ(plain.collected, told.collected);
  EXPECT_THAT(to_json(plain), HasSubstr(R"("collected": {"a":1})"));
  EXPECT_EQ(question_digest(told.questions[0]), question_digest(with_collected("{}", kSignals).questions[0]));
}

}  // namespace
}  // namespace replay
