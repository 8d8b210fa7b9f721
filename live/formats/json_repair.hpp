// json_repair.hpp: text that other programs write for JSON and JSON does not know, made JSON.
// Why:      Python writes NaN and Infinity, numbers of any length, and halves of surrogate pairs; a record is
//           not to be lost for a figure that nobody needs.
// Use:      if (repair_json(text, repaired)) parse(repaired);
// Promises: NaN and infinity become null, and whole numbers of 19 digits or more strings of the same
//           spelling; an escape of half a pair becomes \ufffd. All else stays. False when there is nothing
//           of the kind. Time is linear in the text.
// Threads:  a pure function.
// Tests:    tests/live/formats/hostile_formats_test.cpp
#pragma once

#include <string>
#include <string_view>

namespace live {

bool repair_json(std::string_view text, std::string& repaired);

}  // namespace live
