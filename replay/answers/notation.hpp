// notation.hpp: LaTeX that looks alike, written alike: delimiters, spacing, sizes, variants, arguments.
// Why:      $\dfrac12$, \(\tfrac{1}{2}\) and \left.\frac{1}{2}\right. show the same fraction.
// Use:      tokens = with_braced_arguments(simplified(tokens));
// Promises: linear time. simplified() leaves no dollar sign, delimiter of mathematics, sizing or spacing
//           command, and no two spaces beside each other. with_braced_arguments() puts single arguments of
//           fractions, roots, indices and exponents into braces. It reads \frac12 as TeX does, and x^10 as
//           people mean it.
// Threads:  pure functions.
// Tests:    tests/replay/answers/normal_form_test.cpp
#pragma once

#include "replay/answers/tokens.hpp"

namespace replay {

Tokens simplified(const Tokens& tokens);
Tokens with_braced_arguments(const Tokens& tokens);

}  // namespace replay
