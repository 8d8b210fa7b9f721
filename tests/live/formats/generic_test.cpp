// Any JSON or table: how columns are found, and what becomes of their values.
#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <string>
#include <vector>

#include "live/formats/columns.hpp"
#include "tests/live/formats/import_fixture.hpp"

namespace live {
namespace {

using testing::ElementsAre;
using testing::HasSubstr;

class Generic : public ImportFixture {};

TEST_F(Generic, ListsRowsAndTables) {
  const auto lists =
      write("lists.jsonl",
            R"({"problem": "A?", "answer": "4", "generations": ["\\boxed{4}", "\\boxed{5}", null],
 "rewards": [0.5, 1, 2], "finish_reasons": ["stop", "length", null], "n_tokens": [3, 9, 1]})");
  const PooledEnvironment made = import("generic", {lists});
  EXPECT_THAT(finals(made.environment.questions.at(0)), ElementsAre("4", "ERR"));
  EXPECT_THAT(tokens(made.environment.questions.at(0)), ElementsAre(3, 9));
  EXPECT_THAT(made.environment.signals, ElementsAre("reward"));
  EXPECT_EQ(failed_, 1U);
  const auto table = write("rows.csv",
                           "\xEF\xBB\xBFid,q,gold,sample,output,n_tokens,correct\r\n"
                           "a,A?,04,1,\"so\n\"\"#5\"\"\",7,False\r\na,A?,04,0,#4,8,1\r\n");
  const PooledEnvironment rows = import("csv", {table}, {.extract = "regex:#([0-9])", .task = std::nullopt});
  EXPECT_THAT(finals(rows.environment.questions.at(0)), ElementsAre("4", "5"));
  EXPECT_THAT(tokens(rows.environment.questions.at(0)), ElementsAre(8, 7));
  EXPECT_EQ(rows.report.flags, 2U);
  EXPECT_EQ(rows.report.disagreeing, 0U);
  const auto list_column = write("lists.csv", "question,gold,answers\nA?,4,\"[\"\"4\"\", \"\"5\"\"]\"\n");
  EXPECT_THAT(finals(import("generic", {list_column}).environment.questions.at(0)), ElementsAre("4", "5"));
}

TEST_F(Generic, ContainersEntriesAndNamedColumns) {
  const auto file = write("x.json", R"({"meta": NaN, "data": [
    {"ask": {"text": "A?"}, "right": 4, "runs": [{"answer": 4, "tokens": 3}, {"answer": 5, "tokens": 2}]}]})");
  ColumnNames columns;
  columns.question = "ask.text";
  columns.gold = "right";
  columns.text = "runs";
  const PooledEnvironment made =
      import("json", {file}, {}, {},
             {.columns = columns, .filter = {}, .scorer = {}, .id_pattern = {}, .known = {}});
  EXPECT_THAT(finals(made.environment.questions.at(0)), ElementsAre("4", "5"));
  EXPECT_THAT(tokens(made.environment.questions.at(0)), ElementsAre(3, 2));
}

// Python writes NaN where it has nothing.
TEST_F(Generic, WhatIsNoNumberIsNotTold) {
  const auto file = write("x.jsonl", R"({"question": "A?", "gold": "4", "output": "\\boxed{4}", "reward": 0.5}
{"question": "A?", "gold": NaN, "output": "\\boxed{4}", "reward": NaN}
{"question": "A?", "gold": "4", "output": NaN, "reward": 1}
)");
  const PooledEnvironment made = import("generic", {file});
  EXPECT_THAT(finals(made.environment.questions.at(0)), ElementsAre("4", "4"));
  EXPECT_EQ(made.environment.questions.at(0).gold, "4");
}

// What is null at first is told later, and what is null everywhere gives way.
TEST_F(Generic, ColumnsAreChosenOverManyRecords) {
  const auto file = write(
      "x.jsonl",
      R"({"question": "A?", "gold_answer": null, "answer": "4", "output": null, "n_tokens": null, "reward": null}
{"question": "A?", "gold_answer": null, "answer": "4", "output": "\\boxed{4}", "n_tokens": 7, "reward": 0.5}
{"question": "A?", "gold_answer": null, "answer": "4", "output": "\\boxed{5}", "n_tokens": null, "reward": 1}
)");
  const PooledEnvironment made = import("auto", {file});
  EXPECT_EQ(failed_, 1U);  // the first has no text
  EXPECT_THAT(finals(made.environment.questions.at(0)), ElementsAre("4", "5"));
  EXPECT_EQ(made.environment.questions[0].gold, "4");
  EXPECT_EQ(made.report.given, 1U);
  EXPECT_EQ(made.report.estimated, 1U);
  EXPECT_THAT(made.environment.signals, ElementsAre("reward"));
  std::string late;
  for (int i = 0; i < 200; ++i)
    late += R"({"question": "A?", "gold": "4", "response": null})"
            "\n";
  late += R"({"question": "A?", "gold": "4", "response": "\\boxed{4}"})"
          "\n";
  EXPECT_EQ(import("auto", {write("late.jsonl", late)}).report.samples, 1U);
  EXPECT_EQ(failed_, 200U);
}

