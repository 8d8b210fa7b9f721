// malformed_json.hpp: where and how a text stops being JSON that can be held.
// Why:      the parser that reads good files quickly keeps no count of lines; this looks a second time,
//           slowly and thoroughly, once reading has failed.
// Use:      throw InputError(malformed_json(bytes, source, simdjson::error_message(error)));
// Promises: one line that names the file, then line and column; inside a branch, question and branch before
//           them, and the signal where it is in one. All are counted as in the messages of the reader.
// Threads:  pure function.
// Tests:    tests/replay/environment/reader_test.cpp, tests/replay/environment/signal_reading_test.cpp
#pragma once

#include <string>
#include <string_view>

namespace replay {

// `otherwise` is what the parser said, for when no place is found.
std::string malformed_json(const std::string& bytes, const std::string& source, std::string_view otherwise);

}  // namespace replay
