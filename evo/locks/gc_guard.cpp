#include "evo/locks/gc_guard.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <sstream>
#include <string>
#include <string_view>
#include <sys/stat.h>
#include <thread>
#include <unistd.h>

#include "evo/base/error.hpp"
#include "evo/base/run_file.hpp"
#include "genome/base/file.hpp"
#include "genome/base/shell_word.hpp"
#include "genome/base/text.hpp"

namespace evo {
namespace {

namespace fs = std::filesystem;

constexpr const char* kName = "gc.pid";
constexpr std::string_view kMark = "evotts";  // behind what git reads
constexpr std::size_t kMost = 4096;
constexpr auto kTrusted = std::chrono::hours(12);  // by git, after it was last touched
constexpr auto kPause = std::chrono::milliseconds(20);

std::string host_name() {
  std::array<char, 256> name{};
  if (gethostname(name.data(), name.size() - 1) != 0) return "unknown";
  return name.data();
}

struct Collector {
  pid_t pid = 0;
  std::string host;
};

// The process, other than a writer of this run, that collects garbage here and may be alive.
std::optional<Collector> collector_of(const fs::path& file, std::optional<pid_t> killed) {
  std::istringstream in(small_file(file, kMost).value_or(""));
  Collector found;
  std::string mark;
  if (!(in >> found.pid >> found.host) || found.pid <= 0 || found.pid == killed) return std::nullopt;
  if (in >> mark && mark == kMark) return std::nullopt;
  std::error_code missing;
  const auto written = fs::last_write_time(file, missing);
  if (missing || fs::file_time_type::clock::now() - written > kTrusted) return std::nullopt;
  const bool lives = found.host != host_name() || kill(found.pid, 0) == 0 || errno == EPERM;
  return lives ? std::optional(found) : std::nullopt;
}

}  // namespace

GcGuard::GcGuard(const fs::path& run, std::optional<pid_t> killed, std::chrono::milliseconds patience) {
  const fs::path folder = run / ".git", file = folder / kName;
  const auto until = std::chrono::steady_clock::now() + patience;
  while (const auto collector = collector_of(file, killed)) {
    if (std::chrono::steady_clock::now() > until) {
      throw RunError(
          fmt::format("{}: git collects garbage in this run (process {} on {}); wait until it has "
                      "ended, or if it was killed: rm {}",
                      genome::base::visible(run.string()), collector->pid,
                      genome::base::visible(collector->host), genome::base::shell_path(file)));
    }
    std::this_thread::sleep_for(kPause);
  }
  const fs::path fresh = folder / "evotts.gc";
  genome::base::OutputFile out(fresh);
  out.write(fmt::format("{} {} {}", getpid(), host_name(), kMark));
  out.close();
  folder_ = open(folder.c_str(), O_RDONLY | O_DIRECTORY | O_CLOEXEC);
  if (folder_ < 0) genome::base::fail_at("open", folder);
  std::error_code failed;
  fs::rename(fresh, file, failed);
  if (failed) {
    close(folder_);
    throw StorageError(
        fmt::format("cannot replace {}: {}", genome::base::visible(file.string()), failed.message()));
  }
}

GcGuard::~GcGuard() {
  unlinkat(folder_, kName, 0);  // where that fails the file names a process that is soon gone
  close(folder_);
}

void GcGuard::keep() const {
  utimensat(folder_, kName, nullptr, 0);  // where that fails the guard ends after hours, and no sooner
}

}  // namespace evo
