#include "replay/answers/tokens.hpp"

#include "genome/base/text.hpp"
#include "replay/parallel/interruption.hpp"

namespace replay {
namespace {

using Kind = Token::Kind;

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z'); }

Token command(std::string_view text) {
  std::size_t end = 1;
  while (end < text.size() && is_letter(text[end])) ++end;
  if (end > 1) return {Kind::kCommand, text.substr(0, end)};
  if (text.size() == 1) return {Kind::kOther, text};
  return {Kind::kSymbol, text.substr(0, 1 + genome::base::first_character(text.substr(1)).bytes)};
}

Token first_token(std::string_view text) {
  const std::string_view one = text.substr(0, 1);
  switch (text[0]) {
    case '\\': return command(text);
    case ' ': return {Kind::kSpace, one};
    case '{': return {Kind::kOpen, one};
    case '}': return {Kind::kClose, one};
    default: break;
  }
  if (is_digit(text[0])) return {Kind::kDigit, one};
  if (is_letter(text[0])) return {Kind::kLetter, one};
  if (static_cast<unsigned char>(text[0]) < 0x80) return {Kind::kOther, one};
  return {Kind::kLetter, text.substr(0, genome::base::first_character(text).bytes)};
}

bool is_one_letter(const Tokens& tokens, std::size_t at) {  // a variable, not a word
  return tokens[at].is(Kind::kLetter) && (at + 1 == tokens.size() || !tokens[at + 1].is(Kind::kLetter));
}

// Between neighbours that are no spaces; `apart` is whether a space was there.
bool keeps_space(const Tokens& tokens, std::size_t left, std::size_t right, bool apart) {
  const Kind before = tokens[left].kind, after = tokens[right].kind;
  if (tokens[left].is(",")) return true;
  if (before == Kind::kCommand) return after == Kind::kLetter;
  if (!apart) return false;
  if (tokens[left].is(".")) return after == Kind::kDigit || after == Kind::kLetter;  // 1. 5 is not 1.5
  if (tokens[right].is(".")) return before == Kind::kDigit;
  if (before == Kind::kDigit)
    return after == Kind::kDigit || (after == Kind::kLetter && !is_one_letter(tokens, right));
  return before == Kind::kLetter && (after == Kind::kDigit || after == Kind::kLetter);
}

}  // namespace

Tokens tokenise(std::string_view text) {
  Tokens tokens;
  while (!text.empty()) {
    take_breath();
    if (text.starts_with("{,}")) {  // a separator, which TeX sets without a space
      tokens.push_back({Kind::kOther, text.substr(0, 3)});
    } else {
      tokens.push_back(first_token(text));
    }
    text.remove_prefix(tokens.back().text.size());
  }
  return tokens;
}

std::string to_text(const Tokens& tokens) {
  std::string text;
  std::size_t before = kNoToken;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    take_breath();
    if (tokens[at].is(Kind::kSpace)) continue;
    if (before != kNoToken && keeps_space(tokens, before, at, at > before + 1)) text += ' ';
    text += tokens[at].text;
    before = at;
  }
  return text;
}

std::vector<std::size_t> matches(const Tokens& tokens) {
  std::vector<std::size_t> partner(tokens.size(), kNoToken), open;
  for (std::size_t at = 0; at < tokens.size(); ++at) {
    if (tokens[at].is(Kind::kOpen)) open.push_back(at);
    if (!tokens[at].is(Kind::kClose) || open.empty()) continue;
    partner[at] = open.back();
    partner[open.back()] = at;
    open.pop_back();
  }
  return partner;
}

std::size_t past_spaces(const Tokens& tokens, std::size_t at) {
  while (at < tokens.size() && tokens[at].is(Kind::kSpace)) ++at;
  return at;
}

std::size_t last_before(const Tokens& tokens, std::size_t end) {
  while (end > 0 && tokens[end - 1].is(Kind::kSpace)) --end;
  return end - 1;  // kNoToken when none is left
}

bool begins_behind(const Tokens& tokens, std::size_t at) {
  return at == kNoToken || tokens[at].is(",") || opens_bracket(tokens[at]);
}

bool ends_before(const Tokens& tokens, std::size_t at) {
  return at == tokens.size() || tokens[at].is(",") || closes_bracket(tokens[at]);
}

bool opens_bracket(const Token& token) { return token.is("(") || token.is("[") || token.is("\\{"); }
bool closes_bracket(const Token& token) { return token.is(")") || token.is("]") || token.is("\\}"); }

}  // namespace replay
