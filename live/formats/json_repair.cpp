#include "live/formats/json_repair.hpp"

#include <algorithm>
#include <optional>

namespace live {
namespace {

constexpr std::size_t kMostDigits = 18;  // that 64 bits hold for sure

bool is_digit(char c) { return c >= '0' && c <= '9'; }
bool is_word(char c) {
  return is_digit(c) || (c >= 'a' && c <= 'z') || (c >= 'A' && c <= 'Z') || c == '-' || c == '+' || c == '.';
}

std::string_view without_sign(std::string_view word) { return word.substr(word.starts_with('-') ? 1 : 0); }

bool is_no_number(std::string_view word) {
  const std::string_view bare = without_sign(word);
  return bare == "NaN" || bare == "Infinity" || bare == "nan" || bare == "inf";
}

bool is_to_be_quoted(std::string_view word) {
  const std::string_view bare = without_sign(word);
  return bare.size() > kMostDigits && std::ranges::all_of(bare, is_digit);
}

// The unit of an escape \uXXXX that begins there.
std::optional<unsigned> unit_at(std::string_view text, std::size_t at) {
  if (at + 6 > text.size() || text[at] != '\\' || text[at + 1] != 'u') return std::nullopt;
  unsigned unit = 0;
  for (const char c : text.substr(at + 2, 4)) {
    const bool letter = (c >= 'a' && c <= 'f') || (c >= 'A' && c <= 'F');
    if (!is_digit(c) && !letter) return std::nullopt;
    unit = unit * 16 + static_cast<unsigned>(is_digit(c) ? c - '0' : (c & ~0x20) - 'A' + 10);
  }
  return unit;
}

bool is_high(std::optional<unsigned> unit) { return unit && *unit >= 0xD800 && *unit < 0xDC00; }
bool is_low(std::optional<unsigned> unit) { return unit && *unit >= 0xDC00 && *unit < 0xE000; }

class Repair {
 public:
  Repair(std::string_view text, std::string& out) : text_(text), out_(out) {}

  bool run() {
    while (at_ < text_.size()) {
      const char c = text_[at_];
      if (c == '"')
        string();
      else if (is_word(c))
        word();
      else
        copy(1);
    }
    return changed_;
  }

 private:
  void copy(std::size_t count) {
    count = std::min(count, text_.size() - at_);
    out_ += text_.substr(at_, count);
    at_ += count;
  }

  void string() {
    copy(1);
    while (at_ < text_.size() && text_[at_] != '"') {
      if (text_[at_] != '\\') {
        copy(1);
        continue;
      }
      const auto unit = unit_at(text_, at_);
      if (is_high(unit) && is_low(unit_at(text_, at_ + 6))) {
        copy(12);  // both
      } else if (is_high(unit) || is_low(unit)) {
        out_ += "\\ufffd";
        at_ += 6;
        changed_ = true;
      } else {
        copy(2);
      }
    }
    copy(1);
  }

  void word() {
    std::size_t end = at_;
    while (end < text_.size() && is_word(text_[end])) ++end;
    const std::string_view word = text_.substr(at_, end - at_);
    if (is_no_number(word)) {
      out_ += "null";
      at_ = end;
      changed_ = true;
      return;
    }
    if (!is_to_be_quoted(word)) return copy(word.size());
    out_ += '"';
    copy(word.size());
    out_ += '"';
    changed_ = true;
  }

  std::string_view text_;
  std::string& out_;
  std::size_t at_ = 0;
  bool changed_ = false;
};

}  // namespace

bool repair_json(std::string_view text, std::string& repaired) {
  repaired.clear();
  repaired.reserve(text.size() + 128);
  return Repair(text, repaired).run();
}

}  // namespace live
