// question_file.hpp: files of questions with their right answers -> questions to be collected.
// Why:      people have them as JSON lines, as tables, or in an environment that another model recorded.
// Use:      for (const CollectQuestion& each : read_questions("aime.jsonl")) ...
//           read_questions("table.csv", {.question = "problem", .gold = "solution"});
// Promises: the kind of a file is known by its content: objects of JSON (one a line, or an array of them),
//           questions in the recorded form, else comma-separated values under a line of names. Texts stay as
//           they are, and a number of JSON keeps its spelling. No question and no answer is blank, no answer
//           is ERR, and no question occurs twice.
// Throws:   replay::InputError, one line that names the file, the line (or question) and the field.
// Threads:  reads a file, otherwise pure.
// Tests:    tests/live/reading/question_file_test.cpp, tests/live/reading/hostile_question_file_test.cpp
#pragma once

#include <filesystem>
#include <string>
#include <vector>

#include "live/reading/question_columns.hpp"

namespace live {

struct CollectQuestion {
  std::string text, gold;  // gold in its given spelling
  friend bool operator==(const CollectQuestion&, const CollectQuestion&) = default;
};

std::vector<CollectQuestion> read_questions(const std::filesystem::path& file,
                                            const QuestionFields& fields = {});

}  // namespace live
