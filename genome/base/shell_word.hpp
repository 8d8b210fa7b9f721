// shell_word.hpp: paths and arguments as a shell reads them back, for commands that messages propose.
// Why:      what is proposed is copied into a terminal; a blank or a `$` in a name must not make it another
//           command, and a line end or an escape sequence must not reach the terminal.
// Use:      fmt::format("go on with: evotts resume {}", shell_path(run))
//           fmt::format("evotts fork {} NEW", shell_path(run, "@12"))
// Promises: a POSIX shell reads a word back to the same bytes; plain words stay as they are. Names with
//           control characters or bytes that are no UTF-8 are written by printf, all others are '...'. What
//           is given is printable, and never cut. Of names that end in a line end only bash, zsh and ksh know
//           how to read the word: what a command prints loses those.
// Threads:  pure functions.
// Tests:    tests/genome/base/shell_word_test.cpp
#pragma once

#include <filesystem>
#include <string>
#include <string_view>

namespace genome::base {

std::string shell_word(std::string_view word);

// A path that no command takes for an option, with what is written right behind it.
std::string shell_path(const std::filesystem::path& path, std::string_view behind = {});

// A command in the middle of a sentence: in quotes, or in backticks where it has quotes of its own.
std::string quoted_command(std::string_view command);

}  // namespace genome::base
