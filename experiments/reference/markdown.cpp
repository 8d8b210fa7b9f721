#include "experiments/reference/markdown.hpp"

#include <cctype>
#include <fmt/format.h>
#include <fmt/ranges.h>

namespace experiments {
namespace {

bool is_word(std::string_view text, std::size_t at) {
  return at < text.size() && (std::isalnum(static_cast<unsigned char>(text[at])) != 0 || text[at] == '_');
}

// A '_' within a word is one; any other might be read as a mark of emphasis.
bool is_mark(std::string_view text, std::size_t at) {
  const char c = text[at];
  if (c == '_') return at == 0 || !is_word(text, at - 1) || !is_word(text, at + 1);
  return c == '*' || c == '<' || c == '\\';
}

std::string cell(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '|') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string row(const std::vector<std::string>& cells) {
  std::string out = "|";
  for (const std::string& each : cells) out += each.empty() ? " |" : fmt::format(" {} |", cell(each));
  return out + "\n";
}

}  // namespace

std::string prose(std::string_view text) {
  std::string out;
  bool in_code = false;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (text[i] == '`') in_code = !in_code;
    if (!in_code && is_mark(text, i)) out += '\\';
    out += text[i] == '\n' ? ' ' : text[i];
  }
  return out;
}

std::string code(std::string_view text) { return text.empty() ? "" : fmt::format("`{}`", text); }

std::string markdown_table(const std::vector<std::string>& columns,
                           const std::vector<std::vector<std::string>>& rows) {
  std::string out = row(columns) + row(std::vector<std::string>(columns.size(), "---"));
  for (const std::vector<std::string>& each : rows) out += row(each);
  return out;
}

std::string anchor(std::string_view heading) {
  std::string out = "#";
  for (const char c : heading) {
    if (c == ' ') out += '-';
    if (std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_' || c == '-')
      out += static_cast<char>(std::tolower(static_cast<unsigned char>(c)));
  }
  return out;
}

std::string wrapped(std::string_view text, std::size_t columns, std::string_view indent) {
  std::string out, line;
  while (!text.empty()) {
    const std::size_t end = text.find_first_of(" \n");
    const std::string_view word = text.substr(0, end);
    text.remove_prefix(end == std::string_view::npos ? text.size() : end + 1);
    if (word.empty()) continue;
    const bool fits = line.size() + 1 + word.size() <= columns;
    if (!line.empty() && !fits) {
      out += line + "\n";
      line = indent;
    } else if (!line.empty()) {
      line += ' ';
    }
    line += word;
  }
  return out + line;
}

}  // namespace experiments
