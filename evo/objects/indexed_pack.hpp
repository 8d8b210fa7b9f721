// indexed_pack.hpp: a pack and its index, as the bytes they are.
// Why:      packs are joined by taking their objects over as they are packed; libgit2 unpacks what it reads.
// Use:      const IndexedPack pack("pack-0.idx");
//           for (std::size_t i = 0; i < pack.objects(); ++i) ... pack.place(i, 0).offset
// Promises: the constructor compares the index with its checksum and with its pack; check_objects() compares
//           every object with its checksum. Bytes are read within the file, whatever they say.
// Source:   git's Documentation/gitformat-pack.txt.
// Throws:   StorageError for what is damaged or cannot be read.
// Threads:  reading is safe from any number of threads.
// Tests:    tests/evo/objects/pack_joining_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "evo/base/mapped_file.hpp"

namespace evo {

inline constexpr std::string_view kPackMagic("PACK\0\0\0\2", 8);
inline constexpr std::string_view kPackIndexMagic("\377tOc\0\0\0\2", 8);
inline constexpr std::size_t kIdBytes = 20, kPackHead = 12;
inline constexpr std::uint32_t kLargeOffset = 0x8000'0000;  // in an index: too large for this place

// An object in one of several packs.
struct PackedPlace {
  std::string_view id;  // its bytes, in the mapped index
  std::size_t pack = 0;
  std::uint64_t offset = 0;
  std::uint32_t crc = 0;
};

// An object as it is packed: type and size, for a difference what it differs from, and compressed bytes.
struct PackedObject {
  std::string_view head;                   // type and size
  std::optional<std::uint64_t> base_back;  // a difference: its base begins that many bytes before it
  std::string_view rest;
};

class IndexedPack {
 public:
  explicit IndexedPack(const std::filesystem::path& index);

  std::string name() const { return path_.stem().string(); }
  std::size_t objects() const { return objects_; }
  // All objects, one after the other.
  std::string_view body() const;

  // The i-th in the order of ids; `pack` is what the place will say.
  PackedPlace place(std::size_t i, std::size_t pack) const;

  // That the places, of this pack and in the order of their offsets, cover it, and each has its checksum.
  void check_objects(std::span<const PackedPlace> places) const;

  // The object that begins at `offset` and ends before `end`, both within the body.
  PackedObject object(std::uint64_t offset, std::uint64_t end) const;

  void check(bool good) const;

 private:
  std::size_t large_table() const;

  std::filesystem::path path_;
  MappedFile index_, pack_;
  std::uint32_t objects_ = 0;
};

}  // namespace evo
