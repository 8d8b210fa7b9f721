#include "experiments/console/table.hpp"

#include <algorithm>
#include <charconv>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <string_view>

#include "genome/base/check.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

using nlohmann::ordered_json;

// The cell in digits and letters; empty when it is missing.
std::string written(const Cell& cell) {
  struct Writer {
    std::string operator()(const std::string& text) const { return text; }
    std::string operator()(std::int64_t value) const { return fmt::format("{}", value); }
    std::string operator()(const Decimal& d) const { return fmt::format("{:.{}f}", d.value, d.digits); }
    std::string operator()(const Shortest& s) const { return fmt::format("{}", s.value); }
    std::string operator()(Missing) const { return ""; }
  };
  return std::visit(Writer{}, cell);
}

// Columns on a terminal, as far as every character takes one.
std::size_t width_of(std::string_view text) {
  return static_cast<std::size_t>(std::count_if(
      text.begin(), text.end(), [](char c) { return (static_cast<unsigned char>(c) & 0xC0U) != 0x80U; }));
}

std::string quoted(const std::string& field) {
  if (field.find_first_of(",\"\r\n") == std::string::npos) return field;
  std::string quoted_field = "\"";
  for (const char c : field) quoted_field += c == '"' ? std::string("\"\"") : std::string(1, c);
  return quoted_field + '"';
}

ordered_json json_value(const Cell& cell) {
  if (const auto* text = std::get_if<std::string>(&cell)) return *text;
  if (const auto* number = std::get_if<std::int64_t>(&cell)) return *number;
  if (const auto* shortest = std::get_if<Shortest>(&cell)) return shortest->value;
  if (std::holds_alternative<Missing>(cell)) return nullptr;
  const std::string digits = written(cell);
  double rounded = 0;
  std::from_chars(digits.data(), digits.data() + digits.size(), rounded);
  return rounded;
}

bool is_text(const Cell& cell) { return std::holds_alternative<std::string>(cell); }

}  // namespace

void Table::add_row(std::vector<Cell> row) {
  EVOTTS_CHECK(row.size() == columns_.size());
  rows_.push_back(std::move(row));
}

std::string Table::text(Format format) const {
  switch (format) {
    case Format::kTable: return plain();
    case Format::kCsv: return csv();
    case Format::kJson: return json();
  }
  return "";
}

std::string Table::plain() const {
  std::vector<std::vector<std::string>> lines{columns_};
  for (const auto& row : rows_) {
    std::vector<std::string>& line = lines.emplace_back();
    for (const Cell& cell : row) {
      line.push_back(std::holds_alternative<Missing>(cell) ? "-" : genome::base::visible(written(cell)));
    }
  }
  std::string out;
  std::vector<std::size_t> widths(columns_.size());
  std::vector<bool> left(columns_.size());
  for (std::size_t c = 0; c < columns_.size(); ++c) {
    for (const auto& line : lines) widths[c] = std::max(widths[c], width_of(line[c]));
    left[c] = std::any_of(rows_.begin(), rows_.end(), [&](const auto& row) { return is_text(row[c]); });
  }
  for (const auto& line : lines) {
    std::string shown;
    for (std::size_t c = 0; c < columns_.size(); ++c) {
      const std::string padding(widths[c] - width_of(line[c]), ' ');
      shown += (c == 0 ? "" : "  ") + (left[c] ? line[c] + padding : padding + line[c]);
    }
    shown.erase(shown.find_last_not_of(' ') + 1);
    out += shown + "\n";
  }
  return out;
}

std::string Table::csv() const {
  const auto line = [](const auto& fields, const auto& field_of) {
    std::string joined;
    for (std::size_t c = 0; c < fields.size(); ++c)
      joined += (c == 0 ? "" : ",") + quoted(field_of(fields[c]));
    return joined + "\n";
  };
  std::string out = line(columns_, [](const std::string& name) { return name; });
  for (const auto& row : rows_) out += line(row, written);
  return out;
}

std::string Table::json() const {
  std::string out = "[";
  for (std::size_t r = 0; r < rows_.size(); ++r) {
    ordered_json object;
    for (std::size_t c = 0; c < columns_.size(); ++c) object[columns_[c]] = json_value(rows_[r][c]);
    // A file's name need not be UTF-8, which JSON must be.
    out += (r == 0 ? "\n  " : ",\n  ") + object.dump(-1, ' ', false, ordered_json::error_handler_t::replace);
  }
  return out + (rows_.empty() ? "]\n" : "\n]\n");
}

}  // namespace experiments
