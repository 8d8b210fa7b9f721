#include "llm_mutators/clients/process_group.hpp"

#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <fmt/format.h>
#include <paths.h>
#include <spawn.h>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "llm_mutators/clients/pipe.hpp"

namespace llm_mutators {
namespace {

// A command that ends its own group politely must not end its guard.
constexpr const char* kGuard = "trap '' HUP INT QUIT TERM PIPE; read -r pid; read -r end; kill -KILL $pid 0";

int spawn_guard(pid_t& guard, const genome::base::Descriptor& waits_on) {
  posix_spawn_file_actions_t actions;
  ::posix_spawn_file_actions_init(&actions);
  ::posix_spawn_file_actions_adddup2(&actions, waits_on.number(), STDIN_FILENO);
  for (const int stream : {STDOUT_FILENO, STDERR_FILENO})
    ::posix_spawn_file_actions_addopen(&actions, stream, _PATH_DEVNULL, O_WRONLY, 0);
  ::posix_spawn_file_actions_addclosefrom_np(&actions, STDERR_FILENO + 1);
  posix_spawnattr_t attributes;
  ::posix_spawnattr_init(&attributes);
  sigset_t none;
  sigemptyset(&none);
  ::posix_spawnattr_setsigmask(&attributes, &none);
  ::posix_spawnattr_setpgroup(&attributes, 0);
  ::posix_spawnattr_setflags(&attributes, POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK);
  std::string shell = "sh", option = "-c", script = kGuard;
  char* const arguments[] = {shell.data(), option.data(), script.data(), nullptr};
  char* const no_environment[] = {nullptr};
  const int error = ::posix_spawn(&guard, _PATH_BSHELL, &actions, &attributes, arguments, no_environment);
  ::posix_spawnattr_destroy(&attributes);
  ::posix_spawn_file_actions_destroy(&actions);
  return error;
}

}  // namespace

std::expected<ProcessGroup, int> ProcessGroup::start() {
  auto lifeline = make_pipe();
  if (!lifeline) return std::unexpected(errno);
  pid_t guard = -1;
  if (const int error = spawn_guard(guard, lifeline->read_end); error != 0) return std::unexpected(error);
  return ProcessGroup(guard, std::move(lifeline->write_end));
}

ProcessGroup::ProcessGroup(pid_t guard, genome::base::Descriptor lifeline)
    : guard_(guard), lifeline_(std::move(lifeline)) {}

ProcessGroup::ProcessGroup(ProcessGroup&& other) noexcept
    : guard_(std::exchange(other.guard_, -1)), lifeline_(std::move(other.lifeline_)) {}

ProcessGroup::~ProcessGroup() {
  if (guard_ <= 0) return;
  kill();
  while (::waitpid(guard_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

void ProcessGroup::name_leader(pid_t pid) const {
  const std::string line = fmt::format("{}\n", pid);
  [[maybe_unused]] const ssize_t ignored = ::write(lifeline_.number(), line.data(), line.size());
}

void ProcessGroup::kill() const { ::kill(-guard_, SIGKILL); }

}  // namespace llm_mutators
