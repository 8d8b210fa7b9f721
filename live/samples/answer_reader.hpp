// answer_reader.hpp: the answers of samples, of probes and of questions in one normal form.
// Why:      votes count equal strings; what a file gives and what is read from a text must meet in one
//           spelling.
// Use:      const AnswerReader reader({.extract = "boxed", .task = "letter"});
//           const std::string answer = reader.answer(sample);
// Promises: a sample's answer is the one that the file gives, where it gives one and nothing else is asked
//           for; else it is extracted from the text, in a box without further word. ERR stands for none. A
//           right answer that is a whole solution is read behind its last "####" or in its last box.
// Throws:   replay::InputError for words that are none.
// Threads:  const members may be called from several threads.
// Tests:    tests/live/samples/sample_pool_test.cpp
#pragma once

#include <optional>
#include <string>
#include <string_view>

#include "live/samples/sample.hpp"
#include "replay/answers/extract.hpp"

namespace live {

// As users give them.
struct AnswerWords {
  std::optional<std::string> extract;  // "given", or what parse_extractor() takes
  std::optional<std::string> task;     // "any", "letter", or what parse_extractor() takes
};

class AnswerReader {
 public:
  explicit AnswerReader(const AnswerWords& words);

  std::string answer(const Sample& sample) const;
  std::string form(std::string_view answer) const;  // of an answer that stands alone
  std::string gold(std::string_view gold) const;    // empty: it holds no answer

  bool letters() const { return task_ == replay::AnswerTask::kLetter; }
  bool takes_given() const { return given_; }
  const std::string& how() const { return how_; }  // how texts are read, in the words of users

 private:
  std::string how_;
  replay::Extractor extractor_;
  replay::AnswerTask task_;
  bool given_;  // what the file gives comes first
};

}  // namespace live
