// table_records.hpp: the rows of a table as objects of JSON, so that tables and records are read alike.
// Use:      read_table(window, csv_delimiter(window.view()), {.record = ..., .bad = ...});
// Promises: the first row has the names. A field is a string, null when it is empty, and a list or an object
//           where it is JSON of one, or a list as Python prints it. TextWindow::kPadding bytes follow the
//           text, as its size() does not tell. A row that is malformed, is no UTF-8, or has more or fewer
//           fields, is told as bad, and what follows is read; so is a broken list where all rows before had
//           lists.
// Throws:   replay::InputError where there are no names, or a row is longer than the window may be.
// Threads:  pure but for the callbacks.
// Tests:    tests/live/formats/generic_test.cpp, tests/live/formats/hostile_formats_test.cpp
#pragma once

#include <cstddef>
#include <functional>
#include <string>
#include <string_view>

#include "live/files/text_window.hpp"

namespace live {

struct TableCallbacks {
  std::function<void(std::string_view record, std::size_t line)> record;
  std::function<void(const std::string& problem, std::size_t line)> bad;
};

void read_table(TextWindow& window, char delimiter, const TableCallbacks& to);

}  // namespace live
