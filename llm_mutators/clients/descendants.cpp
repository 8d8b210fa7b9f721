#include "llm_mutators/clients/descendants.hpp"

#include <algorithm>
#include <cerrno>
#include <charconv>
#include <csignal>
#include <filesystem>
#include <string>
#include <string_view>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>
#include <vector>

#include "genome/base/file.hpp"

namespace llm_mutators {
namespace {

using std::chrono::milliseconds;

constexpr int kMostEnded = 1000;

// The fourth field of /proc/PID/stat; the second, the program's name in parentheses, may hold anything.
pid_t parent_in(std::string_view stat) {
  const auto name_end = stat.rfind(") ");
  pid_t parent = -1;
  if (name_end == std::string_view::npos || name_end + 4 > stat.size()) return parent;
  const std::string_view rest = stat.substr(name_end + 4);  // behind the state's letter and a blank
  std::from_chars(rest.data(), rest.data() + rest.size(), parent);
  return parent;
}

std::vector<pid_t> children() {
  std::vector<pid_t> found;
  std::error_code error;
  const std::filesystem::directory_iterator none;
  for (std::filesystem::directory_iterator entry("/proc", error); !error && entry != none;
       entry.increment(error)) {
    const std::string name = entry->path().filename();
    pid_t pid = -1;
    const auto [end, bad] = std::from_chars(name.data(), name.data() + name.size(), pid);
    if (bad != std::errc{} || end != name.data() + name.size()) continue;
    const auto stat = genome::base::content_of(entry->path() / "stat");
    if (stat && parent_in(*stat) == ::getpid()) found.push_back(pid);
  }
  return found;
}

}  // namespace

bool end_descendants(milliseconds patience, const std::function<void(pid_t, int)>& reaped) {
  const auto deadline = std::chrono::steady_clock::now() + patience;
  for (milliseconds pause(1);; pause = std::min(2 * pause, milliseconds(50))) {
    int status = 0;
    pid_t pid = 0;
    // no more at a time, for others may be started meanwhile
    for (int ended = 0; ended < kMostEnded && (pid = ::waitpid(-1, &status, WNOHANG)) > 0; ++ended)
      reaped(pid, status);
    if (pid < 0 && errno == ECHILD) return true;
    if (std::chrono::steady_clock::now() > deadline) return false;
    for (const pid_t child : children()) ::kill(child, SIGKILL);
    std::this_thread::sleep_for(pause);
  }
}

}  // namespace llm_mutators
