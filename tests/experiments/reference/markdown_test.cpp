// Texts in pages of Markdown are shown as they are.
#include "experiments/reference/markdown.hpp"

#include <gtest/gtest.h>

namespace experiments {
namespace {

TEST(Markdown, WhatWouldBeAMarkIsText) {
  EXPECT_EQ(prose("folders of *.json, <x>"), "folders of \\*.json, \\<x>");
  EXPECT_EQ(prose("`a*b` and a*b"), "`a*b` and a\\*b");
  EXPECT_EQ(prose("with '_' for '-'; budget_low"), "with '\\_' for '-'; budget_low");
  EXPECT_EQ(code(""), "");
  EXPECT_EQ(code("a|b"), "`a|b`");
}

TEST(Markdown, CellsKeepToTheirTable) {
  EXPECT_EQ(markdown_table({"a", "b"}, {{"x|y", ""}, {"1\n2", "3"}}),
            "| a | b |\n| --- | --- |\n| x\\|y | |\n| 1 2 | 3 |\n");
}

TEST(Markdown, HeadingsAreLinkedToByTheirWords) {
  EXPECT_EQ(anchor("evotts env synth"), "#evotts-env-synth");
  EXPECT_EQ(anchor("[[models]]"), "#models");
}

TEST(Markdown, LinesAreBrokenBetweenWords) {
  EXPECT_EQ(wrapped("one two three four", 9, "  "), "one two\n  three\n  four");
  EXPECT_EQ(wrapped("a-word-that-is-too-long b", 5, ""), "a-word-that-is-too-long\nb");
  EXPECT_EQ(wrapped("", 5, ""), "");
}

}  // namespace
}  // namespace experiments
