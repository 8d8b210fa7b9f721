#include "live/files/python_values.hpp"

#include <algorithm>
#include <cstddef>
#include <cstdint>
#include <fmt/format.h>
#include <iterator>
#include <optional>
#include <utility>

#include "genome/base/text.hpp"

namespace live {
namespace {

using genome::base::visible;

constexpr int kMostLevels = 64;
constexpr std::string_view kBlanks = " \t\r\n";
constexpr std::string_view kDigits = "0123456789";

struct Wrong {
  std::size_t at;
  std::string_view expected;
};

// What a word stands for.
constexpr std::pair<std::string_view, std::string_view> kWords[] = {
    {"None", "null"}, {"True", "true"},     {"False", "false"},     {"nan", "null"},
    {"inf", "null"},  {"np.True_", "true"}, {"np.False_", "false"},
};

class Reader {
 public:
  explicit Reader(std::string_view text) : text_(text) {}

  std::string list() {
    skip_blanks();
    if (peek() != '[') throw Wrong{at_, "["};
    value(0);
    skip_blanks();
    if (at_ != text_.size()) throw Wrong{at_, "the end"};
    return std::move(json_);
  }

 private:
  char peek() const { return at_ < text_.size() ? text_[at_] : '\0'; }
  bool takes(char c) {
    if (at_ == text_.size() || text_[at_] != c) return false;
    ++at_;
    return true;
  }
  bool takes(std::string_view word) {
    if (!text_.substr(at_).starts_with(word)) return false;
    at_ += word.size();
    return true;
  }
  void skip_blanks() { at_ = std::min(text_.find_first_not_of(kBlanks, at_), text_.size()); }

  void value(int level) {
    if (level > kMostLevels) throw Wrong{at_, "fewer levels"};
    switch (peek()) {
      case '[': return sequence(level, ']');
      case '(': return sequence(level, ')');
      case '{': return dictionary(level);
      case '\'':
      case '"': return string();
      default: break;
    }
    for (const auto& [word, meaning] : kWords) {
      if (!takes(word)) continue;
      json_ += meaning;
      return;
    }
    if (takes("np.")) return of_numpy(level);
    number();
  }

  void sequence(int level, char end) {
    ++at_;
    json_ += '[';
    std::size_t count = 0;
    bool comma = true;
    for (skip_blanks(); !takes(end); skip_blanks()) {
      if (!comma) throw Wrong{at_, end == ']' ? ", or ]" : ", or )"};
      if (count++ > 0) json_ += ',';
      value(level + 1);
      skip_blanks();
      comma = takes(',');
    }
    // A tuple of one has a comma behind it, and nothing else has.
    const bool behind_comma = comma && count > 0, of_one = end == ')' && count == 1;
    if (behind_comma != of_one) throw Wrong{at_ - 1, of_one ? "," : "a value"};
    json_ += ']';
  }

  void dictionary(int level) {
    ++at_;
    json_ += '{';
    for (bool first = true;; first = false) {
      skip_blanks();
      if (first && takes('}')) break;
      if (peek() != '\'' && peek() != '"') throw Wrong{at_, "the name of an entry"};
      string();
      skip_blanks();
      if (!takes(':')) throw Wrong{at_, ":"};
      json_ += ':';
      skip_blanks();
      value(level + 1);
      skip_blanks();
      if (takes('}')) break;
      if (!takes(',')) throw Wrong{at_, ", or }"};
      json_ += ',';
    }
    json_ += '}';
  }

  // float64(0.5)
  void of_numpy(int level) {
    const std::size_t end = text_.find_first_not_of("abcdefghijklmnopqrstuvwxyz_0123456789", at_);
    at_ = std::min(end, text_.size());
    if (!takes('(')) throw Wrong{at_, "("};
    value(level + 1);
    if (!takes(')')) throw Wrong{at_, ")"};
  }

  std::size_t digits() {
    const std::size_t from = at_;
    at_ = std::min(text_.find_first_not_of(kDigits, at_), text_.size());
    return at_ - from;
  }

  void number() {
    const std::size_t from = at_;
    const bool negative = takes('-');
    if (negative && takes("inf")) {
      json_ += "null";
      return;
    }
    const bool zero = peek() == '0';
    const std::size_t before = digits();
    if (before == 0) throw Wrong{from, "a text, a number, None, True, False or a list"};
    if (zero && before > 1) throw Wrong{from, "a number without zeros before it"};
    if (takes('.') && digits() == 0) throw Wrong{at_, "a digit"};
    if (takes('e')) {
      if (!takes('+')) static_cast<void>(takes('-'));
      if (digits() == 0) throw Wrong{at_, "a digit"};
    }
    json_ += text_.substr(from, at_ - from);
  }

  void string() {
    const char quote = text_[at_++];
    json_ += '"';
    while (!takes(quote)) {
      if (at_ == text_.size()) throw Wrong{at_, quote == '"' ? "\"" : "'"};
      const char c = text_[at_++];
      if (c == '\\')
        escaped();
      else if (static_cast<unsigned char>(c) < 0x20)
        throw Wrong{at_ - 1, "an escape in place of a control character"};
      else
        put(c);
    }
    json_ += '"';
  }

  void put(char c) {
    if (c == '"' || c == '\\') json_ += '\\';
    json_ += c;
  }

  void escaped() {
    const char c = peek();
    ++at_;
    switch (c) {
      case '\\':
      case '\'':
      case '"': return put(c);
      case 'n':
      case 'r':
      case 't': json_ += {'\\', c}; return;
      case 'x': return code(2);
      case 'u': return code(4);
      case 'U': return code(8);
      default: throw Wrong{at_ - 2, "an escape that Python prints"};
    }
  }

  void code(std::size_t length) {
    std::uint32_t point = 0;
    for (; length > 0; --length) {
      static constexpr std::string_view kHex = "0123456789abcdef";
      const std::size_t digit = at_ < text_.size() ? kHex.find(text_[at_]) : kHex.npos;
      if (digit == kHex.npos) throw Wrong{at_, "a digit from 0 to f"};
      point = point * 16 + static_cast<std::uint32_t>(digit);
      ++at_;
    }
    if (point > 0x10FFFF) throw Wrong{at_, "a character there is"};
    if (point >= 0xD800 && point < 0xE000) point = 0xFFFD;
    if (point < 0x10000)
      fmt::format_to(std::back_inserter(json_), "\\u{:04x}", point);
    else
      fmt::format_to(std::back_inserter(json_), "\\u{:04x}\\u{:04x}", 0xD800 + ((point - 0x10000) >> 10U),
                     0xDC00 + (point & 0x3FFU));
  }

  std::string_view text_;
  std::size_t at_ = 0;
  std::string json_;
};

}  // namespace

std::expected<std::string, std::string> json_of_python_list(std::string_view text) {
  try {
    return Reader(text).list();
  } catch (const Wrong& wrong) {
    const std::size_t at = std::min(wrong.at, text.size());
    const std::string_view before = text.substr(0, at).substr(at < 20 ? 0 : at - 20);
    return std::unexpected(fmt::format("{} is expected after `{}`", wrong.expected, visible(before)));
  }
}

}  // namespace live
