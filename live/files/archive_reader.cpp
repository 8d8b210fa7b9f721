#include "live/files/archive_reader.hpp"

#include <archive.h>
#include <archive_entry.h>
#include <fmt/format.h>
#include <new>

#include "genome/base/text.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using genome::base::visible;

constexpr std::size_t kBlock = std::size_t{256} << 10U;

}  // namespace

ArchiveReader::ArchiveReader(const std::filesystem::path& file, Kind kind)
    : name_(visible(file.string())), archive_(archive_read_new(), archive_read_free) {
  if (archive_ == nullptr) throw std::bad_alloc();
  archive* const reader = archive_.get();
  if (kind == Kind::kZip) {
    archive_read_support_format_zip(reader);
  } else {
    archive_read_support_filter_gzip(reader);
    archive_read_support_filter_zstd(reader);
    archive_read_support_filter_xz(reader);
    archive_read_support_filter_bzip2(reader);
    archive_read_support_format_raw(reader);
  }
  if (archive_read_open_filename(reader, file.c_str(), kBlock) != ARCHIVE_OK) fail("cannot be opened");
}

std::optional<std::string> ArchiveReader::next() {
  archive_entry* entry = nullptr;
  entry_.clear();
  const int result = archive_read_next_header(archive_.get(), &entry);
  if (result == ARCHIVE_EOF) return std::nullopt;
  // A warning is about a name that this locale cannot spell.
  if (result != ARCHIVE_OK && result != ARCHIVE_WARN) fail("is damaged or cut off");
  const char* name = archive_entry_pathname_utf8(entry);
  if (name == nullptr) name = archive_entry_pathname(entry);
  return entry_ = name == nullptr ? "" : name;
}

std::size_t ArchiveReader::read(char* to, std::size_t most) {
  for (;;) {
    const la_ssize_t count = archive_read_data(archive_.get(), to, most);
    if (count >= 0) return static_cast<std::size_t>(count);
    if (count != ARCHIVE_RETRY) fail("is damaged or cut off");
  }
}

void ArchiveReader::read_all(std::string& text, std::size_t most) {
  text.clear();
  for (std::size_t count = 1; count > 0;) {
    const std::size_t before = text.size();
    text.resize(before + kBlock);
    count = read(text.data() + before, kBlock);
    text.resize(before + count);
    if (text.size() > most)
      throw replay::InputError(
          fmt::format("{}: entry \"{}\" has more than {} MiB", name_, visible(entry_, 80), most >> 20U));
  }
}

std::uint64_t ArchiveReader::position() const {
  const la_int64_t bytes = archive_filter_bytes(archive_.get(), -1);
  return bytes < 0 ? 0 : static_cast<std::uint64_t>(bytes);
}

void ArchiveReader::fail(const char* what) const {
  const char* const reason = archive_error_string(archive_.get());
  const bool named =
      !entry_.empty() && entry_ != "data";  // what libarchive calls the content of a compressed file
  throw replay::InputError(fmt::format("{}:{} {}: {}", name_,
                                       named ? fmt::format(" entry \"{}\"", visible(entry_, 80)) : "", what,
                                       visible(reason == nullptr ? "no reason is told" : reason)));
}

}  // namespace live
