// process.hpp: a command that goes on beside the test, so that it can be stopped at any moment.
// Why:      what a signal does shows only in a process of its own.
// Use:      Process process({tests::kEvotts, "resume", "a"}, folder);
//           process.signal(SIGKILL);
//           process.wait();
// Promises: its output goes to files in the folder, out.txt and err.txt. A process still there at the end of
//           the test is killed.
// Threads:  one test at a time.
#pragma once

#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace durability {

class Process {
 public:
  Process(std::vector<std::string> command, const std::filesystem::path& folder) {
    std::vector<char*> arguments;
    for (std::string& each : command) arguments.push_back(each.data());
    arguments.push_back(nullptr);
    for (const char* file : {"out.txt", "err.txt"}) std::filesystem::remove(folder / file);
    child_ = ::fork();
    if (child_ < 0) throw std::runtime_error("fork failed");
    if (child_ != 0) return;
    if (::chdir(folder.c_str()) != 0 || std::freopen("out.txt", "w", stdout) == nullptr ||
        std::freopen("err.txt", "w", stderr) == nullptr)
      ::_exit(126);
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
  }
  ~Process() {
    if (child_ <= 0) return;
    ::kill(child_, SIGKILL);
    ::waitpid(child_, nullptr, 0);
  }
  Process(const Process&) = delete;
  Process& operator=(const Process&) = delete;

  pid_t id() const { return child_; }
  void signal(int number) const { ::kill(child_, number); }

  // Its exit code; 128 and more: the signal that ended it.
  int wait() {
    int status = 0;
    ::waitpid(child_, &status, 0);
    return code_of(status);
  }

  // Likewise; it is killed where it takes longer.
  int wait_for(std::chrono::seconds longest) {
    const auto until = std::chrono::steady_clock::now() + longest;
    for (int status = 0; std::chrono::steady_clock::now() < until; ::usleep(20'000)) {
      if (::waitpid(child_, &status, WNOHANG) == child_) return code_of(status);
    }
    signal(SIGKILL);
    return wait();
  }

 private:
  int code_of(int status) {
    child_ = 0;
    return WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  }

  pid_t child_ = 0;
};

}  // namespace durability
