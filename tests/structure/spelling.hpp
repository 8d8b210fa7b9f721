// spelling.hpp: which characters of a C++ text are code, and which are comment or literal.
// Why:      rules about code must not trip over words in comments and strings, nor be dodged by a line break.
// Use:      squeezed_code("(void) rc::check(\n f);  // x") == "(void)rc::check(f);"
// Promises: knows comments, strings, characters, raw strings and the quotes that group digits. A text that
//           ends within one is taken as it is.
// Threads:  pure functions.
// Tests:    tests/structure/files_test.cpp
#pragma once

#include <algorithm>
#include <cctype>
#include <string>
#include <string_view>
#include <vector>

namespace structure {

enum class Spelling { kCode, kComment, kLiteral, kRawText };

namespace detail {

// Where a piece that begins at `at` ends (past its last character), given the mark that closes it.
inline std::size_t end_after(std::string_view text, std::size_t at, std::string_view mark) {
  const std::size_t found = text.find(mark, at);
  return found == text.npos ? text.size() : found + mark.size();
}

inline std::size_t end_of_quoted(std::string_view text, std::size_t at) {
  const char quote = text[at];
  for (++at; at < text.size() && text[at] != quote; ++at) at += text[at] == '\\' ? 1 : 0;
  return std::min(at + 1, text.size());
}

inline bool is_word(char c) { return std::isalnum(static_cast<unsigned char>(c)) != 0 || c == '_'; }

struct Piece {
  Spelling spelling;
  std::size_t end;
};

inline Piece piece_at(std::string_view text, std::size_t at) {
  const std::string_view rest = text.substr(at);
  const bool within_word = at > 0 && is_word(text[at - 1]);
  if (rest.starts_with("//")) return {Spelling::kComment, std::min(text.find('\n', at), text.size())};
  if (rest.starts_with("/*")) return {Spelling::kComment, end_after(text, at + 2, "*/")};
  if (rest.starts_with("R\"") && !within_word) {
    const std::size_t open = text.find('(', at);
    if (open == text.npos) return {Spelling::kRawText, text.size()};
    const std::string close = ")" + std::string(text.substr(at + 2, open - at - 2)) + "\"";
    return {Spelling::kRawText, end_after(text, open, close)};
  }
  if (rest[0] == '"' || (rest[0] == '\'' && !within_word))
    return {Spelling::kLiteral, end_of_quoted(text, at)};
  return {Spelling::kCode, at + 1};
}

}  // namespace detail

// One for each character of the text.
inline std::vector<Spelling> spelled(std::string_view text) {
  std::vector<Spelling> kinds;
  while (kinds.size() < text.size()) {
    const detail::Piece piece = detail::piece_at(text, kinds.size());
    kinds.resize(piece.end, piece.spelling);
  }
  return kinds;
}

// The code without comments, literals and white space.
inline std::string squeezed_code(std::string_view text) {
  const std::vector<Spelling> kinds = spelled(text);
  std::string code;
  for (std::size_t i = 0; i < text.size(); ++i) {
    if (kinds[i] == Spelling::kCode && std::isspace(static_cast<unsigned char>(text[i])) == 0)
      code += text[i];
  }
  return code;
}

}  // namespace structure
