#include "live/formats/table_records.hpp"

#include <fmt/format.h>
#include <iterator>
#include <memory>
#include <vector>

#include "genome/base/text.hpp"
#include "live/files/csv_rows.hpp"
#include "live/files/json_records.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

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

// REQUIRES: as many fields as names.
void put_record(const std::vector<std::string>& names, const std::vector<std::string>& fields,
                std::string& record) {
  record = '{';
  for (std::size_t i = 0; i < names.size(); ++i) {
    if (i > 0) record += ',';
    append_string(record, names[i]);
    record += ':';
    if (fields[i].empty())
      record += "null";
    else if (is_structure(fields[i]))
      record += fields[i];
    else
      append_string(record, fields[i]);
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
    if (names_.empty()) {
      for (const std::string& name : row.fields) names_.emplace_back(genome::base::trimmed(name));
      if (names_.size() < 2)
        refuse(row.line,
               "neither JSON nor a table: names of columns with commas, semicolons or tabs between are "
               "expected");
    } else if (row.fields.size() != names_.size()) {
      to_.bad(fmt::format("must have {} fields, as the line of names has, found {}", names_.size(),
                          row.fields.size()),
              row.line);
    } else {
      put_record(names_, row.fields, record_);
      to_.record(record_, row.line);
    }
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
  std::vector<std::string> names_;
  std::string record_;
};

}  // namespace

void read_table(TextWindow& window, char delimiter, const TableCallbacks& to) {
  Table(window, delimiter, to).read();
}

}  // namespace live
