#include "genome/base/digest.hpp"

#include <fmt/format.h>

#include "genome/base/sha1.hpp"

namespace genome::base {

std::string sha1_hex(std::string_view bytes) {
  Sha1 hash;
  hash.add(bytes);
  return hex(hash.bytes());
}

std::string git_blob_id(std::string_view content) {
  Sha1 hash;
  hash.add(fmt::format("blob {}", content.size()));
  hash.add(std::string_view("", 1));
  hash.add(content);
  return hex(hash.bytes());
}

}  // namespace genome::base
