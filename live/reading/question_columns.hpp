// question_columns.hpp: which columns of a file hold the question and the right answer.
// Why:      data sets call them a dozen names; a wrong guess would cost a whole collection.
// Use:      const QuestionColumns columns = find_columns({"id", "problem", "answer"}, {}, "a.csv: line 1");
// Promises: a name that is given counts as it is written. Otherwise exactly one column must have a usual
//           name, in any case of letters; none or several is an InputError that lists the columns and the
//           options.
// Threads:  a pure function.
// Tests:    tests/live/reading/question_file_test.cpp
#pragma once

#include <cstddef>
#include <string>
#include <vector>

namespace live {

// Names of the fields; empty: the one that is called as such fields usually are.
struct QuestionFields {
  std::string question, gold;
};

struct QuestionColumns {
  std::size_t question = 0, gold = 0;
};

// `place` begins messages.
QuestionColumns find_columns(const std::vector<std::string>& names, const QuestionFields& given,
                             const std::string& place);

}  // namespace live
