#include "evo/base/run_file.hpp"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <fmt/format.h>
#include <sys/stat.h>
#include <unistd.h>

#include "evo/base/error.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;
using genome::base::Descriptor;

[[noreturn]] void refuse(const fs::path& file, const char* what) {
  throw RunError(fmt::format("{} is {}, not a regular file of the run; remove it",
                             genome::base::visible(file.string()), what));
}

std::size_t size_of(const Descriptor& file) {
  struct stat there {};
  return ::fstat(file.number(), &there) == 0 ? static_cast<std::size_t>(there.st_size) : 0;
}

// From where the file stands on.
std::string read_at_most(const Descriptor& file, std::size_t most) {
  std::string content(most, '\0');
  std::size_t done = 0;
  while (done < most) {
    const ssize_t count = ::read(file.number(), content.data() + done, most - done);
    if (count < 0 && errno == EINTR) continue;
    if (count <= 0) break;
    done += static_cast<std::size_t>(count);
  }
  content.resize(done);
  return content;
}

}  // namespace

Descriptor open_regular(const fs::path& file, int flags) {
  Descriptor opened(::open(file.c_str(), flags | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY | O_CLOEXEC, 0666));
  const int reason = errno;
  struct stat there {};
  if (opened.open() ? ::fstat(opened.number(), &there) == 0 : ::lstat(file.c_str(), &there) == 0) {
    if (S_ISLNK(there.st_mode)) refuse(file, "a symbolic link, which may lead out of the run");
    if (!S_ISREG(there.st_mode)) refuse(file, S_ISDIR(there.st_mode) ? "a folder" : "a pipe or a device");
  }
  errno = reason;
  return opened;
}

std::optional<std::string> small_file(const fs::path& file, std::size_t most) {
  const Descriptor opened = open_regular(file, O_RDONLY);
  if (!opened.open()) return std::nullopt;
  std::string content = read_at_most(opened, most + 1);
  if (content.size() <= most) return content;
  throw RunError(fmt::format("{} is larger than {} bytes", genome::base::visible(file.string()), most));
}

std::optional<std::string> end_of_file(const fs::path& file, std::size_t most) {
  const Descriptor opened = open_regular(file, O_RDONLY);
  if (!opened.open()) return std::nullopt;
  const std::size_t size = size_of(opened);
  if (size > most) ::lseek(opened.number(), static_cast<off_t>(size - most), SEEK_SET);
  return read_at_most(opened, most);
}

void add_line(const fs::path& file, std::string_view line) {
  const Descriptor opened = open_regular(file, O_WRONLY | O_APPEND | O_CREAT);
  if (!opened.open()) return;
  const std::string text = fmt::format("{}\n", line);
  [[maybe_unused]] const ssize_t ignored = ::write(opened.number(), text.data(), text.size());
}

}  // namespace evo
