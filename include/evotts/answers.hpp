// answers.hpp: how a text becomes an answer, and one spelling for answers that say the same.
// Why:      votes count equal strings, and a model writes 026, 26 and \boxed{26} for the same number. What is
//           recorded, imported and asked live is compared by one rule.
// Use:      const evotts::Extractor boxed("boxed");
//           std::cout << boxed.answer("so it is \\boxed{026}.") << "\n";       // 26
//           const bool same = evotts::normal_form("\\dfrac12") == evotts::normal_form("\\frac{1}{2}");
//           if (!same) return 1;
// Promises: extract(), answer() and normal_form() take any bytes and never fail, in a time linear in the
//           text. A normal form is UTF-8 without control characters, and its own normal form. Spellings are
//           merged, values are not computed. "ERR" and "" stay.
// Throws:   Error (kInput) for a rule that is none, naming what would be right.
// Threads:  values that any number of threads may use at once. One that was moved from may only be assigned
//           to or destroyed.
#pragma once

#include <cstdint>
#include <evotts/error.hpp>
#include <memory>
#include <optional>
#include <string>
#include <string_view>

namespace evotts {

namespace detail {
struct ExtractorData;
}  // namespace detail

enum class AnswerTask : std::uint8_t {
  kAny,
  kLetter,  // one of the options A to J: "(b)" and "B." are B
};

std::string normal_form(std::string_view answer, AnswerTask task = AnswerTask::kAny);

class Extractor {
 public:
  // Where the answer stands:
  //   boxed             the last \boxed{...} or \fbox{...}
  //   number            the last number, with its sign, separators of thousands, decimals, or as a/b
  //   letter            one of A to J: in the last box, else behind "answer", else in brackets, else alone
  //   after:MARK        the line behind the last MARK, or the next line that is not blank
  //   regex:EXPRESSION  the first match of an expression of RE2: its first group that took part, or all of it
  //                     if it has no group
  explicit Extractor(std::string_view rule);

  std::string rule() const;
  // What its answers are: letters, or anything.
  AnswerTask task() const;
  // What stands there, as it is written; none: there is no such place.
  std::optional<std::string> extract(std::string_view text) const;
  // Its normal form, or "ERR".
  std::string answer(std::string_view text) const;

 private:
  std::shared_ptr<const detail::ExtractorData> data_;
};

}  // namespace evotts
