// known_names.hpp: what could have stood where a text has a name that nobody knows.
// Why:      whoever misremembers a word is helped most by the list of those there are: what is observed, what
//           the text itself declares, and the functions.
// Use:      const CheckResult result = check_text(text);
//           std::cerr << render_with_names(result.diagnostics, file, text);
// Promises: empty unless a name, a function or a register is unknown. Then a few lines, each told once
//           whatever the number of mistakes; names that the text declares in lines that are wrong are there.
// Threads:  pure functions.
// Tests:    tests/genome/text/known_names_test.cpp
#pragma once

#include <span>
#include <string>
#include <string_view>

#include "genome/tree/diagnostic.hpp"

namespace genome {

std::string known_names(std::span<const Diagnostic> diagnostics, std::string_view text);

// All diagnostics, then the known names; functions are listed there alone, not in hints too.
std::string render_with_names(Diagnostics diagnostics, std::string_view file, std::string_view text);

}  // namespace genome
