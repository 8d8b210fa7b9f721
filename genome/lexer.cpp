#include "genome/lexer.hpp"

#include <fmt/format.h>

#include <charconv>
#include <cmath>

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
      if (c == ' ' || c == '\t' || c == '\r') ++at_;
      else if (is_letter(c)) word();
      else if (is_digit(c) || (c == '.' && at_ + 1 < line_.size() && is_digit(line_[at_ + 1]))) number();
      else symbol();
    }
    return std::move(result_);
  }

 private:
  Position position(std::size_t from) const {
    return {number_, static_cast<std::uint32_t>(from + 1), static_cast<std::uint32_t>(at_ - from)};
  }

  void add(TokenKind kind, std::size_t from, double value = 0) {
    result_.tokens.push_back({kind, std::string(line_.substr(from, at_ - from)), value, position(from)});
  }

  void report(std::size_t from, std::string code, std::string message, std::string hint) {
    result_.problems.push_back({Severity::kError, std::move(code), std::move(message), std::move(hint), position(from)});
  }

  void word() {
    const std::size_t from = at_;
    while (at_ < line_.size() && (is_letter(line_[at_]) || is_digit(line_[at_]))) ++at_;
    add(TokenKind::kWord, from);
    if (at_ - from > kLimits.name_length) {
      report(from, "name-length", fmt::format("expected a name of at most {} characters, found {}", kLimits.name_length, at_ - from), "");
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
      report(from, "number", fmt::format("expected a number, found '{}'", line_.substr(from, at_ - from)), "numbers are written like 3, 0.25 or 1e-3");
    } else if (error == std::errc::result_out_of_range) {
      report(from, "number", fmt::format("expected a number a double can hold, found '{}'", line_.substr(from, at_ - from)), "");
    }
    add(TokenKind::kNumber, from, std::isfinite(value) ? value : 0);
  }

  void symbol() {
    const std::size_t from = at_;
    const std::string_view two = line_.substr(at_, 2);
    if (two == "==" || two == "!=" || two == "<=" || two == ">=") {
      at_ += 2;
      add(TokenKind::kSymbol, from);
      return;
    }
    const char c = line_[at_++];
    if (std::string_view("+-*/^<>=(),").find(c) != std::string_view::npos) {
      add(TokenKind::kSymbol, from);
      return;
    }
    unexpected(from, two);
  }

  void unexpected(std::size_t from, std::string_view two) {
    const char c = line_[from];
    std::string hint;
    if (two == "&&") hint = "write 'and'";
    else if (two == "||") hint = "write 'or'";
    else if (two == "//") hint = "a comment begins with '#'";
    else if (c == '!') hint = "write 'not'";
    else if (c == '%') hint = "write mod(a, b)";
    else if (c == ':') hint = "no ':' is needed";
    if (two == "&&" || two == "||") ++at_;
    while (at_ < line_.size() && (static_cast<unsigned char>(line_[at_]) & 0xC0) == 0x80) ++at_;  // rest of a UTF-8 sequence
    const auto byte = static_cast<unsigned char>(c);
    const std::string shown = byte < 0x20 || byte == 0x7f || byte >= 0x80 ? fmt::format("the byte 0x{:02x}", byte)
                                                                         : fmt::format("'{}'", line_.substr(from, at_ - from));
    report(from, "character", fmt::format("expected a word, a number or an operator, found {}", shown), hint);
  }

  std::string_view line_;
  std::uint32_t number_;
  std::size_t at_ = 0;
  LexedLine result_;
};

}  // namespace

LexedLine lex_line(std::string_view line, std::uint32_t line_number) { return LineLexer(line, line_number).run(); }

}  // namespace genome
