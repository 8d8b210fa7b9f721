#include "genome/base/text.hpp"

#include <cstdint>
#include <fmt/format.h>
#include <nlohmann/json.hpp>
#include <utility>

namespace genome::base {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

bool is_continuation(std::string_view text, std::size_t i) { return (byte_at(text, i) & 0xC0U) == 0x80U; }

// The character at i of valid UTF-8, and the bytes it takes.
std::pair<char32_t, std::size_t> character_at(std::string_view text, std::size_t i) {
  const unsigned char first = byte_at(text, i);
  const std::size_t width = first < 0x80 ? 1 : first < 0xE0 ? 2 : first < 0xF0 ? 3 : 4;
  char32_t code = width == 1 ? first : first & (0x7FU >> width);
  for (std::size_t k = 1; k < width; ++k) code = code << 6U | (byte_at(text, i + k) & 0x3FU);
  return {code, width};
}

// Control characters, and those that turn, hide or break text.
bool is_harmful(char32_t c) {
  const auto within = [&](char32_t low, char32_t high) { return low <= c && c <= high; };
  return c < 0x20 || within(0x7F, 0x9F) || c == 0xAD || c == 0x61C || c == 0x180E || within(0x200B, 0x200F) ||
         within(0x2028, 0x202E) || within(0x2060, 0x206F) || c == 0xFEFF || within(0xFFF9, 0xFFFB) ||
         within(0xE0000, 0xE007F);
}

template <typename Replace>
std::string without_harmful(const std::string& text, Replace replace) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const auto [code, width] = character_at(text, i);
    out += is_harmful(code) ? replace(code) : text.substr(i, width);
    i += width;
  }
  return out;
}

}  // namespace

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
