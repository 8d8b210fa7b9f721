// json_records.hpp: the members of JSON objects and arrays, as they are written.
// Why:      records of others may hold huge members that nobody asked for, and numbers whose spelling counts;
//           a tree of values costs many times the text, and keeps no spelling.
// Use:      if (const auto wrong = malformed_at(line)) refuse(*wrong);
//           out += json_text("so \"42\"");
//           for (const JsonMember& each : members_of(line))
//             if (each.name == "text") use(string_of(each.value));
// Promises: views into the text; no recursion; nothing is allocated but what is returned. Names are decoded,
//           and may occur twice.
// Throws:   std::length_error beyond the most members; string_of() what nlohmann's library throws otherwise.
// Threads:  pure functions.
// Tests:    tests/live/files/json_records_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

namespace live {

inline constexpr std::size_t kMostJsonMembers = 1'000;

enum class JsonKind : std::uint8_t { kObject, kArray, kString, kNumber, kBoolean, kNull };

struct JsonMember {
  std::string name;
  std::string_view value;
};

// The place of the first byte that makes the text no JSON value; nothing when it is one.
std::optional<std::size_t> malformed_at(std::string_view text);

// The functions below: REQUIRES well-formed JSON, perhaps with blanks around.
JsonKind kind_of(std::string_view value);
std::vector<JsonMember> members_of(std::string_view object, std::size_t most = kMostJsonMembers);
std::vector<std::string_view> elements_of(std::string_view array, std::size_t most);
std::string string_of(std::string_view value);  // REQUIRES: a string

// A text as a string of JSON. REQUIRES: UTF-8.
std::string json_text(std::string_view text);

// How a value is told in a message.
std::string shown(std::string_view value);

}  // namespace live
