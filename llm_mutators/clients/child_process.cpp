#include "llm_mutators/clients/child_process.hpp"

#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstring>
#include <fcntl.h>
#include <fmt/format.h>
#include <poll.h>
#include <spawn.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>

#include "genome/base/check.hpp"
#include "genome/base/open_files.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/clients/guard.hpp"
#include "llm_mutators/clients/pipe.hpp"

namespace llm_mutators {
namespace {

constexpr int kGlance = 50;  // milliseconds

bool make_nonblocking(const genome::base::Descriptor& end) {
  const int flags = ::fcntl(end.number(), F_GETFL);
  return flags >= 0 && ::fcntl(end.number(), F_SETFL, flags | O_NONBLOCK) == 0;
}

// What posix_spawn is told: which descriptors, a group of its own, no signal blocked or ignored.
class SpawnPlan {
 public:
  // The sources lie above the standard streams; the one for kGuardControl is taken last, for one of the
  // others may have that number.
  SpawnPlan(int input, int output, int errors, int control) {
    ::posix_spawn_file_actions_init(&actions_);
    ::posix_spawn_file_actions_adddup2(&actions_, input, STDIN_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, output, STDOUT_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, errors, STDERR_FILENO);
    ::posix_spawn_file_actions_adddup2(&actions_, control, kGuardControl);
    ::posix_spawn_file_actions_addclosefrom_np(&actions_, kGuardControl + 1);
    ::posix_spawnattr_init(&attributes_);
    sigset_t none, usual;
    sigemptyset(&none);
    sigemptyset(&usual);
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGPIPE, SIGTERM, SIGCHLD}) sigaddset(&usual, signal);
    ::posix_spawnattr_setsigmask(&attributes_, &none);
    ::posix_spawnattr_setsigdefault(&attributes_, &usual);
    ::posix_spawnattr_setpgroup(&attributes_, 0);
    ::posix_spawnattr_setflags(&attributes_,
                               POSIX_SPAWN_SETPGROUP | POSIX_SPAWN_SETSIGMASK | POSIX_SPAWN_SETSIGDEF);
  }
  ~SpawnPlan() {
    ::posix_spawn_file_actions_destroy(&actions_);
    ::posix_spawnattr_destroy(&attributes_);
  }
  SpawnPlan(const SpawnPlan&) = delete;
  SpawnPlan& operator=(const SpawnPlan&) = delete;

  // 0, or an error of errno.
  int spawn(pid_t& pid, const char* program, const std::vector<std::string>& argv) const {
    std::vector<char*> arguments;
    for (const std::string& argument : argv) arguments.push_back(const_cast<char*>(argument.c_str()));
    arguments.push_back(nullptr);
    return ::posix_spawn(&pid, program, &actions_, &attributes_, arguments.data(), environ);
  }

 private:
  posix_spawn_file_actions_t actions_{};
  posix_spawnattr_t attributes_{};
};

struct ControlPair {
  genome::base::Descriptor ours, guards;
};

// Nothing when there are too many open files; errno tells.
std::optional<ControlPair> make_control_pair() {
  int ends[2] = {-1, -1};
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0) return std::nullopt;
  ControlPair pair{above_standard_streams(genome::base::Descriptor(ends[0])),
                   above_standard_streams(genome::base::Descriptor(ends[1]))};
  if (!pair.ours.open() || !pair.guards.open()) return std::nullopt;
  return pair;
}

// Nothing when the guard is gone, or when there is no report yet.
std::optional<GuardReport> next_report(const genome::base::Descriptor& control, bool& gone) {
  GuardReport report;
  ssize_t count = 0;
  while ((count = ::recv(control.number(), &report, sizeof report, MSG_DONTWAIT)) < 0 && errno == EINTR) {
  }
  gone = count == 0 || (count < 0 && errno != EAGAIN);
  return count == sizeof report ? std::optional(report) : std::nullopt;
}

// Whether the command was started. The command may stop its guard before that has said so.
std::optional<GuardReport> first_report(const genome::base::Descriptor& control, pid_t guard) {
  std::optional<GuardReport> report;
  for (bool gone = false; !report && !gone; report = next_report(control, gone)) {
    pollfd said{control.number(), POLLIN, 0};
    while (::poll(&said, 1, kGlance) <= 0) ::kill(guard, SIGCONT);
  }
  return report;
}

