// foreign_choice.hpp: choices as other languages write them, in this one.
// Why:      `3 if warm else 5` and `warm ? 3 : 5` are what people write first; a hint with their own words in
//           the right places needs no second look.
// Use:      foreign_choice("open 3 if warm else 5", 7)   // "if(warm, 3, 5)"; 7: where the `if` stands
// Promises: empty where there is no such choice at that place. The result is not judged any further.
// Threads:  pure function.
// Tests:    tests/genome/lint/hints_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <string_view>

namespace genome {

// `at` is the byte of the line where `if` or `?` stands.
std::string foreign_choice(std::string_view line, std::size_t at);

}  // namespace genome
