// text.hpp: text of others (files, arguments, models, commands), made fit to be kept and shown.
// Why:      such text may hold any bytes: escape sequences for terminals, broken UTF-8, no line ends.
// Use:      throw InputError(fmt::format("{}: no questions", visible(path)));
//           json["reply"] = valid_utf8(bytes);   tell(one_line(errors));
// Promises: pure functions of the bytes; none fails. visible(), one_line(), harmless() and block() give
//           valid UTF-8 without control characters (but line ends, in the last two), and without characters
//           that turn, hide or break text (bidirectional controls, zero widths, line separators, tags): what
//           is shown is what is there.
// Threads:  pure functions.
// Tests:    tests/genome/base/text_test.cpp
#pragma once

#include <cstddef>
#include <optional>
#include <string>
#include <string_view>

namespace genome::base {

// The first character of a text that is not empty; what is not UTF-8 is one byte, and not valid.
struct Character {
  char32_t code = 0;
  std::size_t bytes = 1;
  bool valid = false;
};
Character first_character(std::string_view text);

// Control characters, and those that turn, hide or break text.
bool is_harmful(char32_t c);

// The offset of the first byte that is not part of well-formed UTF-8 (Unicode 15, table 3-7), or none.
std::optional<std::size_t> first_not_utf8(std::string_view text);

// Every sequence that is no UTF-8 is replaced by U+FFFD.
std::string valid_utf8(std::string_view bytes);

// Such characters made visible: \n, \t, \x1b, \u202e ...
std::string one_line(std::string_view bytes);

// For a message: one_line() of about `most_bytes` of the text, with "..." where more was there.
std::string visible(std::string_view text, std::size_t most_bytes = 300);

// For a terminal, in lines: such characters but line ends and tabs as \u001b, \u202e ..., which is what they
// are called in a string of JSON too.
std::string harmless(std::string_view bytes);

// As it can be quoted in a prompt: lines kept, tabs as spaces, other control characters as '?', the rest of
// such characters left out.
std::string block(std::string_view bytes);

// The longest beginning (or end) of at most so many bytes that cuts no UTF-8 character in two.
std::string_view beginning(std::string_view text, std::size_t bytes);
std::string_view ending(std::string_view text, std::size_t bytes);

// Without blanks, tabs and line ends at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace genome::base