bool is_passing(int error) {
  return error == EMFILE || error == ENFILE || error == EAGAIN || error == ENOMEM;
}

ChildProcess::Failure failure(std::string_view what, const std::string& program, int error) {
  const std::string said = std::strerror(error);
  return {fmt::format("{} '{}': {}{}", what, genome::base::one_line(program), said,
                      genome::base::open_files_advice(said)),
          is_passing(error)};
}

ChildProcess::Failure why_not(const std::string& program, int error) {
  const std::string shown = genome::base::one_line(program);
  if (error == ENOENT && program.find('/') == std::string::npos)
    return {fmt::format("there is no program '{}' in PATH", shown)};
  if (error == ENOENT)
    return {fmt::format("there is no program '{}', or what its first line names is not there", shown)};
  return {fmt::format("the program '{}' could not be started: {}", shown, std::strerror(error)),
          is_passing(error)};
}

}  // namespace

std::expected<ChildProcess, ChildProcess::Failure> ChildProcess::start(const std::vector<std::string>& argv) {
  EVOTTS_CHECK(!argv.empty());
  auto input = make_pipe(), output = make_pipe(), errors = make_pipe();
  auto control = make_control_pair();
  if (!input || !output || !errors || !control || !make_nonblocking(input->write_end) ||
      !make_nonblocking(output->read_end) || !make_nonblocking(errors->read_end)) {
    return std::unexpected(failure("no pipe to the program", argv[0], errno));
  }
  ControlGroup group = ControlGroup::made();
  pid_t guard = -1;
  const int error = SpawnPlan(input->read_end.number(), output->write_end.number(),
                              errors->write_end.number(), control->guards.number())
                        .spawn(guard, kGuardProgram, guard_arguments(argv, group.folder()));
  if (error != 0) {
    group.remove();
    return std::unexpected(failure("no guard of the program", argv[0], error));
  }
  ChildProcess child(guard, std::move(control->ours), std::move(group));
  control->guards.close();
  const auto report = first_report(child.control_, guard);
  if (!report)
    return std::unexpected(Failure{
        fmt::format("the guard of the program '{}' was ended", genome::base::one_line(argv[0])), true});
  if (report->kind != GuardReport::kStarted) return std::unexpected(why_not(argv[0], report->value));
  child.input_ = std::move(input->write_end);
  child.output_ = std::move(output->read_end);
  child.errors_ = std::move(errors->read_end);
  return child;
}

ChildProcess::ChildProcess(ChildProcess&& other) noexcept
    : guard_(std::exchange(other.guard_, -1)),
      control_(std::move(other.control_)),
      group_(std::exchange(other.group_, ControlGroup({}))),
      ended_(other.ended_),
      input_(std::move(other.input_)),
      output_(std::move(other.output_)),
      errors_(std::move(other.errors_)) {}

// The guard ends when its work is done. It is not waited for without end: what a command can kill, it can
// stop as well.
ChildProcess::~ChildProcess() {
  if (guard_ <= 0) return;
  ::shutdown(control_.number(), SHUT_WR);
  ::kill(guard_, SIGCONT);
  const auto deadline = std::chrono::steady_clock::now() + 2 * kGuardPatience;
  for (bool gone = false; !gone && std::chrono::steady_clock::now() < deadline;) {
    pollfd end{control_.number(), POLLIN, 0};
    if (::poll(&end, 1, 100) > 0) next_report(control_, gone);
  }
  control_.close();
  ::kill(guard_, SIGKILL);
  while (::waitpid(guard_, nullptr, 0) < 0 && errno == EINTR) {
  }
  // what a guard that was killed has left
  group_.kill();
  group_.remove();
}

std::optional<ChildProcess::Exit> ChildProcess::ended() {
  if (ended_) return ended_;
  ::kill(guard_, SIGCONT);  // the command may have stopped it
  bool gone = false;
  if (const auto report = next_report(control_, gone))
    ended_ = Exit{.by_signal = report->kind == GuardReport::kEndedBySignal, .code = report->value};
  else if (gone)
    ended_ = Exit{.code = -1};
  return ended_;
}

}  // namespace llm_mutators
