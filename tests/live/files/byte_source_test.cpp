#include "live/files/byte_source.hpp"

#include <filesystem>
#include <gtest/gtest.h>
#include <string>

#include "genome/base/file.hpp"
#include "live/files/archive_reader.hpp"
#include "live/files/compressed_lines.hpp"
#include "replay/environment/input_error.hpp"
#include "tests/support/shared_data.hpp"
#include "tests/support/temporary_folder.hpp"

namespace live {
namespace {

std::string all_of(ByteSource& bytes) {
  std::string text, piece(1000, '\0');
  while (const std::size_t count = bytes.read(piece.data(), piece.size())) text += piece.substr(0, count);
  return text;
}

TEST(ByteSource, ReadsPlainAndCompressedFilesWhateverTheirNames) {
  const tests::TemporaryFolder folder;
  const auto plain = folder.path() / "a.zst", packed = folder.path() / "b.json";
  genome::base::write_durably(plain, "plain");
  EXPECT_EQ(packing_of(plain), Packing::kPlain);
  EXPECT_EQ(all_of(*open_bytes(plain)), "plain");
  CompressedLines lines(packed);
  const std::string line(100'000, 'x');
  lines.write(line);
  lines.finish();
  EXPECT_EQ(packing_of(packed), Packing::kCompressed);
  const auto bytes = open_bytes(packed);
  EXPECT_EQ(all_of(*bytes), line + "\n");
  EXPECT_GT(bytes->position(), 0U);
}

TEST(ByteSource, HalfACompressedFileIsNamed) {
  const tests::TemporaryFolder folder;
  const auto file = folder.path() / "x.zst";
  CompressedLines lines(file);
  for (int i = 0; i < 10'000; ++i) lines.write(std::to_string(i * 7919));
  lines.finish();
  std::filesystem::resize_file(file, std::filesystem::file_size(file) / 2);
  try {
    all_of(*open_bytes(file));
    ADD_FAILURE() << "half a file was read";
  } catch (const replay::InputError& error) {
    EXPECT_NE(std::string(error.what()).find("x.zst"), std::string::npos);
  }
}

TEST(ByteSource, WhatIsNoFileIsRefused) {
  EXPECT_THROW(open_bytes("/nowhere/at/all"), replay::InputError);
  EXPECT_THROW(open_bytes("/dev/zero"), replay::InputError);
  EXPECT_THROW(open_bytes("/"), replay::InputError);
}

TEST(ArchiveReader, ReadsEntriesPackedByZstandard) {
  const auto file = tests::shared_data("samples/inspect/chain.eval");
  if (!file) GTEST_SKIP() << tests::kNoSharedData;
  EXPECT_EQ(packing_of(*file), Packing::kZip);
  ArchiveReader zip(*file, ArchiveReader::Kind::kZip);
  std::size_t entries = 0;
  std::string first(1, '\0');
  while (zip.next()) {
    ++entries;
    EXPECT_EQ(zip.read(first.data(), 1), 1U);
    EXPECT_TRUE(first == "{" || first == "[");
  }
  EXPECT_EQ(entries, 62U);
}

}  // namespace
}  // namespace live
