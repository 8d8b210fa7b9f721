#include "genome/tree/text_place.hpp"

#include "genome/base/text.hpp"

namespace genome {

std::size_t bytes_at(std::string_view line, std::size_t at) {
  const bool plain = static_cast<unsigned char>(line[at]) < 0x80;
  return plain ? 1 : base::first_character(line.substr(at)).bytes;
}

std::size_t characters_before(std::string_view line, std::size_t byte) {
  std::size_t count = 0;
  for (std::size_t at = 0; at < line.size(); ++count) {
    at += bytes_at(line, at);
    if (at > byte) break;
  }
  return count;
}

std::string_view line_of(std::string_view text, std::uint32_t line) {
  if (text.starts_with(kByteOrderMark)) text.remove_prefix(kByteOrderMark.size());
  for (std::uint32_t i = 1; i < line; ++i) {
    const auto end = text.find('\n');
    if (end == std::string_view::npos) return {};
    text.remove_prefix(end + 1);
  }
  text = text.substr(0, text.find('\n'));
  if (text.ends_with('\r')) text.remove_suffix(1);
  return text;
}

std::uint32_t shown_column(Position at, std::string_view text) {
  if (at.line == 0) return 0;
  return static_cast<std::uint32_t>(characters_before(line_of(text, at.line), at.column - 1) + 1);
}

}  // namespace genome
