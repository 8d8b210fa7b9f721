// extract.hpp: how a text becomes an answer: boxed, number, letter, after:MARK, regex:EXPRESSION.
// Why:      where the answer stands depends on the task. People name it once, and import, collect and serve
//           read all texts alike.
// Use:      const Extractor extractor = parse_extractor("boxed");
//           const std::optional<std::string> raw = extractor.extract(text);
//           const std::string answer = extractor.answer(text);   // its normal form, or ERR
// Promises: extract() and answer() take any bytes and never fail. Their time is linear in the text.
//             boxed    the last \boxed{...} or \fbox{...} (readings.hpp)
//             number   the last number, with its sign, separators of thousands, decimals, or as a/b
//             letter   one of A to J: in the last box, else behind "answer", else in brackets, else alone
//             after:   the line behind the last MARK, or the next line that is not blank
//             regex:   the first match of an expression of RE2: its first group that took part, or all of it
//                      if it has no group; (?s).* in front makes it the last match
//           parse_extractor() throws InputError, naming what it was given and what would be right.
// Threads:  const members may be called from several threads.
// Tests:    tests/replay/answers/extract_test.cpp
#pragma once

#include <optional>
#include <string>
#include <string_view>
#include <variant>

#include "replay/answers/normal_form.hpp"
#include "replay/answers/patterns.hpp"

namespace replay {

class Extractor {
 public:
  struct Boxed {};
  struct Number {};
  struct Letter {};
  struct After {
    std::string mark;
  };
  using Kind = std::variant<Boxed, Number, Letter, After, Pattern>;

  explicit Extractor(Kind kind) : kind_(std::move(kind)) {}

  AnswerTask task() const;
  std::optional<std::string> extract(std::string_view text) const;
  std::string answer(std::string_view text) const;

 private:
  Kind kind_;
};

Extractor parse_extractor(std::string_view text);

}  // namespace replay
