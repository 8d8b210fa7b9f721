// lexer.hpp: one line of a controller's text -> its tokens.
// Why:      the language is made of lines, and a bad line must not spoil the reading of the next.
// Use:      LexedLine line = lex_line("  open cohort  # widen", 7);
// Promises: never fails: what is no token is reported and left out. A comment ends the line.
// Threads:  pure function.
#pragma once

#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

#include "genome/tree/diagnostic.hpp"

namespace genome {

enum class TokenKind : std::uint8_t { kWord, kNumber, kSymbol };

struct Token {
  TokenKind kind = TokenKind::kSymbol;
  std::string text;   // as written
  double number = 0;  // of kNumber
  Position at;
};

struct LexedLine {
  std::vector<Token> tokens;
  Diagnostics problems;
};

LexedLine lex_line(std::string_view line, std::uint32_t line_number);

}  // namespace genome
