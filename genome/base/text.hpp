// text.hpp: text that came from a model or a command, made fit to be kept and shown.
// Why:      such text may hold any bytes: escape sequences for terminals, broken UTF-8, no line ends.
// Use:      json["reply"] = valid_utf8(bytes);   tell(one_line(errors));
// Promises: pure functions of the bytes; none fails. one_line() and block() give valid UTF-8 without
//           control characters (but line ends in a block), and without characters that turn, hide or break
//           text (bidirectional controls, zero widths, line separators, tags): what is shown is what is
//           there.
// Threads:  pure functions.
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace genome::base {

// Every sequence that is no UTF-8 is replaced by U+FFFD.
std::string valid_utf8(std::string_view bytes);

// Such characters made visible: \n, \t, \x1b, \u202e ...
std::string one_line(std::string_view bytes);

// As it can be quoted in a prompt: lines kept, tabs as spaces, other control characters as '?', the rest of
// such characters left out.
std::string block(std::string_view bytes);

// The longest beginning (or end) of at most so many bytes that cuts no UTF-8 character in two.
std::string_view beginning(std::string_view text, std::size_t bytes);
std::string_view ending(std::string_view text, std::size_t bytes);

// Without blanks, tabs and line ends at both ends.
std::string_view trimmed(std::string_view text);

}  // namespace genome::base
