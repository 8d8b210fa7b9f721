// archive_reader.hpp: the entries of a ZIP, or the one content of a compressed file, by libarchive.
// Why:      ZIPs are written with Zstandard inside meanwhile, which few readers know; libarchive does.
// Use:      ArchiveReader zip("log.eval", ArchiveReader::Kind::kZip);
//           while (const auto name = zip.next()) read_all(zip);
// Promises: entries come in the order of the archive's directory; one is read at most once, piece by piece.
//           Nothing is written to the disk.
// Throws:   replay::InputError that names file and entry where it is damaged, cut off, asks for a password,
//           or has more bytes than are wanted.
// Threads:  one thread a reader.
// Tests:    tests/live/files/byte_source_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>
#include <optional>
#include <string>

struct archive;

namespace live {

class ArchiveReader {
 public:
  enum class Kind : std::uint8_t { kZip, kCompressed };

  ArchiveReader(const std::filesystem::path& file, Kind kind);

  // The name of the next entry; nothing behind the last one.
  std::optional<std::string> next();
  // Of that entry; 0 at its end only.
  std::size_t read(char* to, std::size_t most);
  // All of it, of at most so many bytes.
  void read_all(std::string& text, std::size_t most);
  std::uint64_t position() const;

 private:
  [[noreturn]] void fail(const char* what) const;

  std::string name_, entry_;
  std::unique_ptr<archive, int (*)(archive*)> archive_;
};

}  // namespace live
