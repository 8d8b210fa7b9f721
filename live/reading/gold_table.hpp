// gold_table.hpp: right answers for questions that were asked elsewhere, out of a table.
// Why:      who asks does not know the right answer; it comes later, from elsewhere.
// Use:      const GoldTable table("gold.csv", {.question = "id"});
//           if (const std::string* gold = table.of(question, episode_id)) ...
// Promises: the table is any file of questions (question_file.hpp). A row is found by the text of the
//           question, blanks around it aside, else by an id. within() finds it in a prompt that holds the
//           question among other words: the longest that does.
// Throws:   replay::InputError as read_questions(), and where two rows differ in blanks alone.
// Threads:  reads a file, otherwise pure.
// Tests:    tests/live/record/episode_import_test.cpp, tests/live/samples/sample_pool_test.cpp
#pragma once

#include <filesystem>
#include <string>
#include <string_view>
#include <unordered_map>

#include "live/reading/longest_within.hpp"
#include "live/reading/question_columns.hpp"

namespace live {

class GoldTable {
 public:
  GoldTable(const std::filesystem::path& file, const QuestionFields& fields);
  GoldTable(const GoldTable&) = delete;
  GoldTable& operator=(const GoldTable&) = delete;

  // Nothing where it has no row for them.
  const std::string* of(std::string_view question, std::string_view id) const;
  const std::string* within(std::string_view prompt) const;

 private:
  const std::string* find(std::string_view key) const;

  std::unordered_map<std::string, std::string> golds_;
  LongestWithin questions_;  // views of the names in golds_
};

}  // namespace live
