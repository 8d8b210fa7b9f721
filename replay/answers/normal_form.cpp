#include "replay/answers/normal_form.hpp"

#include <utility>

#include "replay/answers/characters.hpp"
#include "replay/answers/notation.hpp"
#include "replay/answers/numerals.hpp"
#include "replay/answers/option_letter.hpp"
#include "replay/answers/tokens.hpp"
#include "replay/answers/units.hpp"
#include "replay/answers/wrapping.hpp"

namespace replay {
namespace {

// One round may uncover work for the next, as \text{**5**} does. Real answers settle in three.
constexpr int kMostRounds = 16;

std::string round(const std::string& text) {
  Tokens tokens = with_braced_arguments(simplified(tokenise(text)));
  tokens = without_fonts(without_units(unwrapped(tokens)));
  return to_text(with_plain_numbers(without_thousands(without_degrees(tokens))));
}

}  // namespace

std::string normal_form(std::string_view answer, AnswerTask task) {
  const std::string plain = one_spelling(answer);
  std::string form = plain, next = round(form);
  for (int rounds = 1; next != form && rounds < kMostRounds; ++rounds) {
    form = std::move(next);
    next = round(form);
  }
  // What has settled is a fixed point of a round. What has not is given back as it came, which no second
  // call changes either.
  if (next != form) form = plain;
  return task == AnswerTask::kLetter ? option_letter(form).value_or(form) : form;
}

}  // namespace replay
