#include "llm_mutators/journal/durable_file.hpp"

#include <cerrno>
#include <cstdio>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <fstream>
#include <iterator>
#include <unistd.h>

#include "genome/base/descriptor.hpp"

namespace llm_mutators {
namespace {

namespace fs = std::filesystem;

[[noreturn]] void fail(const fs::path& path, std::string_view operation) {
  throw JournalError(fmt::format("{}: cannot {}: {}", path.string(), operation, std::strerror(errno)));
}

void make_folder(const fs::path& folder) {
  std::error_code error;
  fs::create_directories(folder, error);
  if (error)
    throw JournalError(fmt::format("{}: cannot make the folder: {}", folder.string(), error.message()));
}

void sync_folder(const fs::path& folder) {
  const genome::base::Descriptor descriptor(::open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC));
  if (!descriptor.open() || ::fsync(descriptor.number()) != 0) fail(folder, "sync the folder");
}

}  // namespace

void write_durably(const fs::path& path, std::string_view text) {
  make_folder(path.parent_path());
  fs::path half = path;
  half += ".half";
  {
    const genome::base::Descriptor file(::open(half.c_str(), O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0644));
    if (!file.open()) fail(half, "make the file");
    while (!text.empty()) {
      const ssize_t count = ::write(file.number(), text.data(), text.size());
      if (count < 0 && errno == EINTR) continue;
      if (count <= 0) fail(half, "write");
      text.remove_prefix(static_cast<std::size_t>(count));
    }
    if (::fsync(file.number()) != 0) fail(half, "sync");
  }
  if (std::rename(half.c_str(), path.c_str()) != 0) fail(path, "put the record in its place");
  sync_folder(path.parent_path());
}

std::optional<std::string> content_of(const fs::path& path) {
  std::ifstream in(path, std::ios::binary);
  if (!in) return std::nullopt;
  return std::string{std::istreambuf_iterator<char>(in), {}};
}

}  // namespace llm_mutators
