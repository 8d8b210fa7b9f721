#include "evo/git/pack_joining.hpp"

#include <algorithm>
#include <array>
#include <boost/crc.hpp>
#include <boost/endian/conversion.hpp>
#include <cstdint>
#include <fmt/format.h>
#include <initializer_list>
#include <limits>
#include <memory>
#include <system_error>
#include <tuple>
#include <vector>

#include "evo/base/error.hpp"
#include "evo/base/mapped_file.hpp"
#include "evo/git/handles.hpp"
#include "genome/base/file.hpp"
#include "genome/base/sha1.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
namespace endian = boost::endian;

constexpr std::string_view kPackMagic("PACK\0\0\0\2", 8);
constexpr std::string_view kIndexMagic("\377tOc\0\0\0\2", 8);
constexpr std::size_t kIdBytes = 20, kPackHead = 12, kFanout = 256 * 4;
constexpr std::uint32_t kLarge = 0x8000'0000;  // in an index: the offset is too large for this place
constexpr std::size_t kPiece = 1 << 20;        // of a file, written at once

std::uint32_t number32(std::string_view bytes, std::size_t at) {
  return endian::load_big_u32(reinterpret_cast<const unsigned char*>(bytes.data()) + at);
}

// An object in one of the packs.
struct Place {
  std::string_view id;  // its bytes, in the mapped index
  std::size_t pack = 0;
  std::uint64_t offset = 0;
  std::uint32_t crc = 0;
};

// A pack and its index, mapped.
class IndexedPack {
 public:
  explicit IndexedPack(const fs::path& index)
      : path_(index), index_(index), pack_(fs::path(index).replace_extension(".pack")) {
    const std::string_view head = index_.bytes(), body = pack_.bytes();
    check(head.size() >= kIndexMagic.size() + kFanout + 2 * kIdBytes && head.starts_with(kIndexMagic));
    check(body.size() >= kPackHead + kIdBytes && body.starts_with(kPackMagic));
    objects_ = number32(head, kIndexMagic.size() + kFanout - 4);
    check(objects_ == number32(body, kPackMagic.size()));
    check(head.size() >= large_table() + 2 * kIdBytes);
    const std::string_view digests = head.substr(head.size() - 2 * kIdBytes);
    check(body.ends_with(digests.substr(0, kIdBytes)));
    genome::base::Sha1 hash;
    hash.add(head.substr(0, head.size() - kIdBytes));
    check(hash.bytes() == digests.substr(kIdBytes));
  }

  std::string name() const { return path_.stem().string(); }
  std::size_t objects() const { return objects_; }
  // All objects, one after the other.
  std::string_view body() const {
    return pack_.bytes().substr(kPackHead, pack_.bytes().size() - kPackHead - kIdBytes);
  }

  Place place(std::size_t i, std::size_t pack) const {
    const std::string_view index = index_.bytes();
    const std::size_t ids = kIndexMagic.size() + kFanout, crcs = ids + objects_ * kIdBytes;
    std::uint64_t offset = number32(index, crcs + (objects_ + i) * 4);
    if ((offset & kLarge) != 0) {
      const std::size_t at = large_table() + (offset & (kLarge - 1)) * 8;
      check(at + 8 + 2 * kIdBytes <= index.size());
      offset = (std::uint64_t{number32(index, at)} << 32) | number32(index, at + 4);
    }
    return {index.substr(ids + i * kIdBytes, kIdBytes), pack, offset, number32(index, crcs + i * 4)};
  }

  // The places, of this pack and in the order of their offsets, cover it, and each has its checksum.
  void check_objects(std::span<const Place> places) const {
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

 private:
  std::size_t large_table() const {
    return kIndexMagic.size() + kFanout + std::size_t{objects_} * (kIdBytes + 4 + 4);
  }
  void check(bool good) const {
    if (!good)
      throw StorageError(fmt::format("cannot fold {}: it or its pack is damaged; 'evotts verify' tells more",
                                     path_.string()));
  }

  fs::path path_;
  MappedFile index_, pack_;
  std::uint32_t objects_ = 0;
};

using Packs = std::vector<std::unique_ptr<IndexedPack>>;

// The larger ones first: a pack that is wholly in others is then seen to be.
Packs open_packs(std::span<const fs::path> indices) {
  Packs packs;
  for (const fs::path& index : indices) {
    try {
      packs.push_back(std::make_unique<IndexedPack>(index));
    } catch (const boost::interprocess::interprocess_exception& error) {
      throw StorageError(fmt::format("cannot read {} and its pack: {}", index.string(), error.what()));
    }
  }
  std::ranges::sort(packs, [](const auto& a, const auto& b) {
    return std::pair(b->objects(), a->name()) < std::pair(a->objects(), b->name());
  });
  return packs;
}

std::vector<Place> places_in(const Packs& packs) {
  std::vector<Place> places;
  for (std::size_t p = 0; p < packs.size(); ++p) {
    const std::size_t first = places.size();
    for (std::size_t i = 0; i < packs[p]->objects(); ++i) places.push_back(packs[p]->place(i, p));
    std::sort(places.begin() + static_cast<std::ptrdiff_t>(first), places.end(),
              [](const Place& a, const Place& b) { return a.offset < b.offset; });
    packs[p]->check_objects(std::span(places).subspan(first));
  }
  std::ranges::sort(places, {}, [](const Place& place) { return std::tie(place.id, place.pack); });
  return places;
}

// Which packs are needed; nothing when one holds some objects that another has as well, and some that none
// has. Leaves only the places in needed ones.
std::optional<std::vector<bool>> needed_packs(const Packs& packs, std::vector<Place>& places) {
  std::vector<std::size_t> fresh(packs.size(), 0);
  for (std::size_t i = 0; i < places.size(); ++i) {
    if (i == 0 || places[i].id != places[i - 1].id) ++fresh[places[i].pack];
  }
  std::vector<bool> needed;
  for (std::size_t p = 0; p < packs.size(); ++p) {
    if (fresh[p] != 0 && fresh[p] != packs[p]->objects()) return std::nullopt;
    needed.push_back(fresh[p] != 0);
  }
  std::erase_if(places, [&](const Place& place) { return !needed[place.pack]; });
  return needed;
}

// A file that ends in the SHA-1 of all before it, under a name that marks it as unfinished.
class HashedFile {
 public:
  explicit HashedFile(fs::path path) : path_(std::move(path)), file_(path_) {}
  // Unless it was renamed it goes, as it may be what filled the disk.
  ~HashedFile() {
    std::error_code ignored;
    fs::remove(path_, ignored);
  }
  HashedFile(const HashedFile&) = delete;
  HashedFile& operator=(const HashedFile&) = delete;

