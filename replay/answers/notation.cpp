#include "replay/answers/notation.hpp"

#include <algorithm>
#include <array>
#include <cstdint>
#include <string_view>
#include <utility>

#include "replay/parallel/interruption.hpp"

namespace replay {
namespace {

using Kind = Token::Kind;

struct Variant {
  std::string_view from;
  Token to;
};

constexpr std::array kVariants = {
    Variant{"\\dfrac", {Kind::kCommand, "\\frac"}},
    Variant{"\\tfrac", {Kind::kCommand, "\\frac"}},
    Variant{"\\cfrac", {Kind::kCommand, "\\frac"}},
    Variant{"\\dbinom", {Kind::kCommand, "\\binom"}},
    Variant{"\\tbinom", {Kind::kCommand, "\\binom"}},
    Variant{"\\le", {Kind::kCommand, "\\leq"}},
    Variant{"\\ge", {Kind::kCommand, "\\geq"}},
    Variant{"\\ne", {Kind::kCommand, "\\neq"}},
    Variant{"\\lbrace", {Kind::kSymbol, "\\{"}},
    Variant{"\\rbrace", {Kind::kSymbol, "\\}"}},
    Variant{"\\lparen", {Kind::kOther, "("}},
    Variant{"\\rparen", {Kind::kOther, ")"}},
    Variant{"\\lbrack", {Kind::kOther, "["}},
    Variant{"\\rbrack", {Kind::kOther, "]"}},
    Variant{"\\%", {Kind::kOther, "%"}},
};

// What separates and nothing more. A dollar sign is a delimiter, or a unit when it is escaped.
constexpr std::array<std::string_view, 20> kSpaces = {
    " ",       "~",         "$",           "\\$",        "\\(",          "\\)",           "\\[",
    "\\]",     "\\,",       "\\;",         "\\:",        "\\>",          "\\ ",           "\\quad",
    "\\qquad", "\\enspace", "\\thinspace", "\\medspace", "\\thickspace", "\\nobreakspace"};

// What changes sizes and leaves no trace in meaning.
constexpr std::array<std::string_view, 20> kSizes = {
    "\\!",     "\\left",  "\\right",  "\\middle",   "\\big",          "\\Big",      "\\bigg",
    "\\Bigg",  "\\bigl",  "\\bigr",   "\\Bigl",     "\\Bigr",         "\\biggl",    "\\biggr",
    "\\Biggl", "\\Biggr", "\\limits", "\\nolimits", "\\displaystyle", "\\textstyle"};

constexpr std::array<std::string_view, 2> kDegrees = {"\\degree", "\\textdegree"};

bool among(const auto& list, std::string_view text) { return std::ranges::find(list, text) != list.end(); }

// Which arguments a command takes: those in brackets make it stay as it is.
std::uint8_t arguments_of(const Tokens& tokens, std::size_t at) {
  if (tokens[at].is("\\frac") || tokens[at].is("\\binom")) return 2;
  const std::size_t next = past_spaces(tokens, at + 1);
  return tokens[at].is("\\sqrt") && next < tokens.size() && !tokens[next].is("[") ? 1 : 0;
}

bool is_index_or_exponent(const Token& token) { return token.is("^") || token.is("_"); }

// The end of what an index or exponent at `at` takes without braces, or `at`: a number, a variable, a symbol.
std::size_t end_of_script(const Tokens& tokens, std::size_t at) {
  if (at == tokens.size()) return at;
  std::size_t end = at;
  while (end < tokens.size() && tokens[end].is(Kind::kDigit)) ++end;
  if (end > at) return end;
  const bool alone = at + 1 == tokens.size() || !tokens[at + 1].is(Kind::kLetter);
  if (tokens[at].is(Kind::kLetter)) return alone ? at + 1 : at;
  const bool takes = at + 1 < tokens.size() && (tokens[at + 1].is(Kind::kOpen) || tokens[at + 1].is("["));
  return tokens[at].is(Kind::kCommand) && !takes && arguments_of(tokens, at) == 0 ? at + 1 : at;
}

class Braces {
 public:
  explicit Braces(const Tokens& tokens)
      : tokens_(tokens), partner_(matches(tokens)), due_(tokens.size() + 1, 0) {}

  Tokens put() && {
    std::size_t at = 0;
    while (at < tokens_.size()) {
      take_breath();
      at = due_[at] > 0 ? argument(at, due_[at]) : other(at);
    }
    return std::move(out_);
  }

 private:
  // One of `due` arguments, which begin at `at`; the rest are due behind it.
  std::size_t argument(std::size_t at, std::uint8_t due) {
    due_[at] = 0;
    const Token& token = tokens_[at];
    if (token.is(Kind::kSpace)) {
      due_[at + 1] = due;
      return at + 1;
    }
    const bool group = token.is(Kind::kOpen) && partner_[at] != kNoToken;
    if (group) {
      due_[partner_[at] + 1] = static_cast<std::uint8_t>(due - 1);
      return other(at);
    }
    const bool single = token.is(Kind::kDigit) || token.is(Kind::kLetter) || token.is(Kind::kCommand);
    if (!single || arguments_of(tokens_, at) > 0) return other(at);
    due_[at + 1] = static_cast<std::uint8_t>(due - 1);
    return braced(at, at + 1);
  }

  std::size_t other(std::size_t at) {
    out_.push_back(tokens_[at]);
    if (const std::uint8_t arguments = arguments_of(tokens_, at)) due_[at + 1] = arguments;
    if (!is_index_or_exponent(tokens_[at])) return at + 1;
    const std::size_t begin = past_spaces(tokens_, at + 1), end = end_of_script(tokens_, begin);
    return end > begin ? braced(begin, end) : at + 1;
  }

  std::size_t braced(std::size_t begin, std::size_t end) {
    out_.push_back(kOpenToken);
    for (std::size_t at = begin; at < end; ++at) out_.push_back(tokens_[at]);
    out_.push_back(kCloseToken);
    return end;
  }

  const Tokens& tokens_;
  std::vector<std::size_t> partner_;
  std::vector<std::uint8_t> due_;  // how many arguments begin at a token
  Tokens out_;
};

}  // namespace

Tokens simplified(const Tokens& tokens) {
  Tokens out;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    take_breath();
    const Token& token = tokens[at];
    const auto* const variant = std::ranges::find(kVariants, token.text, &Variant::from);
    if (among(kSpaces, token.text)) {
      if (out.empty() || !out.back().is(Kind::kSpace)) out.push_back(kSpaceToken);
    } else if (among(kSizes, token.text)) {
      const bool bracket_follows = token.is("\\left") || token.is("\\right");
      if (bracket_follows && at + 1 < tokens.size() && tokens[at + 1].is(".")) ++at;  // no bracket at all
    } else if (among(kDegrees, token.text)) {
      out.insert(out.end(), {{Kind::kOther, "^"}, kOpenToken, {Kind::kCommand, "\\circ"}, kCloseToken});
    } else {
      out.push_back(variant == kVariants.end() ? token : variant->to);
    }
  }
  return out;
}

Tokens with_braced_arguments(const Tokens& tokens) { return Braces(tokens).put(); }

}  // namespace replay
