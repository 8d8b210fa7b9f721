// collected.hpp: the object "collected" of a file's first question: how the environment was recorded.
// Why:      whoever serves, audits or reads answers anew needs what was asked of which model and how. It is
//           kept as text, since its entries are those of whoever recorded it.
// Use:      if (const std::string text = compact(object); text.size() <= kMaxCollectedBytes) ...
//           out += compact_object(environment.collected);
// Promises: one spelling: no blanks between values, control characters escaped, numbers in the fewest digits.
//           Order of entries and other characters stay. The compact form of a compact form is itself.
// Threads:  pure functions.
// Tests:    tests/replay/environment/collected_test.cpp
#pragma once

#include <cstddef>
#include <simdjson.h>
#include <string>
#include <string_view>

namespace replay {

inline constexpr std::size_t kMaxCollectedBytes = std::size_t{1} << 20U;  // 1 MiB of the compact form

std::string compact(simdjson::dom::object object);

// REQUIRES: `text` is a JSON object of at most kMaxCollectedBytes in its compact form.
std::string compact_object(std::string_view text);

}  // namespace replay
