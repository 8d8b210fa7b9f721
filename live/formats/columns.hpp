// columns.hpp: which members of a record hold what, by the names that people give them.
// Why:      data sets call the same things by a dozen names, and a wrong guess would cost a whole search.
// Use:      const ColumnNames columns = found_columns(record, given);
// Promises: a name that is given stays. Otherwise the first usual name that the record has counts; what has
//           none stays empty. "answer" is the right answer, unless that has another name, and is then the
//           sample's.
// Throws:   BadRecord where a given column is not there, or neither text nor answer is found.
// Threads:  pure functions.
// Tests:    tests/live/formats/formats_test.cpp
#pragma once

#include "live/formats/format.hpp"

namespace live {

ColumnNames found_columns(JsonObject record, const ColumnNames& given);
// Of an entry of a list that is one sample of a question told beside it.
ColumnNames found_entry_columns(JsonObject entry);

// The question of a record by its usual names, or those in its "doc".
std::optional<JsonElement> usual_question(JsonObject record);
std::optional<JsonElement> usual_gold(JsonObject record);

}  // namespace live
