// value_scanner.hpp: where a JSON value ends, in text that comes piece by piece.
// Why:      an array of two gigabytes is read element by element, and a parser wants each one whole.
// Use:      ValueScanner scanner;   // the text begins with the value
//           std::size_t end = scanner.end_in(text);
//           while (end == text.npos && more()) end = scanner.end_in(text);   // the text has grown behind
// Promises: brackets are counted and strings passed over; whether all within is JSON is the parser's to say.
//           Each byte is looked at once. Nothing is allocated.
// Threads:  one thread.
// Tests:    tests/live/files/json_stream_test.cpp
#pragma once

#include <cstddef>
#include <string_view>

namespace live {

class ValueScanner {
 public:
  // The place behind the value, or npos when the text ends before it does. A number or a word ends at a
  // delimiter, or with the whole text, which the caller knows.
  std::size_t end_in(std::string_view text);

  bool plain() const { return depth_ == 0 && !in_string_; }  // of what has no closing mark
  // How many bytes at the front are done with; they may be taken away, once told here.
  std::size_t done() const { return at_; }
  void forget(std::size_t bytes) { at_ -= bytes; }

 private:
  bool pass_string(std::string_view text);

  std::size_t at_ = 0, depth_ = 0;
  bool in_string_ = false, in_word_ = false;
};

}  // namespace live
