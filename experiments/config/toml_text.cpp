#include "experiments/config/toml_text.hpp"

#include <algorithm>
#include <optional>

namespace experiments {
namespace {

constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Where the string that begins with a quotation mark at a place ends; the end of the text when it does not.
std::size_t after_string(std::string_view text, std::size_t at) {
  const char mark = text[at];
  const std::string_view three = text.substr(at, 3);
  const bool long_string = three.size() == 3 && three[1] == mark && three[2] == mark;
  const std::string_view end = long_string ? three : text.substr(at, 1);
  for (at += end.size(); at < text.size();) {
    if (text.substr(at).starts_with(end)) return at + end.size();
    if (!long_string && text[at] == '\n') return at;  // an error that toml++ will tell
    at += mark == '"' && text[at] == '\\' ? 2 : 1;
  }
  return text.size();
}

// Whether a quotation mark there begins a string: behind anything else it is a mistake within another value.
bool begins_string(std::string_view text, std::size_t at) {
  return at == 0 || text.substr(0, at) == kByteOrderMark ||
         std::string_view(" \t\r\n=[,{.").contains(text[at - 1]);
}

// Calls visit(at) with each place outside of strings and comments, until it answers false.
template <class Visit>
void walk(std::string_view text, Visit visit) {
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at];
    if ((c == '"' || c == '\'') && begins_string(text, at)) {
      at = after_string(text, at);
      continue;
    }
    if (c == '#') {
      at = std::min(text.find('\n', at), text.size());
      continue;
    }
    if (!visit(at)) return;
    ++at;
  }
}

// The place of a part that a key has too many of. Numbers and times have dots, too, but never so many.
std::optional<std::size_t> too_many_parts(std::string_view text) {
  std::optional<std::size_t> found;
  std::size_t parts = 1;
  walk(text, [&](std::size_t at) {
    if (text[at] == '.' && ++parts > kMostKeyParts) found = at;
    if (std::string_view("\n=,[]{}").find(text[at]) != std::string_view::npos) parts = 1;
    return !found;
  });
  return found;
}

// The place of a character beyond ASCII, where only strings and comments have such. toml++ 3.3 asks
// of each whether it is a space, and for some the answer is undefined.
std::optional<std::size_t> stray_character(std::string_view text) {
  const std::size_t begin = text.starts_with(kByteOrderMark) ? kByteOrderMark.size() : 0;
  std::optional<std::size_t> found;
  walk(text, [&](std::size_t at) {
    if (at >= begin && static_cast<unsigned char>(text[at]) >= 0x80) found = at;
    return !found;
  });
  return found;
}

toml::source_position position_of(std::string_view text, std::size_t at) {
  toml::source_position position{1, 1};
  for (const char c : text.substr(0, at)) {
    position.line += c == '\n' ? 1 : 0;
    position.column = c == '\n' ? 1 : position.column + 1;
  }
  return position;
}

}  // namespace

toml::table read_toml(std::string_view text) {
  const auto refuse = [&](const char* what, std::size_t at) {
    const toml::source_position place = position_of(text, at);
    throw toml::parse_error(what, toml::source_region{place, place, nullptr});
  };
  if (const auto at = too_many_parts(text)) refuse("a key of more than 8 parts", *at);
  if (const auto at = stray_character(text))
    refuse("only strings and comments may have characters beyond ASCII", *at);
  return toml::parse(text);
}

}  // namespace experiments
