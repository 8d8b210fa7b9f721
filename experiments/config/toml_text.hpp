// toml_text.hpp: TOML that comes from elsewhere -> a table of toml++.
// Why:      toml++ bounds how deep arrays and tables are nested, but not how many parts a key has; a table as
//           deep as that overflows the stack of whatever walks it. It takes for granted what some
//           characters are.
// Use:      const toml::table table = read_toml(text);
// Promises: a text with a key of too many parts is looked through once, and none of it is parsed.
// Throws:   toml::parse_error with line and column.
// Threads:  pure functions.
// Tests:    tests/experiments/config/toml_text_test.cpp
#pragma once

#include <cstddef>
#include <string_view>

// What toml++ 3.3 asserts of a text, or tells the compiler to assume, a text can make untrue. Without either
// it tells an error.
#pragma push_macro("NDEBUG")
#undef NDEBUG
#define TOML_ASSERT(expression) static_assert(true)
#include <toml++/toml.h>
#pragma pop_macro("NDEBUG")

namespace experiments {

inline constexpr std::size_t kMostKeyParts = 8;  // no key of ours has more than 3

toml::table read_toml(std::string_view text);

}  // namespace experiments
