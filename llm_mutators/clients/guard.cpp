#include "llm_mutators/clients/guard.hpp"

#include <array>
#include <cerrno>
#include <csignal>
#include <fcntl.h>
#include <optional>
#include <poll.h>
#include <string_view>
#include <sys/prctl.h>
#include <sys/signalfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <unistd.h>
#include <utility>

#include "genome/base/descriptor.hpp"
#include "genome/base/file.hpp"
#include "llm_mutators/clients/control_group.hpp"
#include "llm_mutators/clients/descendants.hpp"
#include "llm_mutators/clients/pipe.hpp"

namespace llm_mutators {
namespace {

constexpr std::string_view kName = "evotts-guard";
constexpr std::string_view kOption = "--command";  // a loader started in our stead refuses it

class Guard {
 public:
  explicit Guard(ControlGroup group) : group_(std::move(group)) {}

  // Only returns when all is over.
  void watch(std::vector<std::string> command) {
    ::prctl(PR_SET_NAME, kName.data());
    ::prctl(PR_SET_CHILD_SUBREAPER, 1);
    ::fcntl(kGuardControl, F_SETFD, FD_CLOEXEC);
    hold_signals();
    const int error = start(command);
    if (error == 0) {
      leave_streams();
      report({GuardReport::kStarted, 0});
      wait_for_an_end();
    }
    group_.kill();
    end_descendants(kGuardPatience, [this](pid_t pid, int status) { reaped(pid, status); });
    group_.remove();
    if (error != 0)
      report({GuardReport::kNotStarted, error});
    else if (status_)
      report_end(*status_);
  }

 private:
  // What is sent to a whole session must not end the guard; the ends of children are waited for.
  void hold_signals() {
    sigemptyset(&held_);
    for (const int signal : {SIGHUP, SIGINT, SIGQUIT, SIGTERM, SIGPIPE, SIGCHLD, SIGTSTP, SIGTTIN, SIGTTOU})
      sigaddset(&held_, signal);
    ::sigprocmask(SIG_BLOCK, &held_, nullptr);
  }

  // 0, or why the command was not started.
  int start(std::vector<std::string>& command) {
    children_ = genome::base::Descriptor(::signalfd(-1, &held_, SFD_CLOEXEC | SFD_NONBLOCK));
    if (!children_.open()) return errno;
    auto failure = make_pipe();
    if (!failure) return errno;
    const pid_t leader = group_leader();
    if (leader < 0) return errno;
    const pid_t guard = ::getpid();
    command_ = ::fork();
    if (command_ < 0) return errno;
    if (command_ == 0) {
      const int error = become(command, guard, leader);
      [[maybe_unused]] const ssize_t ignored = ::write(failure->write_end.number(), &error, sizeof error);
      ::_exit(127);
    }
    failure->write_end.close();
    int error = 0;
    ssize_t count = 0;
    while ((count = ::read(failure->read_end.number(), &error, sizeof error)) < 0 && errno == EINTR) {
    }
    ::waitpid(leader, nullptr, 0);
    return count == sizeof error ? error : 0;
  }

  // A process that leads a group and has ended. The command joins that group: in the guard's own, `kill -9 0`
  // would end the guard; as a leader itself, `setsid model` would start the model beside it and end.
  static pid_t group_leader() {
    const pid_t leader = ::fork();
    if (leader == 0) {
      ::setpgid(0, 0);
      ::_exit(0);
    }
    siginfo_t ended{};
    while (leader > 0 && ::waitid(P_PID, static_cast<id_t>(leader), &ended, WEXITED | WNOWAIT) != 0 &&
           errno == EINTR) {
    }
    return leader;  // not waited for yet: so long the group is there
  }

  // Only returns, with an error of errno, when there is no such program.
  int become(std::vector<std::string>& command, pid_t guard, pid_t leader) const {
    ::setpgid(0, leader);
    ::prctl(PR_SET_PDEATHSIG, SIGKILL);
    if (::getppid() != guard) return ESRCH;  // it ended before the line above
    group_.join();
    ::sigprocmask(SIG_UNBLOCK, &held_, nullptr);
    std::vector<char*> arguments;
    for (std::string& argument : command) arguments.push_back(argument.data());
    arguments.push_back(nullptr);
    ::execvp(arguments[0], arguments.data());
    return errno;
  }

  // The streams are the command's alone: they end with it.
  static void leave_streams() {
    const int nothing = ::open("/dev/null", O_RDWR | O_CLOEXEC);
    for (const int stream : {STDIN_FILENO, STDOUT_FILENO, STDERR_FILENO}) {
      if (nothing >= 0)
        ::dup2(nothing, stream);
      else
        ::close(stream);
    }
  }

  // Until the command has ended or nobody wants it any more.
  void wait_for_an_end() {
    while (!status_) {
      std::array<pollfd, 2> watched = {pollfd{kGuardControl, POLLIN, 0},
                                       pollfd{children_.number(), POLLIN, 0}};
      ::poll(watched.data(), watched.size(), -1);
      if (watched[0].revents != 0) return;
      signalfd_siginfo told;
      while (::read(children_.number(), &told, sizeof told) == sizeof told) {
      }
      int status = 0;
      for (pid_t pid; (pid = ::waitpid(-1, &status, WNOHANG)) > 0;) reaped(pid, status);
    }
  }

  void reaped(pid_t pid, int status) {
    if (pid == command_) status_ = status;
  }

  static void report_end(int status) {
    if (WIFEXITED(status))
      report({GuardReport::kExited, WEXITSTATUS(status)});
    else
      report({GuardReport::kEndedBySignal, WTERMSIG(status)});
  }

  static void report(GuardReport report) { ::send(kGuardControl, &report, sizeof report, MSG_NOSIGNAL); }

  sigset_t held_{};
  ControlGroup group_;
  genome::base::Descriptor children_;  // readable when one has ended
  pid_t command_ = -1;
  std::optional<int> status_;  // of the command, as waitpid gives it
};

std::vector<std::string> own_arguments() {
  std::vector<std::string> arguments;
  const auto text = genome::base::content_of("/proc/self/cmdline");
  if (!text) return arguments;
  std::size_t from = 0;
  for (std::size_t end; (end = text->find('\0', from)) != std::string::npos; from = end + 1)
    arguments.push_back(text->substr(from, end - from));
  return arguments;
}

// Whether the control is what a program that starts a guard gives it, and that program is still there.
bool started_by_parent() {
  int type = 0;
  ucred peer{};
  socklen_t type_size = sizeof type, peer_size = sizeof peer;
  return ::getsockopt(kGuardControl, SOL_SOCKET, SO_TYPE, &type, &type_size) == 0 && type == SOCK_SEQPACKET &&
         ::getsockopt(kGuardControl, SOL_SOCKET, SO_PEERCRED, &peer, &peer_size) == 0 &&
         peer.pid == ::getppid();
}

// Before the first static object of the program is made: the guard needs none.
[[gnu::constructor(101)]] void be_the_guard_if_so_named() {
  if (program_invocation_name != kName) return;
  const std::vector<std::string> arguments = own_arguments();
  if (arguments.size() < 4 || arguments[1] != kOption || !started_by_parent()) return;
  Guard(ControlGroup(arguments[2])).watch({arguments.begin() + 3, arguments.end()});
  ::_exit(0);
}

}  // namespace

std::vector<std::string> guard_arguments(const std::vector<std::string>& command, const std::string& group) {
  std::vector<std::string> arguments = {std::string(kName), std::string(kOption), group};
  arguments.insert(arguments.end(), command.begin(), command.end());
  return arguments;
}

}  // namespace llm_mutators
