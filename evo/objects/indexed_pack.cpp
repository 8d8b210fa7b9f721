#include "evo/objects/indexed_pack.hpp"

#include <boost/crc.hpp>
#include <boost/endian/conversion.hpp>
#include <fmt/format.h>

#include "evo/base/error.hpp"
#include "genome/base/sha1.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kFanout = 256 * 4;
constexpr unsigned kOffsetDifference = 6;  // the type of a difference that tells how far back its base is

std::uint32_t number32(std::string_view bytes, std::size_t at) {
  return boost::endian::load_big_u32(reinterpret_cast<const unsigned char*>(bytes.data()) + at);
}

}  // namespace

IndexedPack::IndexedPack(const fs::path& index)
    : path_(index), index_(index), pack_(fs::path(index).replace_extension(".pack")) {
  const std::string_view head = index_.bytes(), body = pack_.bytes();
  check(head.size() >= kPackIndexMagic.size() + kFanout + 2 * kIdBytes && head.starts_with(kPackIndexMagic));
  check(body.size() >= kPackHead + kIdBytes && body.starts_with(kPackMagic));
  objects_ = number32(head, kPackIndexMagic.size() + kFanout - 4);
  check(objects_ == number32(body, kPackMagic.size()));
  check(head.size() >= large_table() + 2 * kIdBytes);
  const std::string_view digests = head.substr(head.size() - 2 * kIdBytes);
  check(body.ends_with(digests.substr(0, kIdBytes)));
  genome::base::Sha1 hash;
  hash.add(head.substr(0, head.size() - kIdBytes));
  check(hash.bytes() == digests.substr(kIdBytes));
}

std::string_view IndexedPack::body() const {
  return pack_.bytes().substr(kPackHead, pack_.bytes().size() - kPackHead - kIdBytes);
}

PackedPlace IndexedPack::place(std::size_t i, std::size_t pack) const {
  const std::string_view index = index_.bytes();
  const std::size_t ids = kPackIndexMagic.size() + kFanout, crcs = ids + objects_ * kIdBytes;
  std::uint64_t offset = number32(index, crcs + (objects_ + i) * 4);
  if ((offset & kLargeOffset) != 0) {
    const std::size_t at = large_table() + (offset & (kLargeOffset - 1)) * 8;
    check(at + 8 + 2 * kIdBytes <= index.size());
    offset = (std::uint64_t{number32(index, at)} << 32) | number32(index, at + 4);
  }
  return {index.substr(ids + i * kIdBytes, kIdBytes), pack, offset, number32(index, crcs + i * 4)};
}

void IndexedPack::check_objects(std::span<const PackedPlace> places) const {
  std::uint64_t end = kPackHead + body().size();
  for (std::size_t i = places.size(); i-- > 0;) {
    const std::uint64_t begin = places[i].offset;
    check(begin >= kPackHead && begin < end);
    boost::crc_32_type crc;
    crc.process_bytes(pack_.bytes().data() + begin, end - begin);
    check(crc.checksum() == places[i].crc);
    end = begin;
  }
  check(end == kPackHead);
}

// Bytes of both numbers go on as long as their highest bit is set. The distance adds one at every further
// byte, so that no distance has two spellings.
PackedObject IndexedPack::object(std::uint64_t offset, std::uint64_t end) const {
  const std::string_view bytes = pack_.bytes().substr(offset, end - offset);
  const auto byte = [&](std::size_t i) {
    check(i < bytes.size());
    return static_cast<unsigned char>(bytes[i]);
  };
  std::size_t at = 0;
  const unsigned type = (byte(0) >> 4) & 7U;
  while ((byte(at++) & 0x80) != 0) {
  }
  PackedObject object{.head = bytes.substr(0, at), .base_back = {}, .rest = {}};
  if (type == kOffsetDifference) {
    std::uint64_t back = byte(at) & 0x7fU;
    while ((byte(at++) & 0x80) != 0) {
      check(back < offset);
      back = ((back + 1) << 7) | (byte(at) & 0x7fU);
    }
    check(back > 0 && back <= offset - kPackHead);
    object.base_back = back;
  }
  object.rest = bytes.substr(at);
  return object;
}

std::size_t IndexedPack::large_table() const {
  return kPackIndexMagic.size() + kFanout + std::size_t{objects_} * (kIdBytes + 4 + 4);
}

void IndexedPack::check(bool good) const {
  if (!good)
    throw StorageError(fmt::format("cannot fold {}: it or its pack is damaged; 'evotts verify' tells more",
                                   genome::base::visible(path_.string())));
}

}  // namespace evo
