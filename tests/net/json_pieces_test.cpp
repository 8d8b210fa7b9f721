#include "net/json_pieces.hpp"

#include <gtest/gtest.h>
#include <string>

namespace net {
namespace {

using Json = nlohmann::json;

std::optional<std::int64_t> count(const std::string& text) {
  const Json json = Json::parse(text);
  return count_of(&json);
}

TEST(JsonPieces, CountsAreCountsHoweverTheyAreWritten) {
  EXPECT_EQ(count("12"), 12);
  EXPECT_EQ(count("0"), 0);
  EXPECT_EQ(count("12.0"), 12);
  EXPECT_EQ(count("1.2e3"), 1200);
  EXPECT_EQ(count("12.25"), 13) << "a budget must not come out too low";
  EXPECT_EQ(count("\"12\""), 12);
  EXPECT_EQ(count("\"12.0\""), 12);
  for (const char* none : {"null", "true", "\"\"", "\"many\"", "\"12 \"", "\"nan\"", "\"inf\"", "-1", "-0.5",
                           "1e300", "18446744073709551615", "[]", "{}"})
    EXPECT_EQ(count(none), std::nullopt) << none;
  EXPECT_EQ(count_of(nullptr), std::nullopt);
}

TEST(JsonPieces, UsageIsReadWhateverItsNumbersLookLike) {
  const Usage usage = usage_in(Json::parse(R"({"usage": {"prompt_tokens": 10.0, "completion_tokens": "5",
      "prompt_tokens_details": null, "completion_tokens_details": {"reasoning_tokens": 3.0}}})"));
  EXPECT_EQ(usage.input, 10);
  EXPECT_EQ(usage.output, 5);
  EXPECT_EQ(usage.cached_read, std::nullopt);
  EXPECT_EQ(usage.reasoning, 3);
  EXPECT_FALSE(
      usage_in(Json::parse(R"({"usage": {"prompt_tokens": null, "completion_tokens": 5}})")).known());
  EXPECT_FALSE(usage_in(Json::parse(R"({"usage": null})")).known());
}

}  // namespace
}  // namespace net
