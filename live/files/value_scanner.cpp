#include "live/files/value_scanner.hpp"

#include <array>
#include <cstring>

namespace live {
namespace {

constexpr std::array<bool, 256> marks(std::string_view characters) {
  std::array<bool, 256> marked{};
  for (const char c : characters) marked[static_cast<unsigned char>(c)] = true;
  return marked;
}
constexpr std::array<bool, 256> kStructure = marks("\"[]{}");
constexpr std::array<bool, 256> kEnds = marks(" \t\r\n,:]}[{\"");

bool is(const std::array<bool, 256>& marked, char c) { return marked[static_cast<unsigned char>(c)]; }

}  // namespace

// Goes on within a string, up to the quotation mark that ends it.
bool ValueScanner::pass_string(std::string_view text) {
  while (at_ < text.size()) {
    const void* const found = std::memchr(text.data() + at_, '"', text.size() - at_);
    if (found == nullptr) {
      // Backslashes at the end decide over what comes; they are looked at again.
      std::size_t end = text.size();
      while (end > at_ && text[end - 1] == '\\') --end;
      at_ = end;
      return false;
    }
    const auto quote = static_cast<std::size_t>(static_cast<const char*>(found) - text.data());
    std::size_t first = quote;
    while (first > at_ && text[first - 1] == '\\') --first;
    at_ = quote + 1;
    if ((quote - first) % 2 == 0) {
      in_string_ = false;
      return true;
    }
  }
  return false;
}

std::size_t ValueScanner::end_in(std::string_view text) {
  while (at_ < text.size()) {
    if (in_string_) {
      if (!pass_string(text)) return text.npos;
      if (depth_ == 0) return at_;
      continue;
    }
    if (depth_ == 0 && (in_word_ || !is(kStructure, text[at_]))) {  // a number or a word
      in_word_ = true;
      while (at_ < text.size() && !is(kEnds, text[at_])) ++at_;
      return at_ < text.size() ? at_ : text.npos;
    }
    while (at_ < text.size() && !is(kStructure, text[at_])) ++at_;
    if (at_ == text.size()) break;
    const char c = text[at_++];
    if (c == '"') {
      in_string_ = true;
    } else if (c == '[' || c == '{') {
      ++depth_;
    } else {
      if (depth_ > 0) --depth_;
      if (depth_ == 0) return at_;
    }
  }
  return text.npos;
}

}  // namespace live
