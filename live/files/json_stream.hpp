// json_stream.hpp: the records of a file of JSON, one by one, whatever holds them.
// Why:      people keep records as lines, as one array (often called .jsonl), as a list within an object, or
//           as values one behind the other. All are read alike, and far larger files than memory.
// Use:      JsonStream stream(window, JsonLayout::kLines);
//           while (const auto record = stream.next()) use(record->text, record->line);
// Promises: a record is some text that ought to be a JSON value, with TextWindow::kPadding bytes behind it;
//           it lives until next(). Blank lines and blanks between values are passed over. Of an object,
//           members are taken, passed over or gone through as `take` says; those passed over are not held.
// Throws:   replay::InputError that names file and line where the text around the records is no JSON or ends
//           too early. What is wrong within a record is for its reader.
// Threads:  one thread.
// Tests:    tests/live/files/json_stream_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <functional>
#include <optional>
#include <string>
#include <string_view>

#include "live/files/text_window.hpp"

namespace live {

enum class JsonLayout : std::uint8_t {
  kLines,   // a value a line
  kArray,   // the elements of one array
  kObject,  // the members of one object
  kValues,  // values one behind the other, over any number of lines
};

// What is to be done with a member of an object.
enum class Take : std::uint8_t {
  kSkip,
  kWhole,     // it is one record
  kElements,  // an array: its elements are records; anything else is passed over
};

struct JsonRecord {
  std::string_view text;
  std::size_t line = 0;     // where it begins, from 1
  std::size_t number = 0;   // of the record in its file, from 0
  std::string_view member;  // of an object: what it is, or what it is an element of
};

class JsonStream {
 public:
  JsonStream(TextWindow& window, JsonLayout layout, std::function<Take(std::string_view member)> take = {});

  std::optional<JsonRecord> next();

 private:
  std::optional<std::string_view> next_text();
  std::optional<std::string_view> next_line();
  std::optional<std::string_view> next_element();
  std::optional<std::string_view> next_member();
  bool begin_member();
  std::string_view value();
  void skip_value();
  char mark();  // the next character that is no blank; 0 at the end
  void pass(char expected, std::string_view where);
  void expect_end();
  [[noreturn]] void fail(const std::string& problem) const;

  TextWindow& window_;
  const JsonLayout layout_;
  const std::function<Take(std::string_view)> take_;
  std::size_t held_ = 0;  // bytes of the record that was given out
  std::size_t line_ = 1, number_ = 0;
  bool begun_ = false, ended_ = false;
  bool in_list_ = false, first_in_list_ = false, first_member_ = true;
  std::string member_;
};

}  // namespace live
