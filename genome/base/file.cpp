#include "genome/base/file.hpp"

#include <cerrno>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <sys/stat.h>
#include <utility>

#include "genome/base/error.hpp"
#include "genome/base/text.hpp"

namespace genome::base {
namespace {

namespace fs = std::filesystem;

// Removes a file that was not put into its place.
class Leftover {
 public:
  explicit Leftover(fs::path path) : path_(std::move(path)) { ::unlink(path_.c_str()); }
  ~Leftover() {
    if (!path_.empty()) ::unlink(path_.c_str());
  }
  Leftover(const Leftover&) = delete;
  Leftover& operator=(const Leftover&) = delete;
  void keep() { path_.clear(); }

 private:
  fs::path path_;
};

}  // namespace

void fail_at(std::string_view operation, const fs::path& path) {
  const int reason = errno;
  throw StorageError(
      fmt::format("cannot {} {}: {}", operation, visible(path.string()), std::strerror(reason)));
}

OutputFile::OutputFile(fs::path path)
    : path_(std::move(path)), file_(::open(path_.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666)) {
  if (!file_.open()) fail_at("create", path_);
}

void OutputFile::write(std::string_view bytes) {
  while (!bytes.empty()) {
    const ssize_t written = ::write(file_.number(), bytes.data(), bytes.size());
    if (written < 0 && errno == EINTR) continue;
    if (written < 0) fail_at("write", path_);
    bytes.remove_prefix(static_cast<std::size_t>(written));
  }
}

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

void write_durably(const fs::path& path, std::string_view bytes) {
  std::error_code error;
  const fs::path target = fs::is_symlink(path, error) ? fs::weakly_canonical(path, error) : path;
  if (target.empty())
    throw StorageError(fmt::format("cannot follow {}: {}", visible(path.string()), error.message()));
  // Named by the process, so that two writers of one file do not write into each other's.
  const fs::path beside = fmt::format("{}.{}.tmp", target.string(), ::getpid());
  Leftover leftover(beside);
  OutputFile file(beside);
  file.write(bytes);
  struct stat old {};
  if (::stat(target.c_str(), &old) == 0 && ::fchmod(file.number(), old.st_mode & 07777U) != 0)
    fail_at("set the permissions of", target);
  file.sync();
  file.close();
  if (::rename(beside.c_str(), target.c_str()) != 0) fail_at("put in its place", target);
  leftover.keep();
  sync_path(target.has_parent_path() ? target.parent_path() : fs::path("."));
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
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

}  // namespace genome::base
