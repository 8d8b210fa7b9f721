// wrapping.hpp: what stands around a whole answer, or around its words, and is no part of it.
// Why:      **73**, "73", \boxed{73}, {73} and `73.` all say 73; \text{yes} and \mathrm{yes} say yes.
// Use:      tokens = without_fonts(unwrapped(tokens));
// Promises: linear time, however deep the nesting. unwrapped() drops only what surrounds everything:
//           x = \boxed{3} stays. without_fonts() leaves no two spaces beside each other.
// Threads:  pure functions.
// Tests:    tests/replay/answers/normal_form_test.cpp
#pragma once

#include "replay/answers/tokens.hpp"

namespace replay {

// \text, \mathrm, \mathbf ...: a command whose group is what it says, in another font.
bool is_font(const Token& token);

Tokens unwrapped(const Tokens& tokens);
Tokens without_fonts(const Tokens& tokens);

}  // namespace replay
