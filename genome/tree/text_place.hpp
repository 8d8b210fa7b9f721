// text_place.hpp: lines and characters of a text that a position in bytes stands for.
// Why:      positions count bytes, as a parser does; people and editors count characters.
// Use:      std::string_view line = line_of(text, at.line);
//           json["column"] = shown_column(at, text);
// Promises: total: a line that the text does not have is empty. A byte order mark is no part of the first
//           line, nor is the end of a line of it.
// Threads:  pure functions.
// Tests:    tests/genome/text/diagnostics_test.cpp, tests/experiments/commands/warnings_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <string_view>

#include "genome/tree/ast.hpp"

namespace genome {

// What some editors put before a text; no part of it.
inline constexpr std::string_view kByteOrderMark = "\xEF\xBB\xBF";

// Of a number from 1.
std::string_view line_of(std::string_view text, std::uint32_t line);

// The bytes of the character at a place of a line.
std::size_t bytes_at(std::string_view line, std::size_t at);

// How many characters begin in a line before the one at a byte; all of them when the line ends before it.
std::size_t characters_before(std::string_view line, std::size_t byte);

// The column that people are shown for a position, in characters from 1; 0 when it comes from no text.
std::uint32_t shown_column(Position at, std::string_view text);

}  // namespace genome
