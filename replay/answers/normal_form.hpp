// normal_form.hpp: one spelling for answers that say the same, so that equality of strings is equality.
// Why:      votes count equal strings. In public logs a quarter of the right answers differ from the gold
//           answer as strings: 026 and 26, 10{,}000 and 10000, \dfrac12 and \frac{1}{2}.
// Use:      const std::string answer = normal_form(raw, AnswerTask::kAny);  // gold, probes and finals alike
// Promises: a function from text to text, for any bytes, and idempotent; so "has the same normal form" is an
//           equivalence. The result is UTF-8 without control characters. Time is linear in the text. ERR and
//           the empty text stay. Spellings are merged, values are not computed: docs/environments.md lists
//           both. A text whose nesting does not settle in kMostRounds rounds keeps its notation.
// Threads:  a pure function.
// Tests:    tests/replay/answers/normal_form_test.cpp
#pragma once

#include <cstdint>
#include <string>
#include <string_view>

namespace replay {

enum class AnswerTask : std::uint8_t {
  kAny,
  kLetter,  // one of the options A to J: "(b)" and "B." are B
};

std::string normal_form(std::string_view answer, AnswerTask task);

}  // namespace replay
