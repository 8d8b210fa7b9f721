#include "live/formats/table_records.hpp"

#include <fmt/format.h>
#include <iterator>
#include <memory>
#include <vector>

#include "genome/base/text.hpp"
#include "live/files/csv_rows.hpp"
#include "live/files/json_records.hpp"
#include "live/files/python_values.hpp"
#include "live/samples/sample.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using genome::base::trimmed;
using genome::base::visible;

void append_string(std::string& out, std::string_view text) {
  out += '"';
  std::size_t from = 0;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto c = static_cast<unsigned char>(text[i]);
    if (c >= 0x20 && c != '"' && c != '\\') continue;
    out += text.substr(from, i - from);
    if (c < 0x20)
      fmt::format_to(std::back_inserter(out), "\\u{:04x}", c);
    else
      (out += '\\') += text[i];
    from = i + 1;
  }
  out += text.substr(from);
  out += '"';
}

bool is_structure(std::string_view field) {
  const bool looks =
      (field.starts_with('[') && field.ends_with(']')) || (field.starts_with('{') && field.ends_with('}'));
  return looks && !malformed_at(field);
}

// Whether it was meant to be a list, perhaps one that is cut short.
bool begins_list(std::string_view field) {
  const std::string_view behind = field.starts_with('[') ? trimmed(field.substr(1)) : std::string_view();
  return behind.ends_with(']') || behind.starts_with('\'') || behind.starts_with('"');
}

struct Column {
  std::string name;
  bool told = false;        // a row before had something in it
  bool always_list = true;  // and each that had was a list
};

// The field as JSON, behind the record.
void put_field(Column& column, const std::string& field, std::string& record) {
  if (field.empty()) {
    record += "null";
    return;
  }
  const bool known_list = column.told && column.always_list;
  column.told = true;
  if (is_structure(field)) {
    column.always_list = column.always_list && field.starts_with('[');
    record += field;
    return;
  }
  if (begins_list(field)) {
    if (const auto json = json_of_python_list(field)) {
      record += *json;
      return;
    } else if (known_list) {
      throw BadRecord(fmt::format("column \"{}\": a list is expected, as in the rows before; {}",
                                  visible(column.name, 60), json.error()));
    }
  }
  column.always_list = false;
  append_string(record, field);
}

void expect_utf8(const Column& column, std::string_view field) {
  if (const auto wrong = genome::base::first_not_utf8(field))
    throw BadRecord(fmt::format("column \"{}\": byte {} of the field is no UTF-8; write the table in UTF-8",
                                visible(column.name, 60), *wrong + 1));
}

// REQUIRES: as many fields as columns.
void put_record(std::vector<Column>& columns, const std::vector<std::string>& fields, std::string& record) {
  record = '{';
  for (std::size_t i = 0; i < columns.size(); ++i) {
    if (i > 0) record += ',';
    append_string(record, columns[i].name);
    record += ':';
    expect_utf8(columns[i], fields[i]);
    put_field(columns[i], fields[i], record);
  }
  record += '}';
  record.reserve(record.size() + TextWindow::kPadding);
}

class Table {
 public:
  Table(TextWindow& window, char delimiter, const TableCallbacks& to)
      : window_(window), delimiter_(delimiter), to_(to) {
    begin(1);
  }

  // Line by line, as a field may hold ends of lines.
  void read() {
    for (std::size_t from = 0;;) {
      const std::string_view view = window_.view();
      const std::size_t end = view.find('\n', from);
      from = view.size();
      if (end == view.npos && window_.grow()) continue;
      add(view.substr(0, end == view.npos ? view.size() : end + 1), end == view.npos);
      if (end == view.npos) return;
      window_.consume(end + 1);
      from = 0;
    }
  }

 private:
  void begin(std::size_t line) {
    rows_ = std::make_unique<CsvRows>([this](CsvRow& row) { take(row); }, delimiter_, line);
  }

  [[noreturn]] void refuse(std::size_t line, const std::string& problem) const {
    throw replay::InputError(fmt::format("{}: line {}: {}", window_.name(), line, problem));
  }

  void take(const CsvRow& row) {
    if (columns_.empty()) return begin_columns(row);
    if (row.fields.size() != columns_.size())
      return to_.bad(fmt::format("must have {} fields, as the line of names has, found {}", columns_.size(),
                                 row.fields.size()),
                     row.line);
    try {
      put_record(columns_, row.fields, record_);
    } catch (const BadRecord& wrong) {
      return to_.bad(wrong.what(), row.line);
    }
    to_.record(record_, row.line);
  }

  void begin_columns(const CsvRow& row) {
    for (const std::string& name : row.fields) {
      if (genome::base::first_not_utf8(name))
        refuse(row.line, "the name of a column is no UTF-8; write the table in UTF-8");
      columns_.push_back({.name = std::string(trimmed(name))});
    }
    if (columns_.size() < 2)
      refuse(row.line,
             "neither JSON nor a table: names of columns with commas, semicolons or tabs between are "
             "expected");
  }

  void add(std::string_view line, bool last) {
    try {
      rows_->add(line);
      if (last) rows_->finish();
    } catch (const CsvError& error) {
      to_.bad(error.what(), error.line);
      begin(window_.line() + 1);
    }
    if (rows_->row_bytes() > TextWindow::kMost)
      refuse(window_.line(), fmt::format("a row has more than {} MiB", TextWindow::kMost >> 20U));
  }

  TextWindow& window_;
  const char delimiter_;
  const TableCallbacks& to_;
  std::unique_ptr<CsvRows> rows_;
  std::vector<Column> columns_;
  std::string record_;
};

}  // namespace

void read_table(TextWindow& window, char delimiter, const TableCallbacks& to) {
  Table(window, delimiter, to).read();
}

}  // namespace live
