// Files of questions that are damaged, foreign or made to cost.
#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <sys/stat.h>
#include <unistd.h>
#include <vector>

#include "live/reading/question_file.hpp"
#include "replay/environment/input_error.hpp"
#include "replay/environment/limits.hpp"

namespace live {
namespace {

using testing::HasSubstr;
using Questions = std::vector<CollectQuestion>;

class HostileQuestionFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ =
        std::filesystem::path(testing::TempDir()) / fmt::format("evotts_hostile_questions_{}", ::getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
    file_ = folder_ / "q.csv";
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  std::string failure() const {
    try {
      read_questions(file_);
    } catch (const replay::InputError& error) {
      return error.what();
    }
    return "";
  }
  void put(const std::string& bytes) const { std::ofstream(file_, std::ios::binary) << bytes; }
  std::string failure(const std::string& bytes) const {
    put(bytes);
    return failure();
  }

  std::filesystem::path folder_, file_;
};

TEST_F(HostileQuestionFileTest, MarksAndLineEndsOfOtherSystemsAreFine) {
  for (const char* bytes :
       {"\xEF\xBB\xBFquestion,answer\r\na,1\r\n", "\xEF\xBB\xBF{\"question\":\"a\",\"answer\":1}\r\n\r\n",
        "\xEF\xBB\xBF[\r\n{\"question\":\"a\",\"answer\":1}\r\n]\r\n", "question,answer\ra,1\r"}) {
    put(bytes);
    EXPECT_EQ(read_questions(file_), (Questions{{"a", "1"}})) << bytes;
  }
}

TEST_F(HostileQuestionFileTest, WhatIsNoTextIsToldWithItsLine) {
  EXPECT_THAT(failure("question,answer\na\xff,1\n"), HasSubstr("q.csv: line 2: is no text in UTF-8"));
  EXPECT_THAT(failure("{\"question\":\"\xC3\",\"answer\":1}"), HasSubstr("line 1: is no text in UTF-8"));
  EXPECT_THAT(failure(std::string("question,answer\n\na\0,1\n", 22)),
              HasSubstr("line 3: holds a byte of value 0"));
  EXPECT_THAT(failure(R"({"question":"a\u0000","answer":1})"),
              HasSubstr("line 1: field \"question\" holds a character of code 0"));
  EXPECT_THAT(failure("\xFF\xFEq\0,\0"), HasSubstr("q.csv: line 1: is no text in UTF-8"));
}

TEST_F(HostileQuestionFileTest, NothingIsNoQuestion) {
  for (const char* bytes : {"", "\n \r\n", "\xEF\xBB\xBF"})
    EXPECT_THAT(failure(bytes), HasSubstr("q.csv: is empty"));
  for (const char* bytes : {"[]", "question,answer\n"})
    EXPECT_THAT(failure(bytes), HasSubstr("q.csv: holds no questions"));
}

TEST_F(HostileQuestionFileTest, WhatIsMalformedIsToldWithItsPlace) {
  EXPECT_THAT(failure("{\n\"question\":\"a\",\"answer\":1}"),
              HasSubstr("q.csv: line 1: no JSON, which must be one object a line"));
  EXPECT_THAT(
      failure("{\"question\":\"a\",\"answer\":1}\n{\"question\":\"b\",\"answer\":01}"),
      HasSubstr(
          "line 2: no JSON, which must be one object a line: column 27, after `tion\":\"b\",\"answer\":0`"));
  EXPECT_THAT(failure("[{\"question\":\"a\",\"answer\":1},\n{]"),
              HasSubstr("q.csv: line 2, column 2: not valid JSON"));
  EXPECT_THAT(failure("{\"question\":\"\\ud800\",\"answer\":1}"), HasSubstr("line 1: no JSON"));
  EXPECT_THAT(failure("question,answer\n\"a,1\nb,2\n"), HasSubstr("line 2: a quoted field does not end"));
  EXPECT_THAT(failure("question,answer\na \"b\",1\n"),
              HasSubstr("line 2: a quotation mark stands inside a field"));
}

TEST_F(HostileQuestionFileTest, ControlCharactersAreShownAsSuch) {
  EXPECT_THAT(failure("\x1b[31m,a\nb,c\n"), HasSubstr("there are \"\\x1b[31m\", \"a\""));
  EXPECT_THAT(failure("question,answer\n\x1b[31m,1\n\x1b[31m,1\n"),
              HasSubstr("a second time: \"\\x1b[31m\""));
}

TEST_F(HostileQuestionFileTest, LongLinesAndDeepValuesAreRead) {
  const std::string huge(8'000'000, 'x');
  put("question,answer\n\"" + huge + "\",1\n");
  EXPECT_EQ(read_questions(file_).at(0).text.size(), huge.size());
  const std::string deep = std::string(500'000, '[') + std::string(500'000, ']');
  put("{\"other\":" + deep + ",\"question\":\"" + huge + "\",\"answer\":1}");
  EXPECT_EQ(read_questions(file_).at(0).text.size(), huge.size());
  put("[" + deep + "]");
  EXPECT_THAT(failure(), HasSubstr("line 1: must be an object, found an array"));
}

TEST_F(HostileQuestionFileTest, ManyFieldsAreAnError) {
  std::string object = R"({"question":"a","answer":1)";
  for (int i = 0; i < 1000; ++i) object += fmt::format(",\"f{}\":0", i);
  EXPECT_THAT(failure(object + "}"), HasSubstr("line 1: has more than 1000 fields"));
  EXPECT_THAT(failure("question,answer\na,1" + std::string(1000, ',') + "\n"),
              HasSubstr("line 2: more than 1000 fields"));
}

TEST_F(HostileQuestionFileTest, WhatIsNoFileIsRefused) {
  EXPECT_THAT(failure(), HasSubstr("q.csv: cannot be opened: No such file"));
  put("x");
  ASSERT_EQ(::truncate(file_.c_str(), static_cast<off_t>(replay::kMaxFileBytes) + 1), 0);
  EXPECT_THAT(failure(), HasSubstr("q.csv: is larger than"));
  file_ = folder_;
  EXPECT_THAT(failure(), HasSubstr("is a directory"));
  file_ = folder_ / "pipe";
  ASSERT_EQ(::mkfifo(file_.c_str(), 0600), 0);
  EXPECT_THAT(failure(), HasSubstr("pipe: is a pipe or a device"));
}

}  // namespace
}  // namespace live
