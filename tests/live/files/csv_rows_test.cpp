#include "live/files/csv_rows.hpp"

#include <gmock/gmock.h>
#include <gtest/gtest.h>
#include <rapidcheck/gtest.h>
#include <stdexcept>
#include <string>
#include <utility>
#include <vector>

namespace live {
namespace {

using Rows = std::vector<std::pair<std::size_t, std::vector<std::string>>>;

Rows rows_of(std::string_view text) {
  Rows rows;
  read_csv(text, [&](CsvRow& row) { rows.emplace_back(row.line, row.fields); });
  return rows;
}

// "line: reason" of what reading fails with.
std::string failure(std::string_view text) {
  try {
    rows_of(text);
  } catch (const CsvError& error) {
    return fmt::format("{}: {}", error.line, error.what());
  }
  return "";
}

TEST(CsvRows, KnowsQuotesCommasAndLineEnds) {
  EXPECT_EQ(rows_of("a,b\r\n\"x,\"\"y\"\"\r\nz\",2\r\n"),
            (Rows{{1, {"a", "b"}}, {2, {"x,\"y\"\r\nz", "2"}}}));
  EXPECT_EQ(rows_of("a,b\n1,2"), (Rows{{1, {"a", "b"}}, {2, {"1", "2"}}}));
  EXPECT_EQ(rows_of("a\r1\r2\r"), (Rows{{1, {"a"}}, {2, {"1"}}, {3, {"2"}}}));
  EXPECT_EQ(rows_of(",\n\"\",\"\"\n"), (Rows{{1, {"", ""}}, {2, {"", ""}}}));
  EXPECT_TRUE(rows_of("").empty());
}

TEST(CsvRows, KeepsBlanksAndPassesOverEmptyLines) {
  EXPECT_EQ(rows_of("\n\n a ,\tb \n\n\n\" c \",d\n\n"), (Rows{{3, {" a ", "\tb "}}, {6, {" c ", "d"}}}));
}

TEST(CsvRows, CountsTheLinesWithinAField) {
  EXPECT_EQ(rows_of("a\n\"1\n2\n3\"\nb\n"), (Rows{{1, {"a"}}, {2, {"1\n2\n3"}}, {5, {"b"}}}));
}

TEST(CsvRows, FindsWhatStandsBetweenFields) {
  EXPECT_EQ(csv_delimiter("a,b\n1;2;3\n"), ',');
  EXPECT_EQ(csv_delimiter("\r\n\na;b,c;d\n"), ';');
  EXPECT_EQ(csv_delimiter("\"a,b,c,d\"\tb\tc"), '\t');
  EXPECT_EQ(csv_delimiter("a|b"), '|');
  EXPECT_EQ(csv_delimiter("a"), ',');
  EXPECT_EQ(csv_delimiter(""), ',');
  EXPECT_EQ(rows_of("a;b\n\"1;2\";3,5\n"), (Rows{{1, {"a", "b"}}, {2, {"1;2", "3,5"}}}));
}

TEST(CsvRows, TellsWhatIsMalformedAndWhere) {
  EXPECT_THAT(failure("a,b\n1,2\"3\"\n"), testing::StartsWith("2: a quotation mark stands inside a field"));
  EXPECT_THAT(failure("a,b\n1,\"2\" 3\n"), testing::StartsWith("2: a quotation mark stands inside a field"));
  EXPECT_EQ(failure("a\nb\n\"1\n2\n"), "3: a quoted field does not end");
  EXPECT_EQ(failure("a\n" + std::string(kMostCsvFields, ',')), "2: more than 1000 fields");
  EXPECT_EQ(rows_of(std::string(kMostCsvFields - 1, ',')).at(0).second.size(), kMostCsvFields);
}

TEST(CsvRows, WhatTheCallbackThrowsComesOut) {
  int rows = 0;
  const auto stop = [&](CsvRow&) {
    ++rows;
    throw std::runtime_error("enough");
  };
  EXPECT_THROW(read_csv("a\nb\nc\n", stop), std::runtime_error);
  EXPECT_EQ(rows, 1);
}

TEST(CsvRows, AHugeFieldComesWhole) {
  const std::string huge(20'000'000, 'x');
  EXPECT_EQ(rows_of("\"" + huge + "\",1\n").at(0).second.at(0), huge);
}

RC_GTEST_PROP(CsvRows, ReadsBackQuotedFields, (const std::vector<std::string>& given)) {
  RC_PRE(!given.empty());
  std::string text;
  for (const std::string& field : given) {
    text += text.empty() ? "\"" : ",\"";
    for (const char c : field) text += c == '"' ? std::string("\"\"") : std::string(1, c);
    text += '"';
  }
  const Rows rows = rows_of(text + "\n");
  RC_ASSERT(rows.size() == 1U);
  RC_ASSERT(rows[0].second == given);
}

}  // namespace
}  // namespace live
