#include "experiments/config/toml_text.hpp"

#include <gtest/gtest.h>
#include <string>

namespace experiments {
namespace {

std::string refused(std::string_view text) {
  try {
    read_toml(text);
  } catch (const toml::parse_error& error) {
    return std::to_string(error.source().begin.line) + ": " + std::string(error.description());
  }
  return "";
}

TEST(TomlText, KeysOfTooManyPartsAreRefusedWhereverTheyStand) {
  const std::string deep = "a.b.c.d.e.f.g.h.i";
  static_assert(kMostKeyParts == 8);
  for (const std::string& text :
       {deep + " = 1", "[" + deep + "]", "[[" + deep + "]]", "x = { " + deep + " = 1 }",
        "x = [\n{" + deep + "=1}]", std::string(R"(a . 'b' . "c=".d.e.f.g.h.i = 1)"),
        "x = '''\n'''\n" + deep + " = 1", "# it's\n" + deep + " = 1"})
    EXPECT_NE(refused(text).find("a key of more than 8 parts"), std::string::npos) << text;
  EXPECT_EQ(refused("x = 1\n\n" + deep + " = 1"), "3: a key of more than 8 parts");
}

TEST(TomlText, DotsElsewhereAreNoParts) {
  for (const char* text :
       {"a.b.c.d.e.f.g.h = 1", "x = [0.1, 0.2, 0.3, 0.4, 0.5, 0.6, 0.7, 0.8, 0.9]", "x = '..........'",
        R"(x = "..........\"....")", "x = \"\"\"\n.........\n...\n\"\"\"", "x = 1 # ............",
        "x = 1979-05-27T00:32:00.999999\ny = 0.5"})
    EXPECT_EQ(refused(text), "") << text;
}

TEST(TomlText, StringsAndCommentsHaveAnyCharacters) {
  for (const char* text : {"x = \"\xC3\xB6\"  # \xCE\xA3", "'\xCE\xA3' = '\xCE\xA3'", "# \xCE\xA3",
                           "x = \"\"\"\n\xCE\xA3\n\"\"\""})
    EXPECT_EQ(refused(text), "") << text;
  EXPECT_EQ(refused("a = 'b'\nx = \"\"\"c\"\"\"\"  # \xCE\xA3\ny = ['\xCE\xA3']"), "");
  EXPECT_EQ(refused("x = 1\ny = \xE2\x80\x9Cz\xE2\x80\x9D"),
            "2: only strings and comments may have characters beyond ASCII");
}

TEST(TomlText, WhatIsNoTomlIsToldAsSuch) {
  EXPECT_NE(refused("x = 'open\ny = 1"), "");
  EXPECT_NE(refused("x = \"\"\"open"), "");
}

}  // namespace
}  // namespace experiments
