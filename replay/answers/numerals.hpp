// numerals.hpp: numbers in one spelling: separators of thousands, signs, zeros, a/b, percent, degrees.
// Why:      026, +26, 26.0 and 26 are one answer, and most answers are numbers.
// Use:      tokens = with_plain_numbers(without_thousands(without_degrees(tokens)));
// Promises: linear time; digits are moved, never computed, so no number is too long. Only a whole answer, or
//           a whole member of a list, is rewritten. Values stay in their notation: 0.5, \frac{1}{2},
//           \frac{2}{4} and 5\times 10^{-1} are four answers.
// Threads:  pure functions.
// Tests:    tests/replay/answers/normal_form_test.cpp
#pragma once

#include "replay/answers/tokens.hpp"

namespace replay {

// Percent and degree signs go where a value ends.
Tokens without_degrees(const Tokens& tokens);

// 1,000 1{,}000 1 000 1'000: groups of three digits behind one to three digits, with one kind of separator.
// Within brackets a comma parts members: (1,234) is a pair.
Tokens without_thousands(const Tokens& tokens);

// Signs +, leading zeros, zeros at the end of decimals; a/b and \frac{-a}{b} as -\frac{a}{b}.
Tokens with_plain_numbers(const Tokens& tokens);

}  // namespace replay
