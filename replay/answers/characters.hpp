// characters.hpp: an answer's characters in one spelling: spaces, minus signs, quotes, full-width forms.
// Why:      models write U+2212, a keyboard writes '-'; a page has no-break spaces; who writes Chinese types
//           full-width digits. None of these makes another answer.
// Use:      const std::string plain = one_spelling(answer);
// Promises: idempotent. The result is UTF-8 without control characters and without those that turn or hide
//           text; it has no space at its ends and no two beside each other. A mathematical sign becomes its
//           LaTeX command.
// Threads:  a pure function.
// Tests:    tests/replay/answers/normal_form_test.cpp
#pragma once

#include <string>
#include <string_view>

namespace replay {

std::string one_spelling(std::string_view answer);

}  // namespace replay
