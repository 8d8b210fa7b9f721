// option_letter.hpp: the option that an answer names, A to J, in whatever brackets.
// Why:      "(B)", "b)", "B." and "Option B" choose the same; for other tasks b and B are two variables.
// Use:      const std::optional<std::string> letter = option_letter("(b)");   // "B"
// Promises: nothing when more than an option is said: "A, C" and "(B) Paris" are no letter.
// Threads:  a pure function.
// Tests:    tests/replay/answers/normal_form_test.cpp
#pragma once

#include <optional>
#include <string>
#include <string_view>

namespace replay {

std::optional<std::string> option_letter(std::string_view answer);

}  // namespace replay
