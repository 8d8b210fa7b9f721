#include "genome/base/sha1.hpp"

#include <fmt/format.h>

namespace genome::base {

std::string Sha1::bytes() {
  boost::uuids::detail::sha1::digest_type words;
  hash_.get_digest(words);
  std::string bytes;
  for (const auto word : words) {
    for (int shift = 24; shift >= 0; shift -= 8) bytes += static_cast<char>(word >> shift);
  }
  return bytes;
}

std::string hex(std::string_view bytes) {
  std::string text;
  for (const char byte : bytes) text += fmt::format("{:02x}", static_cast<unsigned char>(byte));
  return text;
}

}  // namespace genome::base
