#include "genome/base/text.hpp"

#include <algorithm>
#include <gtest/gtest.h>
#include <nlohmann/json.hpp>
#include <rapidcheck/gtest.h>
#include <string>
#include <vector>

namespace genome::base {
namespace {

TEST(Text, ControlCharactersAreMadeVisible) {
  EXPECT_EQ(one_line("a\x1b[31mb\n\tc\r\x7f"), "a\\x1b[31mb\\n\\tc\\r\\x7f");
  EXPECT_EQ(one_line("\xC2\x9B"
                     "1m \xC3\xA9"),
            "\\x9b1m \xC3\xA9");  // U+009B is a control, U+00E9 is none
  EXPECT_EQ(block("a\x1b\n\tb\r\n"), "a?\n b?\n");
}

TEST(Text, WhatTurnsOrHidesTextIsMadeVisible) {
  EXPECT_EQ(one_line("a\u202Ecba\u2066 \u200Bx\uFEFF\u2028"), "a\\u202ecba\\u2066 \\u200bx\\ufeff\\u2028");
  EXPECT_EQ(one_line("\U000E0041"), "\\ue0041");
  EXPECT_EQ(one_line("\u05D0 \u4E2D \U0001F600"), "\u05D0 \u4E2D \U0001F600");
  EXPECT_EQ(block("\uFEFFa\u202Eb\n"), "ab\n");
  EXPECT_EQ(one_line(one_line("\u202E\x1b\n")), one_line("\u202E\x1b\n"));
}

TEST(Text, BrokenUtf8IsReplaced) {
  EXPECT_EQ(valid_utf8("a\xFF"
                       "b"),
            "a\xEF\xBF\xBD"
            "b");
  EXPECT_EQ(valid_utf8("\xC3\xA9"), "\xC3\xA9");
  EXPECT_EQ(valid_utf8(std::string_view("\0x", 2)), std::string("\0x", 2));
}

TEST(Text, LinesForATerminalSteerNothingAndStayJson) {
  EXPECT_EQ(harmless("a\tb\nc\x1b[2Jd\u202E"), "a\tb\nc\\u001b[2Jd\\u202e");
  EXPECT_EQ(harmless("caf\u00e9 \u9b5a"), "caf\u00e9 \u9b5a");
  const std::string all = "\u0085\u009b\u200e\u202e\ufeff\U000e0001\r";
  EXPECT_EQ(nlohmann::json::parse("\"" + harmless(all) + "\"").get<std::string>(), all);
}

TEST(Text, CutsBetweenCharacters) {
  EXPECT_EQ(beginning("ab\xC3\xA9", 3), "ab");
  EXPECT_EQ(beginning("ab\xC3\xA9", 4), "ab\xC3\xA9");
  EXPECT_EQ(ending("\xC3\xA9"
                   "ab",
                   3),
            "ab");
  EXPECT_EQ(ending("ab", 9), "ab");
  EXPECT_EQ(trimmed(" \r\n a b\t\n"), "a b");
  EXPECT_EQ(trimmed(" \n"), "");
}

RC_GTEST_PROP(Text, AnyBytesCanBeShown, (const std::string& bytes, std::size_t cut)) {
  const std::string valid = valid_utf8(bytes);
  RC_ASSERT(valid_utf8(valid) == valid);
  RC_ASSERT(std::ranges::none_of(one_line(bytes),
                                 [](char c) { return static_cast<unsigned char>(c) < 0x20 || c == 0x7F; }));
  const std::size_t most = cut % (valid.size() + 2);
  RC_ASSERT(beginning(valid, most).size() <= most);
  RC_ASSERT(valid_utf8(beginning(valid, most)) == beginning(valid, most));
  RC_ASSERT(valid_utf8(ending(valid, most)) == ending(valid, most));
}

}  // namespace
}  // namespace genome::base
