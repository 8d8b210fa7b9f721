// json.hpp: JSON that comes from elsewhere -> a value of nlohmann's library.
// Why:      files of a run, records and replies may be made to be costly: a value takes many times the bytes
//           of its text, and what writes or compares one recurses as deep as it is nested.
// Use:      const auto json = read_json(reply);   if (!json.is_object()) refuse();
//           const auto json = expect_json(line);  // throws, with what is wrong
// Promises: a text beyond the limits is looked through once, and nothing is allocated for it.
// Throws:   expect_json alone: an std::exception that says what is wrong.
// Threads:  pure functions.
// Tests:    tests/genome/base/json_test.cpp
#pragma once

#include <cstddef>
#include <nlohmann/json.hpp>
#include <stdexcept>
#include <string>
#include <string_view>

namespace genome::base {

// What is written by this program and by servers of models stays far below.
inline constexpr std::size_t kMostJsonBytes = std::size_t{64} << 20U;
inline constexpr std::size_t kMostJsonDepth = 64;
inline constexpr std::size_t kMostJsonValues = 1'000'000;

// Why a text is not to be read, before any of it is; empty when it is within the limits.
std::string beyond_json_limits(std::string_view text, std::size_t most_values = kMostJsonValues);

// Discarded (is_discarded(), and no object, array or text) when the text is no JSON or beyond the limits.
template <class Json = nlohmann::json>
Json read_json(std::string_view text) {
  if (!beyond_json_limits(text).empty()) return Json(Json::value_t::discarded);
  return Json::parse(text, nullptr, false);
}

template <class Json = nlohmann::json>
Json expect_json(std::string_view text) {
  if (const std::string why = beyond_json_limits(text); !why.empty()) throw std::length_error(why);
  return Json::parse(text);
}

}  // namespace genome::base
