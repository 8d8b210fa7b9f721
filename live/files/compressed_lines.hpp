// compressed_lines.hpp: lines of text in a file compressed by Zstandard, written and read one by one.
// Why:      texts of thousands of branches are gigabytes, and far less when compressed. Neither is to be held
//           at once, and a file that was cut off must not pass for a whole one.
// Use:      CompressedLines out("x.texts.jsonl.zst");  out.write(line);  out.finish();
//           read_compressed_lines(path, {}, [&](std::size_t number, std::string_view line) { ... });
// Promises: what is written is one frame with a checksum, the same bytes for the same lines and release of
//           the library. It stands under its name once finish() returns, durably, and before that not at
//           all. Reading holds one line and the window of the frame, 128 MiB at most.
// Throws:   replay::InputError that names the file where it is no such file, is damaged or cut off, or goes
//           beyond the limits; StorageError where writing fails.
// Threads:  one thread a file.
// Tests:    tests/live/files/compressed_lines_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <functional>
#include <memory>
#include <string>
#include <string_view>

#include "genome/base/file.hpp"

struct ZSTD_CCtx_s;

namespace live {

// Of what is read, decompressed, in bytes.
struct LineLimits {
  std::size_t line = std::size_t{256} << 20U;
  std::uint64_t whole = std::uint64_t{64} << 30U;
};

class CompressedLines {
 public:
  explicit CompressedLines(const std::filesystem::path& path);
  ~CompressedLines();
  CompressedLines(const CompressedLines&) = delete;
  CompressedLines& operator=(const CompressedLines&) = delete;

  void write(std::string_view line);  // without its end. REQUIRES: no line end in it
  void finish();                      // once, at the end

 private:
  void compress(std::string_view bytes, bool last);

  genome::base::DurableFile file_;
  std::unique_ptr<ZSTD_CCtx_s, void (*)(ZSTD_CCtx_s*)> context_;
  std::string out_;
};

// Calls `each` with number (from 1) and text of each line.
void read_compressed_lines(const std::filesystem::path& path, const LineLimits& limits,
                           const std::function<void(std::size_t number, std::string_view line)>& each);

}  // namespace live
