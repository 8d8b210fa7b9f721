#include "replay/answers/readings.hpp"

#include <algorithm>
#include <cstddef>
#include <fmt/format.h>
#include <vector>

#include "genome/base/text.hpp"
#include "replay/answers/normal_form.hpp"
#include "replay/answers/option_letter.hpp"
#include "replay/answers/patterns.hpp"
#include "replay/parallel/interruption.hpp"

namespace replay {
namespace {

// ---- boxes

constexpr std::size_t kNone = std::string_view::npos;

// For each opening brace where it is closed, or kNone.
std::vector<std::size_t> closing_braces(std::string_view text) {
  std::vector<std::size_t> close(text.size(), kNone), open;
  for (std::size_t at = 0; at < text.size(); ++at) {
    if (text[at] == '\\') {
      ++at;  // what follows is no brace
    } else if (text[at] == '{') {
      open.push_back(at);
    } else if (text[at] == '}' && !open.empty()) {
      close[open.back()] = at;
      open.pop_back();
    }
  }
  return close;
}

// The brace that opens a box at the backslash `at`, or kNone.
std::size_t brace_of_box(std::string_view text, std::size_t at) {
  for (const std::string_view command : {"\\boxed", "\\fbox"}) {
    if (!text.substr(at).starts_with(command)) continue;
    const std::size_t brace = text.find_first_not_of(" \t\r\n", at + command.size());
    if (brace != kNone && text[brace] == '{') return brace;
  }
  return kNone;
}

// ---- numbers

constexpr std::string_view kSign = R"([-+\x{2010}-\x{2013}\x{2212}])";
constexpr std::string_view kSeparator = R"((?:,|\{,\}|\\!,|,\\!|\\,|'|[\x{2019}\x{a0}\x{2009}\x{202f}]))";

Pattern number_pattern() {
  const std::string whole = fmt::format(R"((?:[1-9]\d{{0,2}}(?:{}\d{{3}})+|\d+))", kSeparator);
  const std::string number = whole + R"((?:\.\d+)?(?:[eE][-+]?\d+|/\d+)?)";
  constexpr std::string_view kEnd = R"((?:[^0-9]|$))";  // so that 1,2345 is no 1,234
  // Behind a value a sign is an operator. A point begins a number only where one can begin.
  return Pattern(
      fmt::format(R"((?:^|[\s$({{=:])({0}?\.\d+){2}|(?:^|[^\pL\pN_)\]}}])({0}?{1}){2}|[)\]}}]({1}){2})",
                  kSign, number, kEnd));
}

// ---- letters

// All repetitions have small bounds, so that no attempt goes far.
constexpr std::string_view kBehindAnswer =
    R"((?i:\banswer)s?\s{0,4}(?i:is|was|would be|must be|should be)?[^A-Za-z0-9.?!]{0,16})"
    R"((?:(?i:option|choice|letter|text|textbf|mathrm|mathbf)[^A-Za-z0-9.?!]{1,8}){0,3})"
    R"((?:([A-HJ])(?:[^\pL\pN_'\x{2019}]|$)|(I)(?:[^\pL\pN_'\x{2019}\s]|\s{1,3}[^a-z\s]|\s{0,3}$))"
    R"(|([a-j])[)\]}]))";

constexpr std::string_view kInBrackets =
    R"((?:^|[^\pL\pN_])\(\s?([A-Ja-j])\s?\)|\[\s?([A-J])\s?\]|\{\s?([A-J])\s?\})"
    R"(|\*\*\s?([A-J])\s?[.:)]?\*\*|(?:^|\n)\s{0,4}([A-Ja-j])[).:](?:\s|$))";

constexpr std::string_view kAlone = R"((?:^|[^\pL\pN_'\x{2019}\\])(?:([B-HJ])(?:[^\pL\pN_'\x{2019}]|$))"
                                    R"(|([AI])(?:[^\pL\pN_'\x{2019}\s]|\s{1,3}[^a-z\s]|\s{0,3}$)))";

std::optional<std::string> letter_in(std::string_view text) {
  static const Pattern patterns[] = {Pattern(kBehindAnswer), Pattern(kInBrackets), Pattern(kAlone)};
  if (auto whole = option_letter(normal_form(text, AnswerTask::kAny))) return whole;
  for (const Pattern& pattern : patterns) {
    if (const auto letter = pattern.last(text)) return option_letter(*letter);
  }
  return std::nullopt;
}

// Whether a character may go on with this byte.
bool goes_on(char byte) { return (static_cast<unsigned char>(byte) & 0xC0U) == 0x80U; }

// The text with what is no UTF-8 replaced, so that any byte may stand before an answer. Pieces end where a
// character does, so they are replaced as the whole would be.
std::string readable(std::string_view text) {
  constexpr std::size_t kPiece = 1U << 16U, kLongestCharacter = 4;
  std::string valid;
  while (!text.empty()) {
    take_breath();
    std::size_t end = std::min(kPiece, text.size());
    for (std::size_t i = 0; i < kLongestCharacter && end < text.size() && goes_on(text[end]); ++i) --end;
    valid += genome::base::valid_utf8(text.substr(0, end));
    text.remove_prefix(end);
  }
  return valid;
}

}  // namespace

std::optional<std::string_view> last_box(std::string_view text) {
  const std::vector<std::size_t> close = closing_braces(text);
  std::optional<std::string_view> found;
  for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at)) {
    const std::size_t brace = brace_of_box(text, at);
    if (brace == kNone) {
      ++at;
    } else if (close[brace] == kNone) {
      found.reset();
      at = brace;
    } else {
      const std::string_view content = text.substr(brace + 1, close[brace] - brace - 1);
      if (!genome::base::trimmed(content).empty()) found = content;
      at = close[brace];
    }
  }
  return found;
}

std::optional<std::size_t> open_box(std::string_view text) {
  const std::vector<std::size_t> close = closing_braces(text);
  for (std::size_t at = text.find('\\'); at < text.size(); at = text.find('\\', at)) {
    const std::size_t brace = brace_of_box(text, at);
    if (brace != kNone && close[brace] == kNone) return brace + 1;
    ++at;
  }
  return std::nullopt;
}

std::optional<std::string_view> box_from(std::string_view text, std::size_t begin) {
  const std::vector<std::size_t> close = closing_braces(text);
  if (begin == 0 || begin > text.size() || text[begin - 1] != '{' || close[begin - 1] == kNone)
    return std::nullopt;
  return text.substr(begin, close[begin - 1] - begin);
}

std::optional<std::string> last_number(std::string_view text) {
  static const Pattern pattern = number_pattern();
  const std::string valid = readable(text);
  const auto number = pattern.last(valid);
  return number ? std::optional<std::string>(*number) : std::nullopt;
}

std::optional<std::string> stated_letter(std::string_view text) {
  const std::string valid = readable(text);
  if (const auto box = last_box(valid)) {
    if (auto letter = letter_in(*box)) return letter;
  }
  return letter_in(valid);
}

}  // namespace replay
