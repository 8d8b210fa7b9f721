// Lists as Python prints them.
#include "live/files/python_values.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <string>

#include "live/files/json_records.hpp"

namespace live {
namespace {

using testing::HasSubstr;

std::string json(const std::string& text) { return json_of_python_list(text).value_or("none"); }
std::string wrong(const std::string& text) {
  const auto read = json_of_python_list(text);
  return read ? "" : read.error();
}

TEST(PythonValues, ListsAreReadAsTheyArePrinted) {
  EXPECT_EQ(json("[]"), "[]");
  EXPECT_EQ(json(" [ ] "), "[]");
  EXPECT_EQ(json("['a', 'b']"), R"(["a","b"])");
  EXPECT_EQ(json("[1, 2.5, None, True, False, -3, 1e-05, 2.5e+16]"),
            "[1,2.5,null,true,false,-3,1e-05,2.5e+16]");
  EXPECT_EQ(json("[nan, inf, -inf]"), "[null,null,null]");
  EXPECT_EQ(json(R"(["it's", 'so "4"', 'both \' and "'])"), R"(["it's","so \"4\"","both ' and \""])");
  EXPECT_EQ(json(R"(['\\boxed{4}\n\t\r', '\x1b\xe9', '\u200b', '\U0001f600', '\ud800'])"),
            R"(["\\boxed{4}\n\t\r","\u001b\u00e9","\u200b","\ud83d\ude00","\ufffd"])");
  EXPECT_EQ(json("[['a'], ('b',), (), (1, 2), {'role': 'user', 'n': [1]}, {}]"),
            R"([["a"],["b"],[],[1,2],{"role":"user","n":[1]},{}])");
  EXPECT_EQ(json("[np.float64(0.5), np.int64(3), np.True_, np.str_('x')]"), R"([0.5,3,true,"x"])");
  EXPECT_EQ(json("['\xC3\xA9']"), "[\"\xC3\xA9\"]");
}

TEST(PythonValues, WhatIsElseIsToldWithItsPlace) {
  EXPECT_THAT(wrong("['a' 'b']"), HasSubstr(", or ] is expected after `['a' `"));
  EXPECT_THAT(wrong("['a', 'b"), HasSubstr("' is expected after"));
  EXPECT_THAT(wrong("['a', 'b'"), HasSubstr(", or ] is expected"));
  EXPECT_THAT(wrong("['a',]"), HasSubstr("a value is expected"));
  EXPECT_THAT(wrong("[(1)]"), HasSubstr(", is expected"));
  for (const char* const text : {"",        "[",          "x",        "(1, 2)",    "{'a': 1}",
                                 "[1] 2",   "[01]",       "[1.]",     "[.5]",      "[1e]",
                                 "[--1]",   "[x]",        "['\\d']",  "['\\x4']",  "['\\U00110000']",
                                 "['\\",    "['a\nb']",   "[{1: 2}]", "[{'a' 1}]", "[np.array([1])",
                                 "[b'a']",  "[...]",      "[1, , 2]", "[,]",       "[(,)]",
                                 "[True1]", "[{'a': 1,}]"})
    EXPECT_NE(wrong(text), "") << text;
  EXPECT_THAT(wrong(std::string(100'000, '[')), HasSubstr("fewer levels"));
}

// Whatever is read is JSON; all else is refused.
RC_GTEST_PROP(PythonValues, WhatIsReadIsJson, (const std::string& noise)) {
  static constexpr std::string_view kParts[] = {
      "[", "]", "'", "\"", "\\",   ",",   " ",       "(",   ")",     "{",   "}",   ":",
      "1", "-", ".", "e",  "None", "np.", "float64", "nan", "\\u00", "\\n", "abc", "True"};
  std::string text = "[";
  for (const char c : noise) text += kParts[static_cast<unsigned char>(c) % std::size(kParts)];
  text += ']';
  if (const auto read = json_of_python_list(text)) RC_ASSERT(!malformed_at(*read));
}

}  // namespace
}  // namespace live
