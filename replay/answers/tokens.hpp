// tokens.hpp: an answer as tokens of LaTeX, and back to text with the spaces that mean something.
// Why:      rules over tokens cannot mistake \left for a part of \leftarrow, nor \{ for a brace that groups.
// Use:      Tokens tokens = tokenise(plain);
//           ...; const std::string text = to_text(tokens);
// Promises: linear time. to_text keeps a space between two words, and between a number and a word; it writes
//           one behind each comma, so that a list is never taken for a number with thousands separators.
//           matches() pairs braces as TeX does; a brace without a partner is kNoToken.
// Threads:  pure functions; tokens are views of the text they were made of, or of constants.
// Tests:    tests/replay/answers/normal_form_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <string>
#include <string_view>
#include <vector>

namespace replay {

struct Token {
  enum class Kind : std::uint8_t {
    kSpace,
    kDigit,    // one digit
    kLetter,   // one letter, or one character beyond ASCII
    kCommand,  // \frac
    kSymbol,   // \{, a command of one character that is no letter
    kOpen,     // a brace that groups
    kClose,
    kOther,  // one other character of ASCII
  };
  Kind kind = Kind::kOther;
  std::string_view text;

  bool is(Kind wanted) const { return kind == wanted; }
  bool is(std::string_view wanted) const { return text == wanted; }
};

using Tokens = std::vector<Token>;

inline constexpr Token kSpaceToken{Token::Kind::kSpace, " "};
inline constexpr Token kOpenToken{Token::Kind::kOpen, "{"};
inline constexpr Token kCloseToken{Token::Kind::kClose, "}"};
inline constexpr std::size_t kNoToken = static_cast<std::size_t>(-1);

Tokens tokenise(std::string_view text);
std::string to_text(const Tokens& tokens);

// For each brace the place of its partner.
std::vector<std::size_t> matches(const Tokens& tokens);

// The first place at or behind `at` without a space: tokens.size() if there is none.
std::size_t past_spaces(const Tokens& tokens, std::size_t at);
// The last place before `end` without a space, or kNoToken.
std::size_t last_before(const Tokens& tokens, std::size_t end);

// Whether a member of a list, or the answer, begins behind token `at` (kNoToken: the answer's beginning), or
// ends before token `at` (its size: the answer's end).
bool begins_behind(const Tokens& tokens, std::size_t at);
bool ends_before(const Tokens& tokens, std::size_t at);

// The answer at bracket depth 0 is no member of a tuple, set or matrix. Braces that group do not count.
bool opens_bracket(const Token& token);
bool closes_bracket(const Token& token);

}  // namespace replay
