// lint.hpp: what a controller's text says that is allowed but hardly meant.
// Why:      counts that open nothing, keys that order nothing and branches that no episode opens pass every
//           check, and cost days. People are warned of them; language models and the search never are, so
//           that prompts and journals stay as they are.
// Use:      CheckResult result = reviewed(text);     // as check_text(text), with more to say
//           std::cerr << render_all(result.diagnostics, "mine.ctl", text);
// Promises: a warning never prevents a result: reviewed() gives the controller that check_text() gives, and
//           the same errors, with hints of hints.hpp. Diagnostics are in the order of the text.
// Threads:  pure functions.
// Tests:    tests/genome/lint/lint_test.cpp
#pragma once

#include <string_view>

#include "genome/text/checker.hpp"

namespace genome {

Diagnostics lint(const CheckedController& controller);

// Parses, checks and lints.
CheckResult reviewed(std::string_view text);

}  // namespace genome
