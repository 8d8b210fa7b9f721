#include "replay/answers/option_letter.hpp"

#include <algorithm>
#include <array>

#include "genome/base/text.hpp"

namespace replay {
namespace {

char upper(char c) { return c >= 'a' && c <= 'z' ? static_cast<char>(c - 'a' + 'A') : c; }

bool begins_with_word(std::string_view text, std::string_view word) {
  return text.size() > word.size() && std::ranges::equal(text.substr(0, word.size()), word, {}, upper) &&
         std::string_view(" :([\\{").contains(text[word.size()]);
}

bool unbracket(std::string_view& text) {
  constexpr std::array<std::string_view, 4> kOpen = {"(", "[", "\\{", "{"}, kClose = {")", "]", "\\}", "}"};
  for (std::size_t i = 0; i < kOpen.size(); ++i) {
    if (!text.starts_with(kOpen[i]) || !text.ends_with(kClose[i])) continue;
    if (text.size() < kOpen[i].size() + kClose[i].size()) continue;
    text.remove_prefix(kOpen[i].size());
    text.remove_suffix(kClose[i].size());
    return true;
  }
  return false;
}

}  // namespace

std::optional<std::string> option_letter(std::string_view answer) {
  using genome::base::trimmed;
  for (const std::string_view word : {"ANSWER", "OPTION", "CHOICE"}) {
    if (begins_with_word(answer, word)) answer = trimmed(answer.substr(word.size()));
  }
  if (answer.starts_with(':')) answer = trimmed(answer.substr(1));
  if (unbracket(answer)) answer = trimmed(answer);
  if (answer.size() == 2 && std::string_view(").:").contains(answer[1])) answer.remove_suffix(1);
  if (answer.size() != 1) return std::nullopt;
  const char letter = upper(answer[0]);
  if (letter < 'A' || letter > 'J') return std::nullopt;
  return std::string(1, letter);
}

}  // namespace replay
