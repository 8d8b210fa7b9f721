#include "evo/objects/pack_joining.hpp"

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
#include "evo/objects/indexed_pack.hpp"
#include "evo/objects/pack_files.hpp"
#include "genome/base/file.hpp"
#include "genome/base/sha1.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

constexpr std::size_t kPiece = 1 << 20;             // of a file, written at once
constexpr unsigned char kNamedDifference = 7 << 4;  // the type of a difference that names its base

using Packs = std::vector<std::unique_ptr<IndexedPack>>;
using Places = std::vector<PackedPlace>;

// The smaller ones first.
Packs open_packs(std::span<const fs::path> indices) {
  Packs packs;
  for (const fs::path& index : indices) {
    try {
      packs.push_back(std::make_unique<IndexedPack>(index));
    } catch (const boost::interprocess::interprocess_exception& error) {
      throw StorageError(fmt::format("cannot read {} and its pack: {}", genome::base::visible(index.string()),
                                     error.what()));
    }
  }
  std::ranges::sort(packs, [](const auto& a, const auto& b) {
    return std::pair(a->objects(), a->name()) < std::pair(b->objects(), b->name());
  });
  return packs;
}

// Of each pack, in the order of their offsets.
std::vector<Places> places_in(const Packs& packs) {
  std::vector<Places> places(packs.size());
  for (std::size_t p = 0; p < packs.size(); ++p) {
    for (std::size_t i = 0; i < packs[p]->objects(); ++i) places[p].push_back(packs[p]->place(i, p));
    std::ranges::sort(places[p], {}, &PackedPlace::offset);
    packs[p]->check_objects(places[p]);
  }
  return places;
}

// One place an object, in the order of ids: that in the first pack which has it.
Places chosen_of(const std::vector<Places>& places) {
  Places chosen;
  for (const Places& each : places) chosen.insert(chosen.end(), each.begin(), each.end());
  std::ranges::sort(chosen, {}, [](const PackedPlace& place) { return std::tie(place.id, place.pack); });
  const auto others = std::ranges::unique(chosen, {}, &PackedPlace::id);
  chosen.erase(others.begin(), others.end());
  return chosen;
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
  boost::endian::store_big_u32(big.data(), number);
  bytes.append(big.begin(), big.end());
}

// Writes the chosen objects, pack by pack, and makes their places those in the new one.
class Joining {
 public:
  Joining(const Packs& packs, const std::vector<Places>& places, Places& chosen, HashedFile& file)
      : packs_(packs), places_(places), chosen_(chosen), of_pack_(packs.size()), file_(file) {
    for (PackedPlace& place : chosen_) of_pack_[place.pack].push_back(&place);
    for (auto& each : of_pack_) std::ranges::sort(each, {}, &PackedPlace::offset);
  }

  // The digest of the new pack.
  std::string write() {
    std::string head(kPackMagic);
    append32(head, static_cast<std::uint32_t>(chosen_.size()));
    file_.write(head);
    end_ = kPackHead;
    for (std::size_t p = 0; p < packs_.size(); ++p) {
      if (of_pack_[p].size() == places_[p].size())
        copy_whole(p);
      else
        copy_pieces(p);
    }
    return file_.finish();
  }

 private:
  void copy_whole(std::size_t p) {
    file_.write(packs_[p]->body());
    for (PackedPlace* place : of_pack_[p]) place->offset += end_ - kPackHead;
    end_ += packs_[p]->body().size();
  }

  void copy_pieces(std::size_t p) {
    auto place = places_[p].begin();
    for (PackedPlace* chosen : of_pack_[p]) {
      place = std::ranges::lower_bound(place, places_[p].end(), chosen->offset, {}, &PackedPlace::offset);
      const auto next = place + 1;
      const std::uint64_t end =
          next == places_[p].end() ? kPackHead + packs_[p]->body().size() : next->offset;
      const std::string bytes = movable(p, chosen->offset, end);
      boost::crc_32_type crc;
      crc.process_bytes(bytes.data(), bytes.size());
      file_.write(bytes);
      chosen->crc = crc.checksum();
      chosen->offset = end_;
      end_ += bytes.size();
    }
  }

  // The object, saying nothing of where it stands.
  std::string movable(std::size_t p, std::uint64_t begin, std::uint64_t end) const {
    const PackedObject object = packs_[p]->object(begin, end);
    std::string bytes(object.head);
    if (object.base_back) {
      const auto base =
          std::ranges::lower_bound(places_[p], begin - *object.base_back, {}, &PackedPlace::offset);
      packs_[p]->check(base != places_[p].end() && base->offset == begin - *object.base_back);
      bytes.front() =
          static_cast<char>((static_cast<unsigned char>(bytes.front()) & 0x8f) | kNamedDifference);
      bytes += base->id;
    }
    return bytes += object.rest;
  }

  const Packs& packs_;
  const std::vector<Places>& places_;
  Places& chosen_;
  std::vector<std::vector<PackedPlace*>> of_pack_;  // the chosen, in the order of their offsets
  HashedFile& file_;
  std::uint64_t end_ = 0;  // of what is written
};

void write_index_of(std::span<const PackedPlace> places, const std::string& pack_digest, HashedFile& file) {
  std::string fanout, ids, crcs, offsets, large;
  std::size_t below = 0;
  for (int first = 0; first < 256; ++first) {
    while (below < places.size() && static_cast<unsigned char>(places[below].id.front()) <= first) ++below;
    append32(fanout, static_cast<std::uint32_t>(below));
  }
  for (const PackedPlace& place : places) {
    ids += place.id;
    append32(crcs, place.crc);
    if (place.offset < kLargeOffset) {
      append32(offsets, static_cast<std::uint32_t>(place.offset));
    } else {
      append32(offsets, kLargeOffset | static_cast<std::uint32_t>(large.size() / 8));
      append32(large, static_cast<std::uint32_t>(place.offset >> 32));
      append32(large, static_cast<std::uint32_t>(place.offset));
    }
  }
  file.write(kPackIndexMagic);
  for (const std::string_view part :
       std::initializer_list<std::string_view>{fanout, ids, crcs, offsets, large, pack_digest})
    file.write(part);
  file.finish();
}

}  // namespace

std::optional<std::string> join_packs(std::span<const fs::path> indices, const fs::path& root) {
  const Packs packs = open_packs(indices);
  const std::vector<Places> places = places_in(packs);
  Places chosen = chosen_of(places);
  if (chosen.size() > std::numeric_limits<std::uint32_t>::max()) return std::nullopt;
  const auto same_pack = [&](const PackedPlace& place) { return place.pack == chosen.front().pack; };
  if (chosen.empty() || std::ranges::all_of(chosen, same_pack)) return std::nullopt;
  const fs::path folder = staging_folder(root);
  fs::create_directories(folder);
  HashedFile pack(folder / "joined_pack"), index(folder / "joined_index");
  const std::string digest = Joining(packs, places, chosen, pack).write();
  write_index_of(chosen, digest, index);
  const std::string name = "pack-" + genome::base::hex(digest);
  fs::rename(index.path(), folder / (name + ".idx"));
  fs::rename(pack.path(), folder / (name + ".pack"));
  put_in_place(name, root);
  return name;
}

}  // namespace evo
