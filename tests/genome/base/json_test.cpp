#include "genome/base/json.hpp"

#include <gtest/gtest.h>
#include <string>

namespace genome::base {
namespace {

std::string nested(std::size_t depth) { return std::string(depth, '[') + std::string(depth, ']'); }

std::string list_of(std::size_t values) {
  std::string text = "[1";
  for (std::size_t i = 1; i < values; ++i) text += ",1";
  return text + "]";
}

TEST(Json, WhatIsWithinTheLimitsIsReadAsItIs) {
  EXPECT_EQ(read_json(R"({"a": [1, "[[,,{\"\\"]})")["a"][1], "[[,,{\"\\");
  EXPECT_TRUE(read_json(nested(kMostJsonDepth)).is_array());
  EXPECT_EQ(read_json(list_of(1000)).size(), 1000U);
  const auto ordered = read_json<nlohmann::ordered_json>(R"({"z": 1, "a": 2})");
  EXPECT_EQ(ordered.begin().key(), "z");
}

TEST(Json, WhatIsNestedTooDeepIsNotRead) {
  EXPECT_TRUE(read_json(nested(kMostJsonDepth + 1)).is_discarded());
  EXPECT_NE(beyond_json_limits(nested(kMostJsonDepth + 1)), "");
  EXPECT_NE(beyond_json_limits(std::string(1000, '{')), "");
  // Brackets in texts are no nesting, and closed ones no longer.
  EXPECT_EQ(beyond_json_limits("\"" + std::string(1000, '[') + "\""), "");
  std::string flat = "[";
  for (int i = 0; i < 200; ++i) flat += "[],";
  EXPECT_EQ(beyond_json_limits(flat + "[]]"), "");
}

TEST(Json, TooManyValuesAreNotRead) {
  EXPECT_EQ(beyond_json_limits(list_of(kMostJsonValues - 1)), "");
  EXPECT_NE(beyond_json_limits(list_of(kMostJsonValues)), "");
}

TEST(Json, WhatIsNoJsonIsDiscardedOrTold) {
  for (const char* const bad : {"", "[", "]", "{\"a\"", "\"x", "\"\\", "nul"}) {
    EXPECT_TRUE(read_json(bad).is_discarded()) << bad;
    EXPECT_THROW(expect_json(bad), std::exception) << bad;
  }
  EXPECT_THROW(expect_json(nested(kMostJsonDepth + 1)), std::length_error);
  EXPECT_EQ(expect_json("[1]").size(), 1U);
}

}  // namespace
}  // namespace genome::base
