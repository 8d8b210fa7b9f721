#include "replay/answers/units.hpp"

#include <algorithm>
#include <array>
#include <cctype>
#include <string>
#include <string_view>

#include "replay/answers/wrapping.hpp"
#include "replay/parallel/interruption.hpp"

namespace replay {
namespace {

using Kind = Token::Kind;

// Words behind a number that make it another value, or a condition of it.
constexpr std::array<std::string_view, 44> kMeaningful = {
    "am",     "and",   "are", "at",        "base",     "before", "after",   "billion", "by",
    "d",      "dozen", "e",   "even",      "for",      "from",   "hundred", "i",       "if",
    "is",     "j",     "k",   "less",      "ln",       "log",    "million", "minus",   "mod",
    "modulo", "more",  "no",  "not",       "odd",      "only",   "or",      "over",    "past",
    "pi",     "plus",  "pm",  "remainder", "thousand", "times",  "to",      "trillion"};

// Units that are recognised as plain words. One letter is none: 5 m may be a product.
constexpr std::array<std::string_view, 60> kPlainUnits = {
    "cent",    "cents",    "centimeter", "centimeters", "centimetre", "centimetres", "cm",
    "cubic",   "day",      "days",       "deg",         "degree",     "degrees",     "dollar",
    "dollars", "euro",     "euros",      "feet",        "foot",       "ft",          "gram",
    "grams",   "hour",     "hours",      "hr",          "hrs",        "inch",        "inches",
    "kg",      "kilogram", "kilograms",  "kilometer",   "kilometers", "kilometre",   "kilometres",
    "km",      "liter",    "liters",     "litre",       "litres",     "meter",       "meters",
    "metre",   "metres",   "mile",       "miles",       "min",        "minute",      "minutes",
    "mm",      "month",    "months",     "mph",         "percent",    "sec",         "second",
    "seconds", "square",   "unit",       "units"};

bool among(const auto& list, std::string_view word) { return std::ranges::find(list, word) != list.end(); }

// Whether a text group can be a unit; `apart`: a space is between the value and it.
bool names_unit(const Tokens& tokens, std::size_t begin, std::size_t end, bool apart) {
  std::string word;
  bool letters = false, small = false;
  for (std::size_t at = begin; at < end; ++at) {
    take_breath();
    const Token& token = tokens[at];
    if (token.is(Kind::kLetter)) {
      const auto last = static_cast<unsigned char>(token.text.back());
      word += static_cast<char>(std::tolower(last));
      letters = true;
      small = small || std::isupper(last) == 0;
    } else if (!token.is(".")) {  // "a.m." is one word
      if (among(kMeaningful, word)) return false;
      word.clear();
      const bool exponent = at > begin && std::string_view("^{-").contains(tokens[at - 1].text);
      if (token.is(Kind::kDigit) && !exponent) return false;
      if (token.is("=") || opens_bracket(token) || closes_bracket(token)) return false;
    }
  }
  return letters && !among(kMeaningful, word) &&
         (small || apart);  // 2\text{B} may be a digit of another base
}

bool ends_value(const Tokens& tokens, std::size_t at) {
  if (at == kNoToken) return false;
  const Token& token = tokens[at];
  return token.is(Kind::kDigit) || token.is(Kind::kClose) || token.is(Kind::kCommand) || token.is(")") ||
         token.is("%") || token.is("!");
}

// Units in groups with a font.
class TextUnits {
 public:
  explicit TextUnits(const Tokens& tokens) : tokens_(tokens), partner_(matches(tokens)) {}

  // Where the value ends, before the units: tokens.size() if there are none.
  std::size_t begin() const {
    std::size_t begin = tokens_.size(), unit = begin_of_unit(begin);
    while (unit != kNoToken) {
      begin = unit;
      const std::size_t before = last_before(tokens_, begin);
      if (before == kNoToken) return tokens_.size();
      const bool joined = tokens_[before].is("/") || tokens_[before].is("\\cdot");
      unit = begin_of_unit(joined ? before : begin);
      if (joined && unit == kNoToken) return tokens_.size();
    }
    const bool words_before =
        std::any_of(tokens_.begin(), tokens_.begin() + static_cast<std::ptrdiff_t>(begin), is_font);
    return !words_before && ends_value(tokens_, last_before(tokens_, begin)) ? begin : tokens_.size();
  }

 private:
  // The unit that ends before `end`: a text group, and perhaps its exponent.
  std::size_t begin_of_unit(std::size_t end) const {
    std::size_t close = last_before(tokens_, end);
    if (close == kNoToken || !tokens_[close].is(Kind::kClose) || partner_[close] == kNoToken) return kNoToken;
    std::size_t open = partner_[close];
    if (open > 0 && tokens_[open - 1].is("^")) {
      close = last_before(tokens_, open - 1);
      if (close == kNoToken || !tokens_[close].is(Kind::kClose) || partner_[close] == kNoToken)
        return kNoToken;
      open = partner_[close];
    }
    const std::size_t font = last_before(tokens_, open);
    if (font == kNoToken || !is_font(tokens_[font])) return kNoToken;
    const bool apart = (font > 0 && tokens_[font - 1].is(Kind::kSpace)) || tokens_[open + 1].is(Kind::kSpace);
    return names_unit(tokens_, open + 1, close, apart) ? font : kNoToken;
  }

  const Tokens& tokens_;
  std::vector<std::size_t> partner_;
};

// The letters between two tokens, small; empty if they are more than a unit has.
std::string small_word(const Tokens& tokens, std::size_t begin, std::size_t end) {
  constexpr std::size_t kLongest = 16;
  std::string word;
  if (end - begin > kLongest) return word;
  for (std::size_t at = begin; at < end; ++at)
    word += static_cast<char>(std::tolower(static_cast<unsigned char>(tokens[at].text.back())));
  return word;
}

// Where the value ends before plain words that are all units: tokens.size() if there are none.
std::size_t begin_of_plain_units(const Tokens& tokens) {
  std::size_t begin = tokens.size(), last = last_before(tokens, begin);
  while (last != kNoToken && tokens[last].is(Kind::kLetter)) {
    begin = last + 1;
    while (begin > 0 && tokens[begin - 1].is(Kind::kLetter)) --begin;
    if (!among(kPlainUnits, small_word(tokens, begin, last + 1))) return tokens.size();
    last = last_before(tokens, begin);
  }
  const bool words_before =
      std::any_of(tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(begin),
                  [](const Token& token) { return token.is(Kind::kLetter) || is_font(token); });
  return !words_before && ends_value(tokens, last) ? begin : tokens.size();
}

}  // namespace

Tokens without_units(const Tokens& tokens) {
  const std::size_t end = std::min(TextUnits(tokens).begin(), begin_of_plain_units(tokens));
  return {tokens.begin(), tokens.begin() + static_cast<std::ptrdiff_t>(end)};
}

}  // namespace replay
