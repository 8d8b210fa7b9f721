#include "experiments/pages/page_json.hpp"

#include <cstddef>
#include <utility>
#include <vector>

#include "genome/base/error.hpp"
#include "genome/base/text.hpp"

namespace experiments {

namespace {

// The records of comma-separated values, as tables write them.
std::vector<std::vector<std::string>> records_of(std::string_view csv) {
  std::vector<std::vector<std::string>> records;
  std::vector<std::string> record(1);
  bool quoted = false;
  for (std::size_t i = 0; i < csv.size(); ++i) {
    const char c = csv[i];
    if (c == '"') {
      if (quoted && i + 1 < csv.size() && csv[i + 1] == '"')
        record.back() += csv[++i];
      else
        quoted = !quoted;
    } else if (!quoted && c == ',') {
      record.emplace_back();
    } else if (!quoted && c == '\n') {
      records.push_back(std::exchange(record, {""}));
    } else {
      record.back() += c;
    }
  }
  return records;
}

}  // namespace

// CSV has the digits, JSON what is missing and what is text.
PageJson table_json(const Table& table) {
  const std::vector<std::vector<std::string>> records = records_of(table.text(Format::kCsv));
  const PageJson values = PageJson::parse(table.text(Format::kJson));
  const std::vector<std::string>& columns = records.front();
  std::vector<bool> left(columns.size());
  PageJson rows = PageJson::array();
  for (std::size_t r = 1; r < records.size(); ++r) {
    PageJson row = PageJson::array();
    for (std::size_t c = 0; c < columns.size(); ++c) {
      const PageJson& value = values[r - 1][columns[c]];
      left[c] = left[c] || value.is_string();
      row.push_back(value.is_null() ? "-" : genome::base::visible(records[r][c]));
    }
    rows.push_back(std::move(row));
  }
  return {{"columns", columns}, {"left", left}, {"rows", std::move(rows)}};
}

std::string in_script(const PageJson& data) {
  return in_script(data.dump(-1, ' ', true, PageJson::error_handler_t::replace));
}

// In JSON these three stand inside of strings alone.
std::string in_script(std::string json) {
  std::string safe;
  safe.reserve(json.size() + json.size() / 16);
  for (const char c : json) {
    switch (c) {
      case '<': safe += "\\u003c"; break;
      case '>': safe += "\\u003e"; break;
      case '&': safe += "\\u0026"; break;
      default: safe += c;
    }
  }
  return safe;
}

std::string in_html(std::string_view text) {
  std::string safe;
  for (const char c : genome::base::valid_utf8(text)) {
    switch (c) {
      case '<': safe += "&lt;"; break;
      case '>': safe += "&gt;"; break;
      case '&': safe += "&amp;"; break;
      case '"': safe += "&quot;"; break;
      case '\'': safe += "&#39;"; break;
      default: safe += c;
    }
  }
  return safe;
}

void add_part(PageJson& to, const char* name, const std::function<PageJson()>& make) {
  try {
    to[name] = make();
  } catch (const genome::base::Error& error) {
    to[name] = nullptr;
    to["problems"].push_back({{"part", name}, {"why", genome::base::visible(error.what(), 600)}});
  }
}

void add_gap(PageJson& to, const char* name, std::string_view why) {
  to["problems"].push_back({{"part", name}, {"why", genome::base::visible(why, 600)}, {"partly", true}});
}

void lift_problems(PageJson& to, const char* name) {
  if (!to[name].is_object() || !to[name].contains("problems")) return;
  for (const PageJson& problem : to[name]["problems"]) to["problems"].push_back(problem);
  to[name].erase("problems");
}

}  // namespace experiments
