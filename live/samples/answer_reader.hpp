// answer_reader.hpp: the answers of samples, of probes and of questions in one normal form.
// Why:      votes count equal strings; what a file gives and what is read from a text must meet in one
//           spelling.
// Use:      const AnswerReader reader({.extract = "boxed", .task = "letter"});
//           const std::string answer = reader.answer(sample);
// Promises: a sample's answer is the one that the file gives, where it gives one and nothing else is asked
//           for; else it is extracted from the text, in a box without further word. ERR stands for none. A
//           right answer that is a whole solution is read behind its last "####" or in its last box. What is
//           given and is the whole text, as graders by models give it, counts as not given: where nothing
//           can be extracted, it is an answer if it is short. Longer ones than kLongestAnswer are none.
// Throws:   replay::InputError for words that are none.
// Threads:  const members may be called from several threads.
// Tests:    tests/live/samples/sample_pool_test.cpp
#pragma once

#include <cstddef>
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

inline constexpr std::size_t kLongestAnswer = std::size_t{64} << 10U;  // bytes

class AnswerReader {
 public:
  explicit AnswerReader(const AnswerWords& words);

  // Adds one to `overlong` where the answer is too long to be one.
  std::string answer(const Sample& sample, std::size_t* overlong = nullptr) const;
  // Of one that stands alone.
  std::string form(std::string_view answer, std::size_t* overlong = nullptr) const;
  std::string gold(std::string_view gold) const;  // empty: it holds no answer

  bool letters() const { return task_ == replay::AnswerTask::kLetter; }
  bool takes_given() const { return given_; }
  const std::string& how() const { return how_; }  // how texts are read, in the words of users

 private:
  std::string how_;
  replay::Extractor extractor_;
  replay::AnswerTask task_;
  bool given_;  // what the file gives comes first
  bool asked_;  // because it was asked for
};

}  // namespace live