  void write(std::string_view bytes) {
    for (; !bytes.empty(); bytes.remove_prefix(std::min(kPiece, bytes.size()))) {
      hash_.add(bytes.substr(0, kPiece));
      file_.write(bytes.substr(0, kPiece));
    }
  }
  std::string finish() {
    const std::string digest = hash_.bytes();
    file_.write(digest);
    file_.close();
    genome::base::sync_path(path_);
    fs::permissions(path_, fs::perms::owner_write | fs::perms::group_write | fs::perms::others_write,
                    fs::perm_options::remove);
    return digest;
  }
  const fs::path& path() const { return path_; }

 private:
  fs::path path_;
  genome::base::OutputFile file_;
  genome::base::Sha1 hash_;
};

void append32(std::string& bytes, std::uint32_t number) {
  std::array<unsigned char, 4> big{};
  endian::store_big_u32(big.data(), number);
  bytes.append(big.begin(), big.end());
}

// Writes the pack and makes the places those in it. Its digest.
std::string write_pack_of(const Packs& packs, const std::vector<bool>& needed, std::vector<Place>& places,
                          HashedFile& file) {
  std::string head(kPackMagic);
  append32(head, static_cast<std::uint32_t>(places.size()));
  file.write(head);
  std::uint64_t end = kPackHead;
  std::vector<std::uint64_t> begins;
  for (std::size_t p = 0; p < packs.size(); ++p) {
    begins.push_back(end);
    if (!needed[p]) continue;
    file.write(packs[p]->body());
    end += packs[p]->body().size();
  }
  for (Place& place : places) place.offset += begins[place.pack] - kPackHead;
  return file.finish();
}

void write_index_of(std::span<const Place> places, const std::string& pack_digest, HashedFile& file) {
  std::string fanout, ids, crcs, offsets, large;
  std::size_t below = 0;
  for (int first = 0; first < 256; ++first) {
    while (below < places.size() && static_cast<unsigned char>(places[below].id.front()) <= first) ++below;
    append32(fanout, static_cast<std::uint32_t>(below));
  }
  for (const Place& place : places) {
    ids += place.id;
    append32(crcs, place.crc);
    if (place.offset < kLarge) {
      append32(offsets, static_cast<std::uint32_t>(place.offset));
    } else {
      append32(offsets, kLarge | static_cast<std::uint32_t>(large.size() / 8));
      append32(large, static_cast<std::uint32_t>(place.offset >> 32));
      append32(large, static_cast<std::uint32_t>(place.offset));
    }
  }
  file.write(kIndexMagic);
  for (const std::string_view part :
       std::initializer_list<std::string_view>{fanout, ids, crcs, offsets, large, pack_digest})
    file.write(part);
  file.finish();
}

}  // namespace

std::optional<std::string> join_packs(std::span<const fs::path> indices, const fs::path& root) {
  const Packs packs = open_packs(indices);
  std::vector<Place> places = places_in(packs);
  const auto needed = needed_packs(packs, places);
  if (!needed || places.size() > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  if (std::ranges::count(*needed, true) == 1)
    return packs[static_cast<std::size_t>(std::ranges::find(*needed, true) - needed->begin())]->name();
  // Names by which an interrupted writer's files are known.
  const fs::path folder = root / ".git" / "objects" / "pack";
  HashedFile pack(folder / "pack_git2_joined_pack"), index(folder / "pack_git2_joined_index");
  const std::string digest = write_pack_of(packs, *needed, places, pack);
  write_index_of(places, digest, index);
  const std::string name = "pack-" + genome::base::hex(digest);
  // The index first: alone it is rubbish, known as such, while a pack alone could be all that is left.
  fs::rename(index.path(), folder / (name + ".idx"));
  fs::rename(pack.path(), folder / (name + ".pack"));
  genome::base::sync_path(folder);
  return name;
}

}  // namespace evo
