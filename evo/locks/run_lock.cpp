#include "evo/locks/run_lock.hpp"

#include <cerrno>
#include <chrono>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <sstream>
#include <string>
#include <sys/file.h>
#include <thread>
#include <unistd.h>
#include <utility>

#include "evo/base/access.hpp"
#include "evo/base/error.hpp"
#include "evo/base/run_file.hpp"
#include "genome/base/file.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

struct Owner {
  pid_t pid = 0;
  std::string start;
  bool operator==(const Owner&) const = default;
};

std::filesystem::path lock_file(const std::filesystem::path& run) { return run / ".git" / "evotts.lock"; }

constexpr std::size_t kMostOfALock = 4096;

// When the process started, in clock ticks after boot; empty when there is no such process. A process
// that has ended but was not waited for counts as gone: it writes no more.
std::string start_of(pid_t pid) {
  const std::string stat = genome::base::content_of(fmt::format("/proc/{}/stat", pid)).value_or("");
  // The second field is the name in parentheses and may itself hold blanks and parentheses.
  const std::size_t name_end = stat.rfind(')');
  if (name_end == std::string::npos) return {};
  std::istringstream fields(stat.substr(name_end + 1));
  std::string field;
  for (int number = 3; number <= 22 && fields >> field; ++number) {
    if (number == 3 && (field == "Z" || field == "X")) return {};
    if (number == 22) return field;
  }
  return {};
}

// Who the lock file names, if it names anyone.
std::optional<Owner> named_in(const std::filesystem::path& file) {
  std::istringstream text(small_file(file, kMostOfALock).value_or(""));
  Owner owner;
  std::string pid_word;
  std::string start_word;
  if (text >> pid_word >> owner.pid >> start_word >> owner.start && pid_word == "pid" &&
      start_word == "start" && owner.pid > 0) {
    return owner;
  }
  return std::nullopt;
}

std::optional<Owner> living_owner(const std::filesystem::path& file) {
  const auto owner = named_in(file);
  if (owner && start_of(owner->pid) == owner->start) return owner;
  return std::nullopt;
}

[[noreturn]] void refuse(const std::filesystem::path& run, const std::optional<Owner>& owner) {
  if (!owner) {
    throw RunError(fmt::format("{}: locked by another process; wait until it has ended",
                               genome::base::visible(run.string())));
  }
  throw RunError(
      fmt::format("{}: locked by process {}, which writes to this run; wait for it or stop it (kill {})",
                  genome::base::visible(run.string()), owner->pid, owner->pid));
}

// The holder writes its name just after it took the lock: give it a moment.
[[noreturn]] void refuse_naming_holder(const std::filesystem::path& run) {
  std::optional<Owner> owner;
  for (int attempt = 0; attempt < 20 && !owner; ++attempt) {
    owner = living_owner(lock_file(run));
    if (!owner) std::this_thread::sleep_for(std::chrono::milliseconds(10));
  }
  refuse(run, owner);
}

[[noreturn]] void fail(const char* operation, const std::filesystem::path& path) {
  throw StorageError(
      fmt::format("cannot {} {}: {}", operation, genome::base::visible(path.string()), std::strerror(errno)));
}

void write_owner(int file, const std::filesystem::path& path) {
  const std::string text = fmt::format("pid {}\nstart {}\n", getpid(), start_of(getpid()));
  if (ftruncate(file, 0) != 0) fail("write", path);
  std::size_t done = 0;
  while (done < text.size()) {
    const ssize_t wrote = pwrite(file, text.data() + done, text.size() - done, static_cast<off_t>(done));
    if (wrote < 0 && errno != EINTR) fail("write", path);
    if (wrote > 0) done += static_cast<std::size_t>(wrote);
  }
}

}  // namespace

RunLock::RunLock(const std::filesystem::path& run) {
  const std::filesystem::path path = lock_file(run);
  expect_writable(run);
  file_ = open_regular(path, O_RDWR | O_CREAT).release();
  if (file_ < 0) fail("open", path);
  try {
    if (flock(file_, LOCK_EX | LOCK_NB) != 0) {
      if (errno == EWOULDBLOCK) refuse_naming_holder(run);
      // No flock on this file system: the text decides.
      if (const auto owner = living_owner(path)) refuse(run, owner);
    }
    if (const auto before = named_in(path)) killed_ = before->pid;
    write_owner(file_, path);
  } catch (...) {
    close(file_);
    throw;
  }
}

RunLock::~RunLock() {
  if (file_ < 0) return;
  // Nobody can be told about a failure here, and one does no harm: the lock goes with the descriptor.
  [[maybe_unused]] const int ignored = ftruncate(file_, 0);
  close(file_);
}

RunLock::RunLock(RunLock&& other) noexcept : file_(std::exchange(other.file_, -1)), killed_(other.killed_) {}

RunLock& RunLock::operator=(RunLock&& other) noexcept {
  std::swap(file_, other.file_);
  std::swap(killed_, other.killed_);
  return *this;
}

bool RunLock::ever_taken(const std::filesystem::path& run) {
  std::error_code unknown;
  return std::filesystem::exists(lock_file(run), unknown);
}

std::optional<pid_t> RunLock::holder(const std::filesystem::path& run) {
  const auto owner = living_owner(lock_file(run));
  if (!owner) return std::nullopt;
  return owner->pid;
}

}  // namespace evo
