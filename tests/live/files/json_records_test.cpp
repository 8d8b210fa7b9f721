#include "live/files/json_records.hpp"

#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <vector>

namespace live {
namespace {

TEST(JsonRecords, GivesMembersAsTheyAreWritten) {
  const std::string text =
      " { \"a\" : 1.50 , \"b\\u0041\":\"x,}\\\"\" ,\"c\":[1,{\"d\":\"]\"}, [ ] ], \"e\":{ "
      "},\"f\":-0,\"a\":null } ";
  const std::vector<std::pair<std::string, std::string>> expected = {
      {"a", "1.50"}, {"bA", "\"x,}\\\"\""}, {"c", "[1,{\"d\":\"]\"}, [ ] ]"},
      {"e", "{ }"},  {"f", "-0"},           {"a", "null"}};
  std::vector<std::pair<std::string, std::string>> found;
  for (const JsonMember& each : members_of(text)) found.emplace_back(each.name, each.value);
  EXPECT_EQ(found, expected);
  EXPECT_TRUE(members_of("{}").empty());
  EXPECT_EQ(string_of("\"x,}\\\"\""), "x,}\"");
}

TEST(JsonRecords, GivesElements) {
  EXPECT_EQ(elements_of(" [ 1 , \"a]\" ,[2,3],{\"b\":[4]} ,true ] ", 9),
            (std::vector<std::string_view>{"1", "\"a]\"", "[2,3]", "{\"b\":[4]}", "true"}));
  EXPECT_TRUE(elements_of("[ ]", 0).empty());
  EXPECT_EQ(elements_of("[1,2]", 2).size(), 2U);
  EXPECT_THROW(elements_of("[1,2,3]", 2), std::length_error);
  EXPECT_THROW(members_of(R"({"a":1,"b":2})", 1), std::length_error);
}

TEST(JsonRecords, KnowsKinds) {
  EXPECT_EQ(kind_of(" {"), JsonKind::kObject);
  EXPECT_EQ(kind_of("["), JsonKind::kArray);
  EXPECT_EQ(kind_of("\"\""), JsonKind::kString);
  EXPECT_EQ(kind_of("-1"), JsonKind::kNumber);
  EXPECT_EQ(kind_of("true"), JsonKind::kBoolean);
  EXPECT_EQ(kind_of("null"), JsonKind::kNull);
}

TEST(JsonRecords, TellsWhereATextIsMalformed) {
  EXPECT_EQ(malformed_at(R"({"a": [1, 2.5e3, "b", null, true]})"), std::nullopt);
  EXPECT_EQ(malformed_at("[1,]"), 3U);
  EXPECT_EQ(malformed_at("[1] x"), 4U);
  EXPECT_EQ(malformed_at("{"), 1U);
  EXPECT_EQ(malformed_at(""), 0U);
  EXPECT_NE(malformed_at("\"\\ud800\""), std::nullopt);
  EXPECT_NE(malformed_at("\"\x01\""), std::nullopt);
}

TEST(JsonRecords, DeepNestingTakesNoStack) {
  const std::string deep = std::string(1'000'000, '[') + std::string(1'000'000, ']');
  EXPECT_EQ(malformed_at(deep), std::nullopt);
  EXPECT_EQ(elements_of("[" + deep + ",1]", 2).at(1), "1");
}

TEST(JsonRecords, WritesStrings) {
  EXPECT_EQ(json_text("a\"\n\x01\xC3\xA9"), "\"a\\\"\\n\\u0001\xC3\xA9\"");
  EXPECT_EQ(string_of(json_text(std::string("\0x", 2))), std::string("\0x", 2));
}

}  // namespace
}  // namespace live
