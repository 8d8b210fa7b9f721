#include "genome/base/text.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace genome::base {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

bool is_continuation(std::string_view text, std::size_t i) { return (byte_at(text, i) & 0xC0U) == 0x80U; }

template <typename Replace>
std::string without_harmful(const std::string& text, Replace replace) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const Character c = first_character(std::string_view(text).substr(i));
    out += is_harmful(c.code) ? replace(c.code) : text.substr(i, c.bytes);
    i += c.bytes;
  }
  return out;
}

}  // namespace

Character first_character(std::string_view text) {
  const auto byte = [&](std::size_t i) -> char32_t { return i < text.size() ? byte_at(text, i) : 0; };
  const char32_t first = byte(0);
  if (first < 0x80) return {first, 1, true};
  const std::size_t bytes = first >= 0xf0 ? 4 : first >= 0xe0 ? 3 : 2;
  char32_t code = first & (0x7fU >> bytes);
  bool valid = first >= 0xc2 && first <= 0xf4;
  for (std::size_t i = 1; i < bytes; ++i) {
    valid = valid && (byte(i) & 0xc0U) == 0x80;
    code = (code << 6U) | (byte(i) & 0x3fU);
  }
  constexpr char32_t kSmallest[] = {0, 0, 0x80, 0x800, 0x10000};  // anything below has a shorter form
  valid = valid && code >= kSmallest[bytes] && code <= 0x10ffff && (code < 0xd800 || code > 0xdfff);
  return valid ? Character{code, bytes, true} : Character{first, 1, false};
}

bool is_harmful(char32_t c) {
  const auto within = [&](char32_t low, char32_t high) { return low <= c && c <= high; };
  return c < 0x20 || within(0x7F, 0x9F) || c == 0xAD || c == 0x61C || c == 0x180E || within(0x200B, 0x200F) ||
         within(0x2028, 0x202E) || within(0x2060, 0x206F) || c == 0xFEFF || within(0xFFF9, 0xFFFB) ||
         within(0xE0000, 0xE007F);
}

std::optional<std::size_t> first_not_utf8(std::string_view text) {
  for (std::size_t i = 0; i < text.size();) {
    const Character c = first_character(text.substr(i));
    if (!c.valid) return i;
    i += c.bytes;
  }
  return std::nullopt;
}

std::string visible(std::string_view text, std::size_t most_bytes) {
  // What is cut may be as long as a file: only what is shown is looked at.
  const std::string_view shown = beginning(text, most_bytes);
  return one_line(shown) + (shown.size() < text.size() ? "..." : "");
}

std::string valid_utf8(std::string_view bytes) {
  using Json = nlohmann::json;
  const std::string written = Json(std::string(bytes)).dump(-1, ' ', false, Json::error_handler_t::replace);
  return Json::parse(written).get<std::string>();
}

std::string one_line(std::string_view bytes) {
  return without_harmful(valid_utf8(bytes), [](char32_t code) -> std::string {
    if (code == '\n') return "\\n";
    if (code == '\r') return "\\r";
    if (code == '\t') return "\\t";
    const auto number = static_cast<std::uint32_t>(code);
    return number < 0x100 ? fmt::format("\\x{:02x}", number) : fmt::format("\\u{:04x}", number);
  });
}

std::string harmless(std::string_view bytes) {
  return without_harmful(valid_utf8(bytes), [](char32_t code) -> std::string {
    if (code == '\n' || code == '\t') return std::string(1, static_cast<char>(code));
    const auto number = static_cast<std::uint32_t>(code);
    if (number < 0x10000) return fmt::format("\\u{:04x}", number);
    return fmt::format("\\u{:04x}\\u{:04x}", 0xd800 + ((number - 0x10000) >> 10U),
                       0xdc00 + ((number - 0x10000) & 0x3ffU));
  });
}

std::string block(std::string_view bytes) {
  return without_harmful(valid_utf8(bytes), [](char32_t code) -> std::string {
    if (code == '\n') return "\n";
    if (code == '\t') return " ";
    return code > 0x9F ? "" : "?";
  });
}

std::string_view beginning(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t end = bytes;
  while (end > 0 && bytes - end < 4 && is_continuation(text, end)) --end;
  return text.substr(0, end);
}

std::string_view ending(std::string_view text, std::size_t bytes) {
  if (text.size() <= bytes) return text;
  std::size_t start = text.size() - bytes;
  for (int skipped = 0; skipped < 3 && start < text.size() && is_continuation(text, start); ++skipped)
    ++start;
  return text.substr(start);
}

std::string_view trimmed(std::string_view text) {
  constexpr std::string_view kBlank = " \t\r\n";
  const std::size_t first = text.find_first_not_of(kBlank);
  if (first == std::string_view::npos) return {};
  return text.substr(first, text.find_last_not_of(kBlank) - first + 1);
}

}  // namespace genome::base
