#include "evo/record/checkpoint_file.hpp"

#include <cstddef>
#include <fmt/format.h>

#include "evo/base/error.hpp"
#include "genome/base/check.hpp"
#include "genome/base/digest.hpp"

namespace evo {
namespace {

constexpr std::string_view kMagic = "EVOTTSCP";
constexpr std::size_t kVersionAt = kMagic.size();
constexpr std::size_t kLengthAt = kVersionAt + 4;
constexpr std::size_t kDigestAt = kLengthAt + 8;
constexpr std::size_t kPayloadAt = kDigestAt + 20;

std::string little_endian(std::uint64_t value, std::size_t size) {
  std::string bytes;
  for (std::size_t i = 0; i < size; ++i) bytes += static_cast<char>((value >> (8 * i)) & 0xFFU);
  return bytes;
}

std::uint64_t from_little_endian(std::string_view bytes) {
  std::uint64_t value = 0;
  for (std::size_t i = bytes.size(); i-- > 0;) value = (value << 8) | static_cast<unsigned char>(bytes[i]);
  return value;
}

unsigned nibble(char digit) { return static_cast<unsigned>(digit <= '9' ? digit - '0' : digit - 'a' + 10); }

// The 20 bytes of the SHA-1 over head (without the digest) and payload.
std::string digest_of(std::string_view head, std::string_view payload) {
  std::string covered(head);
  covered += payload;
  const std::string hex = genome::base::sha1_hex(covered);
  std::string bytes;
  for (std::size_t i = 0; i < hex.size(); i += 2) {
    bytes += static_cast<char>((nibble(hex[i]) << 4) | nibble(hex[i + 1]));
  }
  return bytes;
}

}  // namespace

std::string frame(std::string_view payload, std::uint32_t version) {
  EVOTTS_CHECK(version >= 1);
  std::string file(kMagic);
  file += little_endian(version, 4);
  file += little_endian(payload.size(), 8);
  file += digest_of(file, payload);
  file += payload;
  return file;
}

std::string unframe(std::string_view bytes, std::uint32_t newest, std::string_view what) {
  if (bytes.substr(0, kMagic.size()) != kMagic.substr(0, bytes.size())) {
    throw RunError(fmt::format("{}: not a checkpoint of evotts (it does not begin with {})", what, kMagic));
  }
  if (bytes.size() < kPayloadAt) {
    throw RunError(fmt::format("{}: damaged: cut short at {} bytes, less than the {} of its head", what,
                               bytes.size(), kPayloadAt));
  }
  const std::uint32_t version = framed_version(bytes);
  if (version > newest) {
    throw RunError(fmt::format("{}: written by a newer evotts (version {}; this one reads up to {})", what,
                               version, newest));
  }
  const std::string_view payload = bytes.substr(kPayloadAt);
  const std::uint64_t length = from_little_endian(bytes.substr(kLengthAt, 8));
  if (length != payload.size()) {
    throw RunError(fmt::format("{}: damaged: its payload has {} bytes where its head says {}", what,
                               payload.size(), length));
  }
  if (version == 0 || digest_of(bytes.substr(0, kDigestAt), payload) != bytes.substr(kDigestAt, 20)) {
    throw RunError(fmt::format("{}: damaged: its checksum does not match its content", what));
  }
  return std::string(payload);
}

std::uint32_t framed_version(std::string_view bytes) {
  EVOTTS_CHECK(bytes.size() >= kPayloadAt);
  return static_cast<std::uint32_t>(from_little_endian(bytes.substr(kVersionAt, 4)));
}

}  // namespace evo
