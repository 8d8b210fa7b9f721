// csv_record.hpp: a row of a table as an object of JSON, so that tables and records are read alike.
// Use:      const std::string text = csv_record(names, row.fields);
// Promises: a field is a string, nothing when it is empty, and a list or an object where it is JSON of one.
//           TextWindow::kPadding bytes follow the text, as its size() does not tell.
// Threads:  a pure function.
// Tests:    tests/live/formats/formats_test.cpp
#pragma once

#include <string>
#include <string_view>
#include <vector>

namespace live {

// REQUIRES: as many fields as names.
void csv_record(const std::vector<std::string>& names, const std::vector<std::string>& fields,
                std::string& record);

}  // namespace live
