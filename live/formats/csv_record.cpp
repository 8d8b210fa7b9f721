#include "live/formats/csv_record.hpp"

#include <fmt/format.h>
#include <iterator>

#include "live/files/json_records.hpp"
#include "live/files/text_window.hpp"

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

}  // namespace

void csv_record(const std::vector<std::string>& names, const std::vector<std::string>& fields,
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

}  // namespace live
