#include "genome/base/file.hpp"

#include <array>
#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <iterator>
#include <sys/stat.h>
#include <utility>

#include "genome/base/error.hpp"
#include "genome/base/text.hpp"

namespace genome::base {
namespace {

namespace fs = std::filesystem;

constexpr off_t kMostContent = off_t{1} << 30;

// The standard stream that goes to this file, if one does; -1: none.
int standard_stream_to(const struct stat& file) {
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO}) {
    struct stat own {};
    if (::fstat(stream, &own) == 0 && own.st_dev == file.st_dev && own.st_ino == file.st_ino) return stream;
  }
  return -1;
}

void write_all(int file, std::string_view bytes, const fs::path& path) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file, bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_at("write", path);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

// A file that standard output goes to already is written where that stands, by its own descriptor.
void write_into_stream(const fs::path& path, const struct stat& file, std::string_view bytes) {
  const int standard = S_ISREG(file.st_mode) || S_ISSOCK(file.st_mode) ? standard_stream_to(file) : -1;
  if (standard >= 0) return write_all(standard, bytes, path);
  Descriptor stream(::open(path.c_str(), O_WRONLY | O_CLOEXEC | O_NOCTTY));
  if (!stream.open()) fail_at("open", path);
  write_all(stream.number(), bytes, path);
  if (::close(stream.release()) != 0) fail_at("write", path);
}

bool is_stream(const struct stat& file) {
  return !S_ISDIR(file.st_mode) && (!S_ISREG(file.st_mode) || standard_stream_to(file) >= 0);
}

}  // namespace

void fail_at(std::string_view operation, const fs::path& path) {
  const int reason = errno;
  throw StorageError(
      fmt::format("cannot {} {}: {}", operation, visible(path.string()), std::strerror(reason)));
}

OutputFile::OutputFile(fs::path path)
    : path_(std::move(path)),
      file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK, 0666)) {
  struct stat made {};
  if (!file_.open() || ::fstat(file_.number(), &made) != 0) fail_at("create", path_);
  if (S_ISFIFO(made.st_mode))
    throw StorageError(fmt::format("cannot create {}: a pipe is in its place", visible(path_.string())));
}

void OutputFile::write(std::string_view bytes) { write_all(file_.number(), bytes, path_); }

void OutputFile::sync() {
  if (::fsync(file_.number()) != 0 && errno != EINVAL) fail_at("sync", path_);
}

void OutputFile::close() {
  if (::close(file_.release()) != 0) fail_at("write", path_);
}

void sync_path(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC));
  // EINVAL: a file system whose folders cannot be synced, and need not be.
  if (!file.open() || (::fsync(file.number()) != 0 && errno != EINVAL)) fail_at("sync", path);
}

bool is_stream(const fs::path& path) {
  struct stat file {};
  return ::stat(path.c_str(), &file) == 0 && is_stream(file);
}

DurableFile::DurableFile(const fs::path& path) {
  if (is_stream(path))
    throw StorageError(
        fmt::format("cannot replace {}: it is a device or a pipe, or a standard stream goes there",
                    visible(path.string())));
  std::error_code error;
  target_ = fs::is_symlink(path, error) ? fs::weakly_canonical(path, error) : path;
  if (target_.empty())
    throw StorageError(fmt::format("cannot follow {}: {}", visible(path.string()), error.message()));
  // Named by the process, so that two writers of one file do not write into each other's.
  const fs::path beside = fmt::format("{}.{}.tmp", target_.string(), ::getpid());
  ::unlink(beside.c_str());
  file_ = Descriptor(::open(beside.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666));
  if (!file_.open()) fail_at("create", target_);
  beside_ = beside;
}

DurableFile::~DurableFile() {
  if (!beside_.empty()) ::unlink(beside_.c_str());
}

void DurableFile::write(std::string_view bytes) { write_all(file_.number(), bytes, target_); }

void DurableFile::finish() {
  struct stat old {};
  if (::stat(target_.c_str(), &old) == 0 && ::fchmod(file_.number(), old.st_mode & 07777U) != 0)
    fail_at("set the permissions of", target_);
  if (::fsync(file_.number()) != 0 && errno != EINVAL) fail_at("sync", target_);
  if (::close(file_.release()) != 0) fail_at("write", target_);
  if (::rename(beside_.c_str(), target_.c_str()) != 0) fail_at("put in its place", target_);
  beside_.clear();
  sync_path(target_.has_parent_path() ? target_.parent_path() : fs::path("."));
}

void write_durably(const fs::path& path, std::string_view bytes) {
  struct stat there {};
  if (::stat(path.c_str(), &there) == 0 && is_stream(there)) return write_into_stream(path, there, bytes);
  DurableFile file(path);
  file.write(bytes);
  file.finish();
}

void write_durably_with_folders(const fs::path& path, std::string_view bytes) {
  std::error_code error;
  fs::create_directories(path.parent_path(), error);
  if (error) {
    throw StorageError(
        fmt::format("cannot make the folder {}: {}", visible(path.parent_path().string()), error.message()));
  }
  write_durably(path, bytes);
}

std::optional<std::string> content_of(const fs::path& path) {
  const Descriptor file(::open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY));
  struct stat there {};
  if (!file.open() || ::fstat(file.number(), &there) != 0) return std::nullopt;
  if (!S_ISREG(there.st_mode) || there.st_size > kMostContent) return std::nullopt;
  std::string content;
  content.reserve(static_cast<std::size_t>(there.st_size));
  std::array<char, 1U << 16U> chunk;
  while (std::ssize(content) <= kMostContent) {  // those of /proc have no size, and others may grow
    const ssize_t count = ::read(file.number(), chunk.data(), chunk.size());
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) return content;
    content.append(chunk.data(), static_cast<std::size_t>(count));
  }
  return std::nullopt;
}

}  // namespace genome::base
