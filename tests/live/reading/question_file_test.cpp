#include "live/reading/question_file.hpp"

#include <filesystem>
#include <fmt/format.h>
#include <fstream>
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <unistd.h>
#include <vector>

#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using testing::AllOf;
using testing::HasSubstr;
using Questions = std::vector<CollectQuestion>;

class QuestionFileTest : public testing::Test {
 protected:
  void SetUp() override {
    folder_ = std::filesystem::path(testing::TempDir()) / fmt::format("evotts_questions_{}", ::getpid());
    std::filesystem::remove_all(folder_);
    std::filesystem::create_directories(folder_);
  }
  void TearDown() override { std::filesystem::remove_all(folder_); }

  Questions of(const std::string& bytes, const QuestionFields& fields = {}) const {
    std::ofstream(folder_ / "q.txt", std::ios::binary) << bytes;
    return read_questions(folder_ / "q.txt", fields);
  }
  std::string failure(const std::string& bytes, const QuestionFields& fields = {}) const {
    try {
      of(bytes, fields);
    } catch (const replay::InputError& error) {
      return error.what();
    }
    return "";
  }

  std::filesystem::path folder_;
};

const Questions kTwo = {{"What is 1+1?", "2"}, {"And 0.50+1,\nplease?", "1.50"}};

TEST_F(QuestionFileTest, ReadsObjectsALine) {
  EXPECT_EQ(of("{\"question\": \"What is 1+1?\", \"answer\": 2, \"id\": {\"a\": [1]}}\n\n"
               "{\"answer\": 1.50, \"question\": \"And 0.50+1,\\nplease?\"}"),
            kTwo);
}

TEST_F(QuestionFileTest, ReadsAnArrayOfObjects) {
  EXPECT_EQ(of(" [\n  {\"Problem\": \"What is 1+1?\", \"Answer\": \"2\"},\n  {\"Problem\": \"And "
               "0.50+1,\\nplease?\",\n"
               " \"Answer\": \"1.50\"}]\n"),
            kTwo);
}

TEST_F(QuestionFileTest, ReadsATable) {
  EXPECT_EQ(of("id,PROMPT,target\r\n1,What is 1+1?,2\r\n2,\"And 0.50+1,\nplease?\",1.50\r\n"), kTwo);
  EXPECT_EQ(of(" question , Gold\na , 1\n"), (Questions{{"a ", " 1"}}));
  EXPECT_EQ(of("\"question\",\"gold\"\n\"say \"\"hi\"\"\",\" x \"\n"), (Questions{{"say \"hi\"", " x "}}));
}

TEST_F(QuestionFileTest, ReadsAnEnvironment) {
  const std::string text =
      R"([{"question": "What is 1+1?", "gold_answer": "2", "answer": "x", "probe_freq": 5,)"
      R"( "each_branch": [[[], 3, "2"]]}])";
  EXPECT_EQ(of(text), (Questions{kTwo[0]}));
  EXPECT_EQ(of(text, {.question = "question", .gold = "answer"}), (Questions{{"What is 1+1?", "x"}}));
  EXPECT_THAT(failure(R"([{"question": "q", "gold_answer": "2", "probe_freq": 5, "each_branch": []}])"),
              HasSubstr("q.txt: question 0: has no branches"));
}

TEST_F(QuestionFileTest, ANumberKeepsItsSpelling) {
  for (const char* number : {"26", "1.50", "-0", "1e3", "0.1000", "123456789012345678901234567890", "-7.0"})
    EXPECT_EQ(of(fmt::format(R"({{"question":"q","gold":{}}})", number)).at(0).gold, number);
}