// A column of answers that nobody filled is none; one that some rows lack says that they have none.
TEST_F(Generic, AnswersThatAreNullEverywhereAreReadInTexts) {
  const auto row = [](const std::string& prediction) {
    return R"({"question": "A?", "gold": "4", "output": "\\boxed{4}", "prediction": )" + prediction + "}\n";
  };
  const auto none = write("none.jsonl", row("null") + row("null"));
  EXPECT_THAT(finals(import("auto", {none}).environment.questions.at(0)), ElementsAre("4", "4"));
  const auto some = write("some.jsonl", row("null") + row("\"4\""));
  EXPECT_THAT(finals(import("auto", {some}).environment.questions.at(0)), ElementsAre("ERR", "4"));
}

TEST_F(Generic, ColumnsThatAreGivenMustBeThere) {
  const auto file = write("x.jsonl",
                          R"({"q": {"text": null}, "gold": "4", "output": "\\boxed{4}"}
{"q": {"text": "A?"}, "gold": "4", "output": "\\boxed{4}", "id": "a"}
)");
  FormatWishes wishes;
  wishes.columns.question = "q.text";
  wishes.columns.id = "id";
  EXPECT_THROW(import("generic", {file}, {}, {}, wishes),
               replay::InputError);  // the first says not of what it is
  wishes.columns.id = "name";
  try {
    import("generic", {file}, {}, {}, wishes);
    ADD_FAILURE();
  } catch (const replay::InputError& error) {
    EXPECT_THAT(error.what(), HasSubstr("x.jsonl: line 1: there is no column \"name\" (--id-column) in the "
                                        "first 2 records: it has \"q\""));
  }
}

// As best-of-n of process rewards, distillations of thoughts, and servers of data sets write them.
TEST_F(Generic, ReadsRewardsOfStepsThoughtsAndWrappedRows) {
  const auto steps =
      write("steps.jsonl",
            R"({"problem": "A?", "solution": "so \\boxed{4}", "completions": ["\\boxed{4}", "5"],
 "scores": [[0.5, 0.25], [0.75]], "pred": "4", "completion_tokens": [3, 4]})");
  const PooledEnvironment made = import("auto", {steps});
  EXPECT_EQ(made.environment.questions.at(0).gold, "4");
  EXPECT_EQ(made.environment.questions[0].signals.at(0).latest.at(1), 0.25);
  const auto thoughts = write("thoughts.jsonl",
                              R"({"problem": "A?", "answer": "4", "generations": ["\\boxed{4}", "\\boxed{4}"],
 "finish_reasons": null, "is_reasoning_complete": [true, false]})");
  EXPECT_EQ(import("auto", {thoughts}).report.truncated, 1U);
  const auto rows = write("rows.json", R"({"features": [], "rows": [
 {"row_idx": 0, "row": {"problem": "A?", "expected_answer": "4", "generated_solution": "\\boxed{4}"}},
 {"row_idx": 1, "row": {"problem": "A?", "expected_answer": "4", "generated_solution": "\\boxed{5}"}}]})");
  EXPECT_THAT(finals(import("auto", {rows}).environment.questions.at(0)), ElementsAre("4", "5"));
}

TEST_F(Generic, NumbersAreIdsWithinAFile) {
  const auto rows = [](const std::string& question) {
    return R"({"id": 0, "question": ")" + question + R"(", "gold": "4", "output": "\\boxed{4}"})";
  };
  const std::vector<fs::path> files{write("a.jsonl", rows("A?")), write("b.jsonl", rows("B?")),
                                    write("c.jsonl", rows("A?"))};
  const PooledEnvironment made = import("generic", files);
  ASSERT_EQ(made.environment.questions.size(), 2U);
  EXPECT_EQ(made.environment.questions[0].branches.size(), 2U);
}

TEST_F(Generic, TablesOfSpreadsheetsAndOfTabs) {
  const auto semicolons = write("s.csv", "question;gold;output\r\nA?;4,5;\"x; \\boxed{4,5}\"\r\n");
  EXPECT_EQ(import("auto", {semicolons}).report.right, 1U);
  EXPECT_THAT(why_, HasSubstr("between them stands ;"));
  const auto tabs = write("t.tsv", "question\tgold\toutput\nA?\t4\t\\boxed{4}\n");
  EXPECT_EQ(import("csv", {tabs}).report.right, 1U);
}

TEST(ColumnFacts, TellNumbersFromOthers) {
  JsonParser parser;
  std::string text =
      R"({"a": null, "b": [null, 1], "c": [true], "d": [[]], "usage": {"completion_tokens": 3}})";
  text.reserve(text.size() + TextWindow::kPadding);
  ColumnFacts facts;
  facts.add(object_in(parser.parse(text), "a record"));
  EXPECT_TRUE(facts.of("a").there);
  EXPECT_FALSE(facts.of("a").told);
  EXPECT_TRUE(facts.of("b").numbers);
  EXPECT_TRUE(facts.of("c").others);
  EXPECT_TRUE(facts.of("d").told);
  EXPECT_FALSE(facts.of("d").numbers);
  EXPECT_TRUE(facts.of("usage.completion_tokens").numbers);
  EXPECT_FALSE(facts.of("e").there);
}

}  // namespace
}  // namespace live
