// question_reader.hpp: one question of a parsed environment file -> Question.
// Why:      a file may be wrong at every place; each is looked at here, and nowhere later.
// Use:      QuestionReader reader(file);
//           questions[0] = reader.read(items[0], 0);                       // fixes the signals of the file
//           questions[1] = QuestionReader(reader).read(items[1], 1);       // perhaps in another thread
// Promises: throws InputError with one line that names file, question, branch and what is wrong there. The
//           first branch that was read fixes the names of the signals; those of every later one are the same.
// Threads:  one thread a reader; copies, which know the signals by then, are independent.
// Tests:    tests/replay/environment/reader_test.cpp, tests/replay/environment/signal_reading_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <optional>
#include <simdjson.h>
#include <string>
#include <string_view>
#include <utility>
#include <vector>

#include "replay/environment/environment.hpp"
#include "replay/environment/question_builder.hpp"

namespace replay {

class QuestionReader {
 public:
  // `source` names the file in messages and outlives the reader.
  explicit QuestionReader(const std::string& source) : source_(source) {}

  // REQUIRES: `number` is the place of the question in its file.
  Question read(simdjson::dom::element item, std::size_t number);

  // Names of the file's signals, sorted, and in the order of its first branch.
  const std::vector<std::string>& signals() const { return signals_; }
  const std::vector<std::string>& written_signals() const { return written_; }

  // What the first question tells of the recording (collected.hpp), to be taken once; empty: nothing.
  std::string take_collected() { return std::move(collected_); }

 private:
  struct Fields;
  struct Parts;

  [[noreturn]] void fail(const std::string& problem) const;
  [[noreturn]] void fail_twice(std::string_view signal) const;
  Fields fields_of(simdjson::dom::element item) const;
  Parts parts_of(simdjson::dom::element item) const;
  std::string collected_of(const Fields& fields) const;
  void find_signals(simdjson::dom::element first_branch);
  void read_branch(simdjson::dom::element item, QuestionBuilder& builder);
  void read_signals(const std::optional<simdjson::dom::object>& signals, std::size_t probes,
                    QuestionBuilder& builder);
  void read_signal(const std::string& name, std::size_t column, simdjson::dom::element value,
                   std::size_t probes, QuestionBuilder& builder);
  std::string_view text(simdjson::dom::element value, std::string_view what) const;
  std::int64_t whole_number(simdjson::dom::element value, std::string_view what, std::int64_t least,
                            std::int64_t most) const;

  const std::string& source_;
  bool any_branch_ = false;             // was read yet: the first fixes the signals
  std::vector<std::string> signals_;    // sorted
  std::vector<std::string> written_;    // the same in the order of the first branch
  std::vector<std::size_t> column_of_;  // of each of written_: its place in signals_
  std::vector<double> numbers_;         // of the signal being read
  std::string collected_;
  std::size_t question_ = 0;
  std::optional<std::size_t> branch_;
};

// How a value is told in a message.
std::string shown_value(simdjson::dom::element value);

}  // namespace replay