TEST_F(QuestionFileTest, FieldsMayBeNamed) {
  const std::string lines = R"({"question":"a","prompt":"b","answer":"1","solution":"2"})";
  EXPECT_EQ(of(lines, {.question = "prompt", .gold = "solution"}), (Questions{{"b", "2"}}));
  EXPECT_EQ(of("q,a\nx,1\n", {.question = "q", .gold = "a"}), (Questions{{"x", "1"}}));
  EXPECT_THAT(
      failure(lines, {.question = "Prompt", .gold = {}}),
      HasSubstr(
          "line 1: no field is named \"Prompt\" (--question-field): there are \"question\", \"prompt\", "
          "\"answer\", \"solution\""));
  EXPECT_THAT(failure("q,q,a\nx,y,1\n", {.question = "q", .gold = "a"}),
              HasSubstr("more than one field is named \"q\""));
}

TEST_F(QuestionFileTest, SeveralAndNoUsualFieldsAreErrors) {
  EXPECT_THAT(
      failure(R"({"question":"a","prompt":"b","answer":"1"})"),
      HasSubstr("q.txt: line 1: more than one field looks like the question; name it with --question-field: "
                "there are \"question\", \"prompt\", \"answer\""));
  EXPECT_THAT(
      failure("\nproblem,answer,Answer\nx,1,2\n"),
      HasSubstr("line 2: more than one field looks like the right answer; name it with --gold-field"));
  EXPECT_THAT(failure("a;b\n1;2\n"), HasSubstr("line 1: no field looks like the question; name it with "
                                               "--question-field: there are \"a\", \"b\""));
  EXPECT_THAT(failure("{}\n"), HasSubstr("line 1: no field looks like the question"));
}

TEST_F(QuestionFileTest, EachMistakeIsToldWithItsPlace) {
  const std::string good = "{\"question\":\"a\",\"answer\":\"1\"}\n";
  EXPECT_THAT(failure(good + "\n" + "{\"question\":\"b\"}"),
              HasSubstr("q.txt: line 3: field \"answer\", which the first object has, is missing"));
  EXPECT_THAT(failure(good + R"({"question":["b"],"answer":"1"})"),
              HasSubstr("line 2: field \"question\" must be a string, found an array"));
  EXPECT_THAT(failure(good + R"({"question":1,"answer":"1"})"), HasSubstr("must be a string, found 1"));
  EXPECT_THAT(failure(good + R"({"question":"b","answer":null})"),
              HasSubstr("line 2: field \"answer\" must be a string or a number, found null"));
  EXPECT_THAT(failure(good + R"({"question":"b","answer":"  "})"),
              HasSubstr("line 2: field \"answer\" is empty"));
  EXPECT_THAT(failure(good + R"({"question":"","answer":"1"})"),
              HasSubstr("line 2: field \"question\" is empty"));
  EXPECT_THAT(failure(good + R"({"question":"b","answer":" ERR"})"), HasSubstr("ERR stands for none"));
  EXPECT_THAT(failure(good + R"({"question":"b","answer":"1","answer":"2"})"),
              HasSubstr("line 2: field \"answer\" occurs twice"));
  EXPECT_THAT(failure(good + "[1]"), HasSubstr("line 2: must be an object, found an array"));
  EXPECT_THAT(failure("[\n{\"question\":\"a\",\"answer\":\"1\"},\n\n7]"),
              HasSubstr("line 4: must be an object, found 7"));
  EXPECT_THAT(failure("question,answer\na,1\nb\n"),
              HasSubstr("line 3: must have 2 fields, as the line of names has, "
                        "found 1"));
  EXPECT_THAT(failure("question,answer\n\"a\n\n\",1\n,1\n"),
              HasSubstr("line 5: field \"question\" is empty"));
}

TEST_F(QuestionFileTest, AQuestionMayNotOccurTwice) {
  EXPECT_THAT(failure("question,answer\na,1\nb,1\na,2\n"),
              HasSubstr("line 4: the question of line 2 occurs a second time: \"a\""));
  EXPECT_THAT(
      failure(R"([{"question": "q", "gold_answer": "2", "probe_freq": 5, "each_branch": [[[], 3, "2"]]},)"
              R"({"question": "q", "gold_answer": "3", "probe_freq": 5, "each_branch": [[[], 3, "2"]]}])"),
      HasSubstr("question 1: the question of question 0 occurs a second time"));
}

}  // namespace
}  // namespace live
