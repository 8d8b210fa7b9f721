#include "experiments/console/text_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <stdio_ext.h>
#include <system_error>
#include <unistd.h>

#include "experiments/console/usage_error.hpp"
#include "experiments/terminal/live_line.hpp"
#include "genome/base/file.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using genome::base::visible;

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

int told_in_vain = 0;  // why, as errno

// A terminal's lines are written as they come, and a failure of that shows in the stream alone.
bool good(bool done) {
  if (done && std::ferror(stdout) == 0) return true;
  if (errno == 0) errno = EIO;
  return false;
}

bool written(std::string_view text) {
  clear_live_line();
  errno = 0;
  return good(std::fwrite(text.data(), 1, text.size(), stdout) == text.size());
}

bool flushed() {
  errno = 0;
  return good(std::fflush(stdout) == 0);
}

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

// As seen from the current folder, when the path lies in it.
fs::path near_path(const fs::path& path) {
  std::error_code error;
  const fs::path near = fs::proximate(path, error);
  const bool outside = error || near.empty() || *near.begin() == "..";
  return outside ? path : near;
}

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
  if (const auto bad = genome::base::first_not_utf8(text)) {
    throw UsageError(fmt::format("{}: line {}: must be UTF-8 text, found the byte 0x{:02x}", shown,
                                 line_at(text, *bad), static_cast<unsigned char>(text[*bad])));
  }
  return text;
}

std::string shown_path(const fs::path& path) { return genome::base::one_line(near_path(path).string()); }

std::string command_path(const fs::path& path, std::string_view behind) {
  return genome::base::shell_path(near_path(path), behind);
}

void print(std::string_view text) {
  if (!written(genome::base::harmless(text))) genome::base::fail_at("write", "standard output");
}

void print_exactly(std::string_view bytes) {
  if (isatty(STDOUT_FILENO) != 0) return print(bytes);
  if (!written(bytes)) genome::base::fail_at("write", "standard output");
}

void finish_printing() {
  if (!flushed()) genome::base::fail_at("write", "standard output");
}

void tell_on_the_way(std::string_view text) {
  if (told_in_vain != 0 || (written(genome::base::harmless(text)) && flushed())) return;
  told_in_vain = errno;
  ::__fpurge(stdout);  // what stays in the buffer would fail once more at the end
  std::clearerr(stdout);
}

void finish_telling() {
  errno = told_in_vain;
  if (told_in_vain != 0 && told_in_vain != EBADF) genome::base::fail_at("write", "standard output");
}

}  // namespace experiments
