#include "replay/answers/numerals.hpp"

#include <optional>

#include "replay/parallel/interruption.hpp"

namespace replay {
namespace {

using Kind = Token::Kind;

constexpr Token kMinus{Kind::kOther, "-"}, kZero{Kind::kDigit, "0"}, kFraction{Kind::kCommand, "\\frac"};

struct Range {
  std::size_t begin = 0, end = 0;
  bool empty() const { return begin == end; }
};

bool is(const Tokens& tokens, std::size_t at, Kind kind) { return at < tokens.size() && tokens[at].is(kind); }
bool is(const Tokens& tokens, std::size_t at, std::string_view text) {
  return at < tokens.size() && tokens[at].is(text);
}

Range digits(const Tokens& tokens, std::size_t at) {
  Range range{at, at};
  while (is(tokens, range.end, Kind::kDigit)) ++range.end;
  return range;
}

void add(Tokens& out, const Tokens& tokens, Range range) {
  for (std::size_t at = range.begin; at < range.end; ++at) out.push_back(tokens[at]);
}

// ---- separators

// Runs of digits with one separator between two of them.
struct Chain {
  std::size_t end = 0;
  bool grouped = true;  // by threes, with one kind of separator
  char separator = 0;   // ',' ' ' '\'' or, for {,}, '{'
};

char separator_at(const Tokens& tokens, std::size_t at) {
  const bool within =
      is(tokens, at, ",") || is(tokens, at, " ") || is(tokens, at, "'") || is(tokens, at, "{,}");
  return within && is(tokens, at + 1, Kind::kDigit) ? tokens[at].text[0] : '\0';
}

bool is_comma(char separator) { return separator == ',' || separator == '{'; }

Chain chain_at(const Tokens& tokens, std::size_t begin) {
  const Range first = digits(tokens, begin);
  Chain chain{first.end};
  chain.grouped = first.end - first.begin <= 3 && !tokens[begin].is("0");
  while (const char separator = separator_at(tokens, chain.end)) {
    const Range group = digits(tokens, chain.end + 1);
    const bool commas = is_comma(separator) && is_comma(chain.separator);
    if (chain.separator == 0 || (commas && separator == ',')) chain.separator = separator;
    chain.grouped = chain.grouped && (commas || separator == chain.separator) && group.end - group.begin == 3;
    chain.end = group.end;
  }
  chain.grouped = chain.grouped && chain.separator != 0;
  return chain;
}

// ---- numbers

struct Number {
  bool negative = false;
  Range whole, decimals;
  std::size_t end = 0;
};

// A sign, perhaps with a space behind it; `negative` is what it says.
std::size_t past_sign(const Tokens& tokens, std::size_t at, bool& negative) {
  if (!is(tokens, at, "+") && !is(tokens, at, "-")) return at;
  negative = negative != tokens[at].is("-");
  return past_spaces(tokens, at + 1);
}

std::optional<Number> number_at(const Tokens& tokens, std::size_t at) {
  Number number;
  number.whole = digits(tokens, past_sign(tokens, at, number.negative));
  number.end = number.whole.end;
  number.decimals = {number.end, number.end};
  if (is(tokens, number.end, ".")) {
    number.decimals = digits(tokens, number.end + 1);
    number.end = number.decimals.end;
  }
  if (number.whole.empty() && number.decimals.empty()) return std::nullopt;
  return number;
}

void add(Tokens& out, const Tokens& tokens, Number number) {
  while (!number.whole.empty() && tokens[number.whole.begin].is("0")) ++number.whole.begin;
  while (!number.decimals.empty() && tokens[number.decimals.end - 1].is("0")) --number.decimals.end;
  if (number.negative && !(number.whole.empty() && number.decimals.empty())) out.push_back(kMinus);
  if (number.whole.empty()) out.push_back(kZero);
  add(out, tokens, number.whole);
  if (number.decimals.empty()) return;
  out.push_back({Kind::kOther, "."});
  add(out, tokens, number.decimals);
}

// ---- fractions of whole numbers

struct Fraction {
  bool negative = false;
  Range whole, numerator, denominator;  // whole: of a mixed number, else empty
  std::size_t end = 0;
};

// {digits} with a sign or without; `at` goes past it.
std::optional<Range> group_of_digits(const Tokens& tokens, std::size_t& at, bool& negative) {
  if (!is(tokens, at, Kind::kOpen)) return std::nullopt;
  const Range range = digits(tokens, past_sign(tokens, past_spaces(tokens, at + 1), negative));
  const std::size_t close = past_spaces(tokens, range.end);
  if (range.empty() || !is(tokens, close, Kind::kClose)) return std::nullopt;
  at = past_spaces(tokens, close + 1);
  return range;
}

std::optional<Fraction> fraction_command(const Tokens& tokens, std::size_t at, Fraction fraction) {
  at = past_spaces(tokens, at + 1);
  const auto numerator = group_of_digits(tokens, at, fraction.negative);
  const auto denominator = numerator ? group_of_digits(tokens, at, fraction.negative) : std::nullopt;
  if (!denominator) return std::nullopt;
  fraction.numerator = *numerator;
  fraction.denominator = *denominator;
  fraction.end = at;
  return fraction;
}

std::optional<Fraction> fraction_at(const Tokens& tokens, std::size_t at) {
  Fraction fraction;
  at = past_sign(tokens, at, fraction.negative);
  if (is(tokens, at, "\\frac")) return fraction_command(tokens, at, fraction);
  fraction.numerator = digits(tokens, at);
  std::size_t slash = past_spaces(tokens, fraction.numerator.end);
  if (slash > fraction.numerator.end && is(tokens, slash, Kind::kDigit)) {  // 1 1/10
    fraction.whole = fraction.numerator;
    fraction.numerator = digits(tokens, slash);
    slash = past_spaces(tokens, fraction.numerator.end);
  }
  if (fraction.numerator.empty() || !is(tokens, slash, "/")) return std::nullopt;
  fraction.denominator = digits(tokens, past_spaces(tokens, slash + 1));
  if (fraction.denominator.empty()) return std::nullopt;
  fraction.end = fraction.denominator.end;
  return fraction;
}

void add(Tokens& out, const Tokens& tokens, const Fraction& fraction) {
  if (fraction.negative) out.push_back(kMinus);
  add(out, tokens, fraction.whole);
  out.push_back(kFraction);
  for (const Range& part : {fraction.numerator, fraction.denominator}) {
    out.push_back(kOpenToken);
    add(out, tokens, part);
    out.push_back(kCloseToken);
  }
}

// The end of a degree sign, ^{\circ}, or of a percent sign; `at` if none is here.
std::size_t past_degree(const Tokens& tokens, std::size_t at) {
  if (is(tokens, at, "%")) return at + 1;
  const bool circle = is(tokens, at, "^") && is(tokens, at + 1, Kind::kOpen) &&
                      is(tokens, at + 2, "\\circ") && is(tokens, at + 3, Kind::kClose);
  return circle ? at + 4 : at;
}

}  // namespace

Tokens without_degrees(const Tokens& tokens) {
  Tokens out;
  for (std::size_t at = 0; at < tokens.size();) {
    take_breath();
    const std::size_t end = past_degree(tokens, at);
    const bool sign = end > at && at > 0 && ends_before(tokens, past_spaces(tokens, end));
    if (!sign) out.push_back(tokens[at]);
    at = sign ? end : at + 1;
  }
  return out;
}

Tokens without_thousands(const Tokens& tokens) {
  Tokens out;
  int depth = 0;
  for (std::size_t at = 0; at < tokens.size();) {
    take_breath();
    if (opens_bracket(tokens[at])) ++depth;
    if (closes_bracket(tokens[at]) && depth > 0) --depth;
    if (!tokens[at].is(Kind::kDigit)) {
      out.push_back(tokens[at++]);
      continue;
    }
    const Chain chain = chain_at(tokens, at);
    const bool begins = at == 0 || (!tokens[at - 1].is(",") && !tokens[at - 1].is("."));
    const bool joins = chain.grouped && begins && (depth == 0 || chain.separator == '{');
    for (; at < chain.end; ++at) {
      if (!joins || tokens[at].is(Kind::kDigit)) out.push_back(tokens[at]);
    }
  }
  return out;
}

Tokens with_plain_numbers(const Tokens& tokens) {
  Tokens out;
  std::size_t before = kNoToken;
  for (std::size_t at = 0; at < tokens.size();) {
    take_breath();
    std::size_t end = at + 1;
    const bool begins = !tokens[at].is(Kind::kSpace) && begins_behind(tokens, before);
    const auto whole = [&](const auto& found) {
      return found && ends_before(tokens, past_spaces(tokens, found->end));
    };
    if (const auto number = begins ? number_at(tokens, at) : std::nullopt; whole(number)) {
      add(out, tokens, *number);
      end = number->end;
    } else if (const auto fraction = begins ? fraction_at(tokens, at) : std::nullopt; whole(fraction)) {
      add(out, tokens, *fraction);
      end = fraction->end;
    } else {
      out.push_back(tokens[at]);
    }
    if (!tokens[at].is(Kind::kSpace)) before = end - 1;
    at = end;
  }
  return out;
}

}  // namespace replay
