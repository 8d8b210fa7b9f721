// input_error.hpp: InputError, bad input of any kind, and visible(), which makes foreign text fit for a message.
// Why:      whoever typed a path or wrote a file wants one line that names the place and says what would
//           be right; the command line turns this exception into exit code 2.
// Use:      throw InputError(fmt::format("{}: no questions", visible(path)));
// Promises: what() is one line without control characters when built from visible() texts.
// Threads:  pure.
#pragma once

#include <cstddef>
#include <fmt/format.h>
#include <stdexcept>
#include <string>
#include <string_view>

namespace replay {

struct InputError : std::runtime_error {
  using std::runtime_error::runtime_error;
};

// The text with control characters written as escapes, cut to about `limit` bytes (never inside a
// UTF-8 character), so that input cannot move the cursor or split a message into two lines.
inline std::string visible(std::string_view text, std::size_t limit = 300) {
  std::string shown;
  for (std::size_t i = 0; i < text.size(); ++i) {
    const auto byte = static_cast<unsigned char>(text[i]);
    const bool continues_character = (byte & 0xC0U) == 0x80U;
    if (i >= limit && !continues_character) return shown + "...";
    // U+0080 to U+009F are control characters too; UTF-8 writes them as C2 80 to C2 9F.
    const bool high_control = byte == 0xC2U && i + 1 < text.size() &&
                              static_cast<unsigned char>(text[i + 1]) >= 0x80U &&
                              static_cast<unsigned char>(text[i + 1]) <= 0x9FU;
    if (byte == '\n') {
      shown += "\\n";
    } else if (byte == '\t') {
      shown += "\\t";
    } else if (high_control) {
      shown += fmt::format("\\u00{:02x}", static_cast<unsigned char>(text[++i]));
    } else if (byte < 0x20U || byte == 0x7FU) {
      shown += fmt::format("\\x{:02x}", byte);
    } else {
      shown += text[i];
    }
  }
  return shown;
}

}  // namespace replay
