#include "genome/base/shell_word.hpp"

#include <algorithm>
#include <boost/algorithm/string/replace.hpp>
#include <fmt/format.h>

#include "genome/base/text.hpp"

namespace genome::base {
namespace {

// Means itself to every shell, wherever it stands in a word.
bool is_plain(char c) {
  return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || (c >= '0' && c <= '9') ||
         std::string_view("_./:@%+,-").find(c) != std::string_view::npos;
}

bool is_printable(std::string_view text) {
  while (!text.empty()) {
    const Character c = first_character(text);
    if (!c.valid || is_harmful(c.code)) return false;
    text.remove_prefix(c.bytes);
  }
  return true;
}

// For printf, or between $' and '. What is special to a shell within double quotes is escaped too.
std::string escaped(std::string_view word) {
  std::string out;
  for (const char c : word) {
    const auto byte = static_cast<unsigned char>(c);
    if (byte < 0x20 || byte >= 0x7f || c == '\'' || c == '!')
      out += fmt::format("\\{:03o}", byte);
    else if (c == '\\')
      out += "\\\\";
    else
      out += c;
  }
  return out;
}

std::string printed(std::string_view word) {
  std::string format = escaped(word);
  boost::algorithm::replace_all(format, "%", "%%");
  if (format.starts_with('-')) format.replace(0, 1, "\\055");  // printf would take it for an option
  return fmt::format("\"$(printf '{}')\"", format);
}

}  // namespace

std::string shell_word(std::string_view word) {
  if (!word.empty() && std::ranges::all_of(word, is_plain)) return std::string(word);
  if (word.ends_with('\n')) return fmt::format("$'{}'", escaped(word));
  if (!is_printable(word)) return printed(word);
  std::string out = "'";
  for (const char c : word) out += c == '\'' ? "'\\''" : std::string(1, c);
  return out + "'";
}

std::string shell_path(const std::filesystem::path& path, std::string_view behind) {
  const std::string& text = path.native();
  return shell_word(fmt::format("{}{}{}", text.starts_with('-') ? "./" : "", text, behind));
}

std::string quoted_command(std::string_view command) {
  const char mark = command.find('\'') == command.npos ? '\'' : '`';
  return fmt::format("{0}{1}{0}", mark, command);
}

}  // namespace genome::base
