#include "llm_mutators/clients/child_process.hpp"

#include <cerrno>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <spawn.h>
#include <sys/wait.h>
#include <unistd.h>

#include "genome/base/check.hpp"
#include "genome/base/open_files.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/clients/pipe.hpp"

namespace llm_mutators {
namespace {

bool make_nonblocking(const genome::base::Descriptor& end) {
  const int flags = ::fcntl(end.number(), F_GETFL);
  return flags >= 0 && ::fcntl(end.number(), F_SETFL, flags | O_NONBLOCK) == 0;
}

// What posix_spawn is told: which descriptors, which group, no signal blocked or ignored.
class SpawnPlan {
 public:
  SpawnPlan(const Pipe& input, const Pipe& output, const Pipe& errors, pid_t group) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, input.read_end.number(), STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, output.write_end.number(), STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, errors.write_end.number(), STDERR_FILENO);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, STDERR_FILENO + 1);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGCHLD}) sigaddset(&usual, signal);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &usual);
    ::posix_spawnattr_setpgroup(&attributes_, group);
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  int spawn(pid_t& pid, const std::vector<std::string>& argv) const {
    std::vector<char*> arguments;
    for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    return ::posix_spawnp(&pid, arguments[0], &actions_, &attributes_, arguments.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

std::string why_not(const std::string& program, int error) {
  const std::string shown = genome::base::one_line(program);
  if (error == ENOENT && program.find('/') == std::string::npos)
    return fmt::format("there is no program '{}' in PATH", shown);
  if (error == ENOENT)
    return fmt::format("there is no program '{}', or what its first line names is not there", shown);
  return fmt::format("the program '{}' could not be started: {}", shown, std::strerror(error));
}

}  // namespace

std::expected<ChildProcess, std::string> ChildProcess::start(const std::vector<std::string>& argv) {
  EVOTTS_CHECK(!argv.empty());
  auto input = make_pipe(), output = make_pipe(), errors = make_pipe();
  if (!input || !output || !errors || !make_nonblocking(input->write_end) ||
      !make_nonblocking(output->read_end) || !make_nonblocking(errors->read_end)) {
    return std::unexpected(fmt::format("no pipe to the program '{}': {}{}", genome::base::one_line(argv[0]),
                                       std::strerror(errno), genome::base::open_files_advice()));
  }
  auto group = ProcessGroup::start();
  if (!group)
    return std::unexpected(fmt::format("no guard of the program '{}' could be started: {}{}",
                                       genome::base::one_line(argv[0]), std::strerror(group.error()),
                                       genome::base::open_files_advice()));
  ChildProcess child(std::move(*group));
  const int error = SpawnPlan(*input, *output, *errors, child.group_.id()).spawn(child.pid_, argv);
  if (error != 0) {
    child.pid_ = -1;
    return std::unexpected(why_not(argv[0], error));
  }
  child.group_.name_leader(child.pid_);
  child.input_ = std::move(input->write_end);
  child.output_ = std::move(output->read_end);
  child.errors_ = std::move(errors->read_end);
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : group_(std::move(other.group_)),
      pid_(std::exchange(other.pid_, -1)),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)) {}

ChildProcess::~ChildProcess() {
  if (pid_ <= 0) return;
  kill();
  while (::waitpid(pid_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

// The ended program stays unreaped until the object goes: so long its number cannot be given to anyone else,
// and kill() hits nobody but our own.
std::optional<ChildProcess::Exit> ChildProcess::ended() const {
  siginfo_t info{};
  if (::waitid(P_PID, static_cast<id_t>(pid_), &info, WEXITED | WNOHANG | WNOWAIT) != 0) {
    return errno == ECHILD ? std::optional(Exit{.code = -1})
                           : std::nullopt;  // somebody else has waited for it
  }
  if (info.si_pid == 0) return std::nullopt;
  return Exit{.by_signal = info.si_code != CLD_EXITED, .code = info.si_status};
}

void ChildProcess::kill() const {
  group_.kill();
  if (pid_ > 0) ::kill(pid_, SIGKILL);  // it may have left the group
}

}  // namespace llm_mutators
