#include "live/record/record_file.hpp"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "genome/base/descriptor.hpp"
#include "genome/base/file.hpp"
#include "genome/base/json.hpp"
#include "genome/base/text.hpp"
#include "live/files/json_records.hpp"
#include "live/record/episode_json.hpp"
#include "replay/environment/input_error.hpp"

namespace live {
namespace {

using genome::base::Descriptor;
using genome::base::fail_at;
using genome::base::kMostJsonBytes;
using genome::base::visible;
using replay::InputError;
namespace fs = std::filesystem;

constexpr std::size_t kPiece = std::size_t{1} << 20U;
constexpr std::chrono::milliseconds kLockPatience(5'000), kBetweenTries(10);

// A pipe or a device would never end, or let nobody open it.
Descriptor opened(const fs::path& file, int flags) {
  Descriptor descriptor(::open(file.c_str(), flags | O_CLOEXEC | O_NONBLOCK, 0600));
  if (!descriptor.open() && (flags & O_ACCMODE) == O_RDONLY && errno == ENOENT)
    throw InputError(fmt::format("{}: there is no such file", visible(file.string())));
  if (!descriptor.open()) fail_at("open", file);
  return descriptor;
}

std::uint64_t size_of(const Descriptor& descriptor, const fs::path& file) {
  struct stat about {};
  if (::fstat(descriptor.number(), &about) != 0) fail_at("look at", file);
  if (!S_ISREG(about.st_mode))
    throw InputError(fmt::format("{}: is no regular file", visible(file.string())));
  return static_cast<std::uint64_t>(about.st_size);
}

// Fewer bytes than wanted only at the end of the file.
std::string bytes_at(const Descriptor& descriptor, const fs::path& file, std::uint64_t offset,
                     std::size_t bytes) {
  std::string text(bytes, '\0');
  std::size_t done = 0;
  while (done < bytes) {
    const ssize_t count =
        ::pread(descriptor.number(), text.data() + done, bytes - done, static_cast<off_t>(offset + done));
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) fail_at("read", file);
    if (count == 0) break;
    done += static_cast<std::size_t>(count);
  }
  text.resize(done);
  return text;
}

// Whoever holds it writes a few lines; somebody who keeps it must not keep the writer for ever.
void lock(const Descriptor& descriptor, const fs::path& file) {
  const auto last = std::chrono::steady_clock::now() + kLockPatience;
  while (::flock(descriptor.number(), LOCK_EX | LOCK_NB) != 0) {
    if (errno == EINTR) continue;
    if (errno != EWOULDBLOCK || std::chrono::steady_clock::now() > last) fail_at("lock", file);
    std::this_thread::sleep_for(kBetweenTries);
  }
}

[[noreturn]] void refuse_foreign(const fs::path& file) {
  throw InputError(fmt::format("{}: holds something else than recorded episodes; name another file",
                               visible(file.string())));
}

void expect_record(std::string_view beginning, const fs::path& file) {
  const std::size_t both = std::min(beginning.size(), kRecordHead.size());
  if (beginning.substr(0, both) != kRecordHead.substr(0, both)) refuse_foreign(file);
}

// What follows the last line end; machines that lost power may have left zeros there.
std::string tail_of(const Descriptor& descriptor, const fs::path& file, std::uint64_t size) {
  std::string tail;
  if (bytes_at(descriptor, file, size - 1, 1) == "\n") return tail;
  while (tail.size() < size && tail.size() <= kMostJsonBytes) {
    const std::uint64_t bytes = std::min<std::uint64_t>(kPiece, size - tail.size());
    std::string piece = bytes_at(descriptor, file, size - tail.size() - bytes, bytes);
    const std::size_t end = piece.rfind('\n');
    if (end != piece.npos) return piece.substr(end + 1) + tail;
    tail = std::move(piece) + tail;
  }
  return tail;
}

void cut_to(const Descriptor& descriptor, const fs::path& file, std::uint64_t size) {
  if (::ftruncate(descriptor.number(), static_cast<off_t>(size)) != 0) fail_at("cut", file);
}

void write_all(const Descriptor& descriptor, const fs::path& file, std::uint64_t size,
               std::string_view text) {
  while (!text.empty()) {
    const ssize_t count = ::write(descriptor.number(), text.data(), text.size());
    if (count < 0 && errno == EINTR) continue;
    if (count < 0) {
      const int why = errno;
      // The next writer would cut off what cannot be cut off now.
      if (::ftruncate(descriptor.number(), static_cast<off_t>(size)) != 0) errno = why;
      errno = why;
      fail_at("write", file);
    }
    text.remove_prefix(static_cast<std::size_t>(count));
  }
}

// Returns the size of what is whole.
std::uint64_t mend(const Descriptor& descriptor, const fs::path& file) {
  const std::uint64_t size = size_of(descriptor, file);
  if (size == 0) return 0;
  std::string tail = tail_of(descriptor, file, size);
  const std::uint64_t whole = size - tail.size();
  tail.resize(tail.find_last_not_of('\0') + 1);
  expect_record(whole > 0 ? bytes_at(descriptor, file, 0, kRecordHead.size()) : tail, file);
  if (whole == size) return size;
  expect_record(tail, file);
  if (!tail.empty() && whole + tail.size() == size && !malformed_at(tail)) {
    write_all(descriptor, file, size, "\n");
    return size + 1;
  }
  cut_to(descriptor, file, whole);
  return whole;
}

}  // namespace

void append_lines(const fs::path& file, std::string_view lines) {
  const Descriptor descriptor = opened(file, O_RDWR | O_CREAT | O_APPEND);
  const bool fresh = size_of(descriptor, file) == 0;
  lock(descriptor, file);
  const std::uint64_t size = mend(descriptor, file);
  write_all(descriptor, file, size, lines);
  while (::fdatasync(descriptor.number()) != 0) {
    if (errno == EINTR) continue;
    fail_at("sync", file);
  }
  if (fresh) genome::base::sync_path(file.has_parent_path() ? file.parent_path() : ".");
}

std::uint64_t read_lines(const fs::path& file, const std::function<void(const RecordLine&)>& each) {
  const Descriptor descriptor = opened(file, O_RDONLY);
  const std::uint64_t size = size_of(descriptor, file);
  RecordLine line;
  std::string rest;
  for (std::uint64_t read = 0; read < size;) {
    const std::string piece = bytes_at(descriptor, file, read, std::min<std::uint64_t>(kPiece, size - read));
    if (piece.empty()) break;  // it was cut meanwhile
    read += piece.size();
    std::size_t from = rest.size(), begin = 0;  // no line end is before `from`
    rest += piece;
    for (std::size_t end; (end = rest.find('\n', from)) != rest.npos; begin = from = end + 1) {
      line.text = std::string_view(rest).substr(begin, end - begin);
      ++line.number;
      each(line);
      line.offset += line.text.size() + 1;
    }
    rest.erase(0, begin);
    if (rest.size() > kMostJsonBytes)
      throw InputError(fmt::format("{}: line {}: is longer than {} bytes", visible(file.string()),
                                   line.number + 1, kMostJsonBytes));
  }
  if (rest.empty() || malformed_at(rest)) return rest.size();
  line.text = rest;
  ++line.number;
  each(line);
  return 0;
}

std::string line_at(const fs::path& file, std::uint64_t offset, std::size_t bytes) {
  const Descriptor descriptor = opened(file, O_RDONLY);
  (void)size_of(descriptor, file);
  std::string text = bytes_at(descriptor, file, offset, bytes);
  if (text.size() != bytes)
    throw InputError(fmt::format("{}: was changed while it was read", visible(file.string())));
  return text;
}

}  // namespace live
