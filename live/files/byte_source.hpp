// byte_source.hpp: the bytes of a file that others wrote, plain or compressed, piece by piece.
// Why:      recordings are gigabytes, and people keep them as .jsonl, .jsonl.gz or .json.zst alike.
// Use:      const std::unique_ptr<ByteSource> bytes = open_bytes("outputs.jsonl.zst");
//           while (const std::size_t count = bytes->read(buffer, sizeof buffer)) use(buffer, count);
// Promises: what a file is tells its beginning, never its name: gzip, Zstandard, xz and bzip2 are
//           decompressed, ZIP is told apart, all else is taken as it is. A few hundred KiB are held, and the
//           window of the compression, 128 MiB at most.
// Throws:   replay::InputError that names the file: it cannot be opened or read, is no regular file, is
//           damaged or cut off, or gives more than kMostBytes.
// Threads:  one thread a source.
// Tests:    tests/live/files/byte_source_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <memory>

namespace live {

class ByteSource {
 public:
  static constexpr std::uint64_t kMostBytes = std::uint64_t{1} << 40U;  // decompressed

  ByteSource() = default;
  virtual ~ByteSource() = default;
  ByteSource(const ByteSource&) = delete;
  ByteSource& operator=(const ByteSource&) = delete;

  // Fewer than asked for may come; 0 at the end only.
  virtual std::size_t read(char* to, std::size_t most) = 0;
  // How far the file itself was read, in bytes.
  virtual std::uint64_t position() const = 0;
};

enum class Packing : std::uint8_t { kPlain, kCompressed, kZip, kParquet, kPickle };
Packing packing_of(const std::filesystem::path& file);

// REQUIRES: it is plain or compressed.
std::unique_ptr<ByteSource> open_bytes(const std::filesystem::path& file);

}  // namespace live
