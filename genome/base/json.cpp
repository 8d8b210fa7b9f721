#include "genome/base/json.hpp"

#include <fmt/format.h>

namespace genome::base {
namespace {

// The place after the text that begins after a quotation mark.
std::size_t after_string(std::string_view text, std::size_t at) {
  for (;;) {
    at = text.find_first_of("\"\\", at);
    if (at == std::string_view::npos) return text.size();
    if (text[at] == '"') return at + 1;
    at += 2;
  }
}

}  // namespace

std::string beyond_json_limits(std::string_view text, std::size_t most_values) {
  if (text.size() > kMostJsonBytes)
    return fmt::format("JSON of {} bytes, where at most {} are read", text.size(), kMostJsonBytes);
  std::size_t depth = 0, values = 1;
  for (std::size_t at = 0; at < text.size();) {
    const char c = text[at++];
    if (c == '"') at = after_string(text, at);
    if (c == ']' || c == '}') depth -= depth > 0 ? 1 : 0;
    if (c == '[' || c == '{') ++depth;
    if (c == '[' || c == '{' || c == ',') ++values;
    if (depth > kMostJsonDepth) return fmt::format("JSON nested more than {} deep", kMostJsonDepth);
    if (values > most_values) return fmt::format("JSON of more than {} values", most_values);
  }
  return {};
}

}  // namespace genome::base
