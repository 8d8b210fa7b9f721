#include "llm_mutators/foreign_text.hpp"

#include <fmt/format.h>
#include <nlohmann/json.hpp>

namespace llm_mutators {
namespace {

unsigned char byte_at(std::string_view text, std::size_t i) { return static_cast<unsigned char>(text[i]); }

bool is_continuation(std::string_view text, std::size_t i) { return (byte_at(text, i) & 0xC0U) == 0x80U; }

// How many bytes the control character at i takes (U+0000-1F, U+007F, U+0080-9F), or 0 when it is none.
std::size_t control_at(std::string_view text, std::size_t i) {
  const unsigned char byte = byte_at(text, i);
  if (byte < 0x20 || byte == 0x7F) return 1;
  const bool upper = byte == 0xC2 && i + 1 < text.size() && byte_at(text, i + 1) < 0xA0;
  return upper ? 2 : 0;
}

template <typename Replace>
std::string without_controls(const std::string& text, Replace replace) {
  std::string out;
  for (std::size_t i = 0; i < text.size();) {
    const std::size_t width = control_at(text, i);
    if (width == 0) {
      out += text[i++];
      continue;
    }
    out += replace(byte_at(text, i + width - 1));
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
  return without_controls(valid_utf8(bytes), [](unsigned char control) -> std::string {
    if (control == '\n') return "\\n";
    if (control == '\r') return "\\r";
    if (control == '\t') return "\\t";
    return fmt::format("\\x{:02x}", control);
  });
}

std::string block(std::string_view bytes) {
  return without_controls(valid_utf8(bytes), [](unsigned char control) -> std::string {
    if (control == '\n') return "\n";
    return control == '\t' ? " " : "?";
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

}  // namespace llm_mutators
