// columns.hpp: which members of a record hold what, by the names that people give them.
// Why:      data sets call the same things by a dozen names, and a wrong guess would cost a whole search.
// Use:      ColumnFacts facts(given);
//           for (const JsonObject record : the_first_ones) facts.add(record);
//           const ColumnNames columns = found_columns(facts, given);
// Promises: a name that is given stays. Otherwise the first usual name counts that a record has a value of;
//           with none, the first that a record has at all, since what is null at first may be told later.
//           What has none stays empty. "answer" is the right answer, unless that has another name, and is
//           then the sample's. Facts are of at most kMostJsonMembers names.
// Throws:   BadRecord where a given column is not there, or neither text nor answer is found.
// Threads:  one thread an object, otherwise pure functions.
// Tests:    tests/live/formats/generic_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <string_view>
#include <unordered_map>
#include <vector>

#include "live/formats/format.hpp"

namespace live {

// What some records have under each name.
struct ColumnFact {
  bool there = false;    // if only as null
  bool told = false;     // it has a value
  bool numbers = false;  // or lists of them
  bool others = false;   // values that are no numbers
};

class ColumnFacts {
 public:
  explicit ColumnFacts(const ColumnNames& given = {});  // which may be paths

  void add(JsonObject record);

  ColumnFact of(std::string_view name) const;
  std::size_t records() const { return records_; }
  const std::string& names() const { return names_; }  // of the first record, for messages

 private:
  void add(std::string_view name, JsonElement value);

  std::vector<std::string> paths_;
  std::unordered_map<std::string, ColumnFact> facts_;
  std::string names_;
  std::size_t records_ = 0;
};

ColumnNames found_columns(const ColumnFacts& facts, const ColumnNames& given);
// Of an entry of a list that is one sample of a question told beside it.
ColumnNames found_entry_columns(JsonObject entry);

// The question of a record by its usual names, or those in its "doc".
std::optional<JsonElement> usual_question(JsonObject record);
std::optional<JsonElement> usual_gold(JsonObject record);

}  // namespace live
