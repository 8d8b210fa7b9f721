// hints.hpp: hints for errors that say what was probably meant.
// Why:      whoever writes `finished > 3` or `x if c else y` knows another language: the types that were
//           expected help less than the words that say the same here.
// Use:      CheckResult result = check_text(text);
//           add_hints(result.diagnostics, text);
// Promises: only hints are changed: no error is added, moved or taken away. Language models are given the
//           diagnostics of check_text() alone, so that prompts and journals stay as they are.
// Threads:  pure functions.
// Tests:    tests/genome/lint/hints_test.cpp
#pragma once

#include <string_view>

#include "genome/tree/diagnostic.hpp"

namespace genome {

// The diagnostics are those of this text.
void add_hints(Diagnostics& diagnostics, std::string_view text);

}  // namespace genome
