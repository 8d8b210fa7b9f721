#include "genome/base/digest.hpp"

#include <boost/uuid/detail/sha1.hpp>
#include <fmt/format.h>

namespace genome::base {
namespace {

std::string hex_of(boost::uuids::detail::sha1& hash) {
  boost::uuids::detail::sha1::digest_type digest;
  hash.get_digest(digest);
  std::string text;
  for (const auto word : digest) text += fmt::format("{:08x}", word);
  return text;
}

}  // namespace

std::string sha1_hex(std::string_view bytes) {
  boost::uuids::detail::sha1 hash;
  hash.process_bytes(bytes.data(), bytes.size());
  return hex_of(hash);
}

std::string git_blob_id(std::string_view content) {
  boost::uuids::detail::sha1 hash;
  const std::string header = fmt::format("blob {}", content.size());
  hash.process_bytes(header.data(), header.size());
  hash.process_byte(0);
  hash.process_bytes(content.data(), content.size());
  return hex_of(hash);
}

}  // namespace genome::base
