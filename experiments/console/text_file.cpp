#include "experiments/console/text_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fcntl.h>
#include <fmt/format.h>
#include <memory>
#include <sys/stat.h>
#include <system_error>
#include <unistd.h>
#include <utility>

#include "experiments/console/usage_error.hpp"
#include "replay/environment/input_error.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using replay::visible;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

std::string message_of(int error) { return std::generic_category().message(error); }

File open_to_read(const std::string& path) {
  std::error_code unknown;
  const std::string shown = visible(path);
  if (fs::is_directory(path, unknown)) throw UsageError(fmt::format("{}: is a folder, not a file", shown));
  File file(std::fopen(path.c_str(), "rb"));
  if (!file) throw UsageError(fmt::format("{}: cannot be read: {}", shown, message_of(errno)));
  return file;
}

std::size_t line_at(std::string_view text, std::size_t offset) {
  const std::string_view before = text.substr(0, offset);
  return 1 + static_cast<std::size_t>(std::count(before.begin(), before.end(), '\n'));
}

[[noreturn]] void fail_to_write(const fs::path& path, int error) {
  throw std::system_error(error, std::generic_category(),
                          fmt::format("{}: cannot be written", visible(path.string())));
}

// A new file beside another one, removed again unless it was renamed over it.
class FileBeside {
 public:
  explicit FileBeside(fs::path path)
      : path_(std::move(path)), name_(fmt::format("{}.{}.tmp", path_.string(), ::getpid())) {
    ::unlink(name_.c_str());  // left by a process that was killed and had this number
    descriptor_ = ::open(name_.c_str(), O_WRONLY | O_CREAT | O_EXCL | O_CLOEXEC, 0666);
    if (descriptor_ < 0) fail_to_write(path_, errno);
  }
  ~FileBeside() {
    if (descriptor_ >= 0) ::close(descriptor_);
    if (!renamed_) ::unlink(name_.c_str());
  }
  FileBeside(const FileBeside&) = delete;
  FileBeside& operator=(const FileBeside&) = delete;

  void write(std::string_view bytes) {
    while (!bytes.empty()) {
      const ::ssize_t written = ::write(descriptor_, bytes.data(), bytes.size());
      if (written < 0 && errno == EINTR) continue;
      if (written < 0) fail_to_write(path_, errno);
      bytes.remove_prefix(static_cast<std::size_t>(written));
    }
  }

  void replace() {
    struct stat old {};
    if (::stat(path_.c_str(), &old) == 0 && ::fchmod(descriptor_, old.st_mode & 07777U) != 0) {
      fail_to_write(path_, errno);
    }
    if (::fsync(descriptor_) != 0) fail_to_write(path_, errno);
    const int closed = ::close(std::exchange(descriptor_, -1));
    if (closed != 0 || ::rename(name_.c_str(), path_.c_str()) != 0) fail_to_write(path_, errno);
    renamed_ = true;
  }

 private:
  fs::path path_;
  std::string name_;
  int descriptor_ = -1;
  bool renamed_ = false;
};

}  // namespace

std::string read_text(const std::string& path, std::size_t most_bytes) {
  const bool from_stdin = path == kStandardStream;
  const std::string shown = from_stdin ? "standard input" : visible(path);
  const File opened = from_stdin ? File() : open_to_read(path);
  std::FILE* const file = from_stdin ? stdin : opened.get();
  std::string text;
  std::array<char, 16384> piece{};
  while (text.size() <= most_bytes) {
    const std::size_t got = std::fread(piece.data(), 1, piece.size(), file);
    if (got == 0) break;
    text.append(piece.data(), got);
  }
  if (std::ferror(file) != 0) {
    throw UsageError(fmt::format("{}: cannot be read: {}", shown, message_of(errno)));
  }
  if (text.size() > most_bytes) {
    throw UsageError(fmt::format("{}: must have at most {} bytes, but goes on", shown, most_bytes));
  }
  if (const std::size_t nul = text.find('\0'); nul != std::string::npos) {
    throw UsageError(
        fmt::format("{}: line {}: must be UTF-8 text, found a NUL byte", shown, line_at(text, nul)));
  }
  if (const auto bad = first_not_utf8(text)) {
    throw UsageError(fmt::format("{}: line {}: must be UTF-8 text, found the byte 0x{:02x}", shown,
                                 line_at(text, *bad), static_cast<unsigned char>(text[*bad])));
  }
  return text;
}

std::optional<std::size_t> first_not_utf8(std::string_view text) {
  const auto byte = [&](std::size_t i) -> unsigned {
    return i < text.size() ? static_cast<unsigned char>(text[i]) : 0U;
  };
  for (std::size_t i = 0; i < text.size();) {
    const unsigned lead = byte(i);
    std::size_t more = 0;
    unsigned low = 0x80, high = 0xBF;  // what the second byte may be
    if (lead >= 0xC2 && lead <= 0xDF) more = 1;
    if (lead >= 0xE0 && lead <= 0xEF) more = 2;
    if (lead >= 0xF0 && lead <= 0xF4) more = 3;
    if (lead == 0xE0) low = 0xA0;   // nothing longer than needed
    if (lead == 0xED) high = 0x9F;  // no surrogates
    if (lead == 0xF0) low = 0x90;
    if (lead == 0xF4) high = 0x8F;  // nothing above U+10FFFF
    if (lead >= 0x80 && more == 0) return i;
    for (std::size_t k = 1; k <= more; ++k, low = 0x80, high = 0xBF) {
      if (byte(i + k) < low || byte(i + k) > high) return i;
    }
    i += 1 + more;
  }
  return std::nullopt;
}

std::string shown_path(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::path near = std::filesystem::proximate(path, error);
  return error || near.empty() || *near.begin() == ".." ? path.string() : near.string();
}

void write_whole(const fs::path& path, std::string_view bytes) {
  std::error_code unknown;
  const fs::path target = fs::is_symlink(path, unknown) ? fs::canonical(path) : path;
  FileBeside file(target);
  file.write(bytes);
  file.replace();
}

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    throw std::system_error(errno, std::generic_category(), "standard output cannot be written");
  }
}

void finish_printing() {
  if (std::fflush(stdout) != 0) {
    throw std::system_error(errno, std::generic_category(), "standard output cannot be written");
  }
}

}  // namespace experiments
