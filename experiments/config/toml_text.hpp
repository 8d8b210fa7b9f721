// toml_text.hpp: TOML that comes from elsewhere -> a table of toml++.
// Why:      toml++ bounds how deep arrays and tables are nested, but not how many parts a key has; a table as
//           deep as that overflows the stack of whatever walks it. It takes for granted that a table
//           has a name, and what some characters are.
// Use:      const toml::table table = read_toml(text);
// Promises: a text with a key of too many parts is looked through once, and none of it is parsed.
// Throws:   toml::parse_error with line and column.
// Threads:  pure functions.
// Tests:    tests/experiments/config/toml_text_test.cpp
#pragma once

#include <cstddef>
#include <string_view>
#include <toml++/toml.h>

namespace experiments {

inline constexpr std::size_t kMostKeyParts = 8;  // no key of ours has more than 3

toml::table read_toml(std::string_view text);

}  // namespace experiments
