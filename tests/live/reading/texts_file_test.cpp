#include "live/reading/texts_file.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>
#include <vector>

#include "live/files/compressed_lines.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using testing::HasSubstr;

constexpr const char* kHead = R"({"evotts":"texts","version":1})";
constexpr const char* kGood = R"({"question":0,"branch":1,"text":"a","looks":["b"],"reason":"stop"})";

class TextsFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / fmt::format("evotts_texts_{}", ::getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    file_ = folder_ / "x.texts.jsonl.zst";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  void write_lines(const std::vector<std::string>& lines) const {
    CompressedLines out(file_);
    for (const std::string& line : lines) out.write(line);
    out.finish();
  }
  std::vector<BranchText> texts() const {
    std::vector<BranchText> found;
    read_texts(file_, [&](BranchText each) { found.push_back(std::move(each)); });
    return found;
  }
  std::string failure(const std::vector<std::string>& lines) const {
    write_lines(lines);
    try {
      texts();
    } catch (const replay::InputError& error) {
      return error.what();
    }
    return "";
  }

  std::filesystem::path folder_, file_;
};

TEST_F(TextsFileTest, ComesBackInOrder) {
  const std::vector<BranchText> given = {
      {.question = 3,
       .branch = 127,
       .text = "a\n\"\\\t\x01 \xC3\xA9 \xE2\x80\xAE",
       .looks = {"42}", ""},
       .reason = "stop"},
      {.question = 0, .branch = 0, .text = std::string("\0", 1), .looks = {}, .reason = ""}};
  TextsWriter writer(file_);
  for (const BranchText& each : given) writer.add(each);
  EXPECT_FALSE(std::filesystem::exists(file_));
  writer.finish();
  EXPECT_EQ(texts(), given);
}

TEST_F(TextsFileTest, WhatIsNoUtf8IsReplaced) {
  TextsWriter writer(file_);
  writer.add({.question = 0, .branch = 0, .text = "a\xff\xC3", .looks = {"\x80"}, .reason = "\xE2\x82"});
  writer.finish();
  const BranchText read = texts().at(0);
  EXPECT_EQ(read.text, "a\xEF\xBF\xBD\xEF\xBF\xBD");
  EXPECT_EQ(read.looks, (std::vector<std::string>{"\xEF\xBF\xBD"}));
  EXPECT_EQ(read.reason, "\xEF\xBF\xBD");
}

TEST_F(TextsFileTest, FieldsThatAreNotKnownArePassedOver) {
  EXPECT_EQ(failure({R"({"evotts":"texts","version":1,"by":"x"})",
                     R"({"new":[{}],"reason":"","looks":[],"text":"t","branch":2,"question":1})"}),
            "");
  EXPECT_EQ(texts(), (std::vector<BranchText>{{.question = 1, .branch = 2, .text = "t"}}));
}

TEST_F(TextsFileTest, OtherFilesAreRefused) {
  const std::string expected =
      "is no file of texts: its first line must be {\"evotts\":\"texts\",\"version\":1}";
  EXPECT_THAT(failure({"{}"}), HasSubstr(expected));
  EXPECT_THAT(failure({"hello"}), HasSubstr(expected));
  EXPECT_THAT(failure({kGood}), HasSubstr(expected));
  EXPECT_THAT(failure({R"({"evotts":"journal","version":1})"}), HasSubstr(expected));
  EXPECT_THAT(failure({R"({"evotts":"texts","version":0})"}), HasSubstr(expected));
  EXPECT_THAT(failure({}), HasSubstr("is no file of texts: it holds no line"));
  EXPECT_THAT(failure({R"({"evotts":"texts","version":2})"}),
              HasSubstr("is of version 2, made by a newer program"));
  EXPECT_EQ(failure({kHead}), "");
}

TEST_F(TextsFileTest, EachMistakeIsToldWithItsLine) {
  const auto of = [&](const std::string& line) { return failure({kHead, kGood, line}); };
  EXPECT_THAT(of(kGood), HasSubstr("x.texts.jsonl.zst: line 3: question 0, branch 1 occurs twice"));
  EXPECT_THAT(of("[1]"), HasSubstr("line 3: must be an object, found an array"));
  EXPECT_THAT(of("{\"question\":"), HasSubstr("line 3: column 13: no JSON"));
  EXPECT_THAT(of(""), HasSubstr("line 3: column 1: no JSON"));
  EXPECT_THAT(of(R"({"question":1,"branch":1,"text":"","looks":[]})"),
              HasSubstr("field \"reason\" is missing"));
  EXPECT_THAT(of(R"({"question":-1,"branch":1,"text":"","looks":[],"reason":""})"),
              HasSubstr("field \"question\" must be a whole number, found -1"));
  EXPECT_THAT(of(R"({"question":1,"branch":99999999999999999999999,"text":"","looks":[],"reason":""})"),
              HasSubstr("field \"branch\" must be a whole number"));
  EXPECT_THAT(of(R"({"question":1,"branch":1,"text":["a"],"looks":[],"reason":""})"),
              HasSubstr("field \"text\" must be a string, found an array"));
  EXPECT_THAT(of(R"({"question":1,"branch":1,"text":"","looks":[1],"reason":""})"),
              HasSubstr("field \"looks\" must be a string, found 1"));
  EXPECT_THAT(of(R"({"question":1,"branch":1,"text":"","looks":"x","reason":""})"),
              HasSubstr("field \"looks\" must be an array of strings, found \"x\""));
  EXPECT_THAT(of(R"({"question":1,"question":1,"branch":1,"text":"","looks":[],"reason":""})"),
              HasSubstr("field \"question\" occurs twice"));
}

TEST_F(TextsFileTest, WhatCouldNotBeReadIsNotWritten) {
  TextsWriter writer(file_);
  const std::string most(LineLimits().line + 1, 'x');
  EXPECT_THROW(writer.add({.question = 0, .branch = 0, .text = most}), replay::InputError);
  writer.finish();
  EXPECT_TRUE(texts().empty());
}

TEST_F(TextsFileTest, LiesBesideTheEnvironment) {
  EXPECT_EQ(texts_path("x/y.json"), "x/y.texts.jsonl.zst");
  EXPECT_EQ(texts_path("a.b/y.v2.json"), "a.b/y.v2.texts.jsonl.zst");
  EXPECT_EQ(texts_path("y"), "y.texts.jsonl.zst");
  EXPECT_EQ(texts_path("y.env"), "y.env.texts.jsonl.zst");
}

}  // namespace
}  // namespace live
