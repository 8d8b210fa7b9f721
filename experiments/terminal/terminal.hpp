// terminal.hpp: what the terminal is like that is written to, and colours for it.
// Why:      a drawing that is wider than its terminal wraps, and escapes in a file are litter.
// Use:      drawn_lanes(episode, {terminal_width(STDOUT_FILENO), shows_colour(STDOUT_FILENO)});
// Promises: nothing is a terminal that isatty() denies. Colours are for terminals alone, and for none where
//           NO_COLOR is set (no-color.org) or TERM is "dumb".
// Threads:  reads the environment, otherwise pure.
// Tests:    tests/experiments/terminal/terminal_test.cpp
#pragma once

#include <cstddef>
#include <string_view>

namespace experiments {

// Of the terminal behind the descriptor, else what COLUMNS says, else 80.
std::size_t terminal_width(int descriptor);

bool shows_colour(int descriptor);

// Whether the locale of the user (LC_ALL, else LC_CTYPE, else LANG) is one of UTF-8.
bool writes_utf8();

// A text with colours of ours to standard output; all text of others in it was made visible before.
void print_coloured(std::string_view text);

}  // namespace experiments
