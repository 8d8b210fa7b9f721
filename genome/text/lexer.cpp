#include "genome/text/lexer.hpp"

#include <charconv>
#include <cmath>
#include <fmt/format.h>

#include "genome/base/text.hpp"
#include "genome/tree/vocabulary.hpp"

namespace genome {
namespace {

bool is_letter(char c) { return (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '_'; }
bool is_digit(char c) { return c >= '0' && c <= '9'; }

// Reads tokens off the front of a line.
class LineLexer {
 public:
  LineLexer(std::string_view line, std::uint32_t number) : line_(line), number_(number) {}

  LexedLine run() {
    while (at_ < line_.size() && line_[at_] != '#') {
      const char c = line_[at_];
      if (c == ' ' || c == '\t' || c == '\r')
        ++at_;
      else if (is_letter(c) || (is_digit(c) && names_signal()))
        word();
      else if (is_digit(c) || (c == '.' && at_ + 1 < line_.size() && is_digit(line_[at_ + 1])))
        number();
      else
        symbol();
    }
    return std::move(result_);
  }

 private:
  // Whether the name of a signal comes next. Names of signals are not ours, and may begin with a digit.
  bool names_signal() const {
    const std::vector<Token>& tokens = result_.tokens;
    if (tokens.size() < 2 || tokens.back().text != "(") return false;
    const auto function = function_named(tokens[tokens.size() - 2].text);
    return function && is_signal(*function);
  }

  Position position(std::size_t from) const {
    return {number_, static_cast<std::uint32_t>(from + 1), static_cast<std::uint32_t>(at_ - from)};
  }

  void add(TokenKind kind, std::size_t from, double value = 0) {
    result_.tokens.push_back({kind, std::string(line_.substr(from, at_ - from)), value, position(from)});
  }

  // A line with too many problems is read no further.
  void report(std::size_t from, std::string code, std::string message, std::string hint) {
    if (result_.problems.size() + 1 >= kLimits.problems) line_.remove_suffix(line_.size() - at_);
    result_.problems.push_back(
        {Severity::kError, std::move(code), std::move(message), std::move(hint), position(from)});
  }

  void word() {
    const std::size_t from = at_;
    const std::size_t most = names_signal() ? kLimits.signal_length : kLimits.name_length;
    while (at_ < line_.size() && (is_letter(line_[at_]) || is_digit(line_[at_]))) ++at_;
    add(TokenKind::kWord, from);
    if (at_ - from > most) {
      report(from, "name-length",
             fmt::format("expected a name of at most {} characters, found one of {}", most, at_ - from), "");
    }
  }

  void number() {
    const std::size_t from = at_;
    double value = 0;
    const auto [end, error] = std::from_chars(line_.data() + at_, line_.data() + line_.size(), value);
    at_ = static_cast<std::size_t>(end - line_.data());
    // "2abc" or "1.2.3" is one mistake, not a number and something else.
    const std::size_t number_end = at_;
    while (at_ < line_.size() && (is_letter(line_[at_]) || is_digit(line_[at_]) || line_[at_] == '.')) ++at_;
    if (at_ > number_end) {
      report(from, "number",
             fmt::format("expected a number, found {}", quoted(line_.substr(from, at_ - from))),
             "numbers are written like 3, 0.25 or 1e-3");
    } else if (error == std::errc::result_out_of_range) {
      report(from, "number",
             fmt::format("expected a number a double can hold, found {}",
                         quoted(line_.substr(from, at_ - from))),
             "");
    }
    add(TokenKind::kNumber, from, std::isfinite(value) ? value : 0);
  }

  void symbol() {
    const std::size_t from = at_;
    const std::string_view two = line_.substr(at_, 2);
    if (two == "==" || two == "!=" || two == "<=" || two == ">=") {
      at_ += 2;
      return add(TokenKind::kSymbol, from);
    }
    if (const std::string_view instead = foreign(two); !instead.empty()) {
      at_ = two == "//" ? line_.size() : at_ + 2;
      return report(from, "character", fmt::format("expected an operator, found {}", quoted(two)),
                    std::string(instead));
    }
    if (std::string_view("+-*/^<>=(),").find(line_[at_]) != std::string_view::npos) {
      ++at_;
      return add(TokenKind::kSymbol, from);
    }
    unexpected(from);
  }

  // What is written instead of an operator of other languages.
  static std::string_view foreign(std::string_view two) {
    if (two == "&&") return "write 'and'";
    if (two == "||") return "write 'or'";
    if (two == "**") return "a power is written '^'";
    if (two == "//") return "a comment begins with '#'";
    if (two == "+=" || two == "-=" || two == "*=" || two == "/=")
      return "write the name on both sides, as in x = x + 1";
    if (two == ":=") return "write '='";
    return {};
  }

  // A run of characters that form no token is one mistake.
  void unexpected(std::size_t from) {
    const base::Character first = base::first_character(line_.substr(from));
    // The other half of a bracket that was reported already.
    const bool closes = first.code == ']' || first.code == '}';
    if (closes && bracketed_) {
      at_ = from + 1;
      return;
    }
    bracketed_ = bracketed_ || first.code == '[' || first.code == '{';
    const std::string hint = advice(first.code);
    const bool space = first.valid && hint == kPlainSpace;
    at_ = from + first.bytes;
    if (first.code == '"' || first.code == '\'') {
      const auto end = line_.find(line_[from], at_);
      at_ = end == std::string_view::npos ? line_.size() : end + 1;
    }
    while (at_ < line_.size() && !begins_token(line_[at_]))
      at_ += base::first_character(line_.substr(at_)).bytes;
    std::string shown = fmt::format("the byte 0x{:02x}", static_cast<unsigned>(first.code));
    if (first.valid && first.code > ' ' && first.code < 0x7f)
      shown = quoted(line_.substr(from, at_ - from));
    else if (first.valid && first.code >= 0xa0)
      shown = fmt::format("U+{:04X}{}", static_cast<unsigned>(first.code),
                          space ? " (a space of another kind)" : "");
    report(from, "character", fmt::format("expected a word, a number or an operator, found {}", shown), hint);
  }

  static constexpr std::string_view kPlainSpace = "write a plain space";

  static std::string advice(char32_t c) {
    switch (c) {
      case '!': return "write 'not'";
      case '%': return "write mod(a, b)";
      case ':': return "no ':' is needed";
      case ';': return "one statement a line, without ';'";
      case '[':
      case ']':
      case '{':
      case '}': return "write parentheses ( )";
      case '"':
      case '\'': return "the language has no texts";
      case U'\u2212':
      case U'\u2013':
      case U'\u2014': return "write '-'";
      case U'\u00d7':
      case U'\u00b7': return "write '*'";
      case U'\u00f7': return "write '/'";
      case U'\u2264': return "write '<='";
      case U'\u2265': return "write '>='";
      case U'\u2260': return "write '!='";
      case U'\u03b2': return "write beta";
      default: break;
    }
    const bool space = c == 0xa0 || (c >= 0x2000 && c <= 0x200f) || c == 0x202f || c == 0x3000 || c == 0xfeff;
    return space ? std::string(kPlainSpace) : "";
  }

  static bool begins_token(char c) {
    return c == ']' || c == '}' || is_letter(c) || is_digit(c) ||
           std::string_view(" \t\r#.+-*/^<>=(),").find(c) != std::string_view::npos;
  }

  std::string_view line_;
  std::uint32_t number_;
  std::size_t at_ = 0;
  bool bracketed_ = false;  // a '[' or '{' was reported
  LexedLine result_;
};

}  // namespace

LexedLine lex_line(std::string_view line, std::uint32_t line_number) {
  return LineLexer(line, line_number).run();
}

}  // namespace genome
