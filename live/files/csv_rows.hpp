// csv_rows.hpp: comma-separated text (RFC 4180) -> rows of fields, each with the line it begins in.
// Why:      quoted fields hold commas, line ends and doubled quotes; libcsv knows them, but not where it is.
//           Spreadsheets of many countries write semicolons, and others tabs.
// Use:      read_csv(bytes, [&](CsvRow& row) { use(row.line, row.fields); });
//           CsvRows rows(each, csv_delimiter(text));  rows.add(lines);  rows.add(more);  rows.finish();
// Promises: fields keep their blanks. Lines end with LF, CRLF or CR; empty ones between rows are passed over.
//           Memory is that of the longest row, with at most kMostCsvFields fields. Of a comma, a semicolon,
//           a tab and a bar, the one that the first line has most often stands between fields.
// Throws:   CsvError with line and reason: a quote inside a field that is not quoted, text behind a quoted
//           one, a quoted one that never ends, too many fields.
// Threads:  pure but for the callback.
// Tests:    tests/live/files/csv_rows_test.cpp
#pragma once

#include <cstddef>
#include <functional>
#include <memory>
#include <stdexcept>
#include <string>
#include <string_view>
#include <vector>

namespace live {

inline constexpr std::size_t kMostCsvFields = 1'000;  // of a row

struct CsvRow {
  std::size_t line = 0;  // counted from 1
  std::vector<std::string> fields;
};

struct CsvError : std::runtime_error {
  CsvError(std::size_t where, const std::string& reason) : runtime_error(reason), line(where) {}
  std::size_t line;
};

// The same for a text that comes in parts.
class CsvRows {
 public:
  explicit CsvRows(std::function<void(CsvRow&)> each, char delimiter = ',', std::size_t first_line = 1);
  ~CsvRows();
  CsvRows(const CsvRows&) = delete;
  CsvRows& operator=(const CsvRows&) = delete;

  void add(std::string_view lines);  // REQUIRES: whole ones, but for the last part
  void finish();                     // once, at the end
  std::size_t row_bytes() const;     // of the row that is open, so far

 private:
  class Reader;
  std::unique_ptr<Reader> reader_;
};

void read_csv(std::string_view bytes, const std::function<void(CsvRow&)>& each);

// What stands between the fields of a table, by its first line; a comma where nothing does.
char csv_delimiter(std::string_view text);

}  // namespace live
