// python_values.hpp: lists as Python prints them, made JSON.
// Why:      tables that Python wrote hold lists as `['it\'s 4', "isn't", 2.5, None]`, which is no JSON.
// Use:      if (const auto json = json_of_python_list(field)) use(*json); else tell(json.error());
// Promises: exactly what repr() writes of lists, and of tuples, dictionaries, texts, numbers, truth values
//           and None in them; numbers of NumPy 2 as their values; not a number and infinity become null. Half
//           a surrogate pair becomes U+FFFD. Takes time and memory as the text is long, and few levels.
// Threads:  a pure function.
// Tests:    tests/live/files/python_values_test.cpp
#pragma once

#include <expected>
#include <string>
#include <string_view>

namespace live {

// The JSON, or what is wrong and where. REQUIRES: UTF-8.
std::expected<std::string, std::string> json_of_python_list(std::string_view text);

}  // namespace live
