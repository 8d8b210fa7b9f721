#include "experiments/console/text_file.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <cstdio>
#include <fmt/format.h>
#include <memory>
#include <system_error>

#include "experiments/console/usage_error.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

namespace fs = std::filesystem;
using genome::base::visible;

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

std::string shown_path(const std::filesystem::path& path) {
  std::error_code error;
  const std::filesystem::path near = std::filesystem::proximate(path, error);
  const bool outside = error || near.empty() || *near.begin() == "..";
  return genome::base::one_line((outside ? path : near).string());
}

void print(std::string_view text) {
  if (std::fwrite(text.data(), 1, text.size(), stdout) != text.size()) {
    genome::base::fail_at("write", "standard output");
  }
}

void finish_printing() {
  if (std::fflush(stdout) != 0) {
    genome::base::fail_at("write", "standard output");
  }
}

}  // namespace experiments
