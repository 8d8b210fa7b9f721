// pseudo_terminal.hpp: a program on a terminal of so many columns, and what it wrote there.
// Why:      whether output fits, and is free of escapes, shows on a terminal alone.
// Use:      const OnTerminal shown = run_on_terminal({tests::kEvotts, "run", ...}, folder, {.columns = 50});
// Promises: standard input, output and error are the terminal. Of the environment, LANG, LC_ALL, LC_CTYPE,
//           NO_COLOR, TERM and COLUMNS are those of the options.
// Threads:  one test at a time.
#pragma once

#include <cstdlib>
#include <filesystem>
#include <map>
#include <pty.h>
#include <string>
#include <sys/ioctl.h>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace tests {

struct TerminalOptions {
  unsigned short columns = 80;
  std::map<std::string, std::string> variables = {{"LANG", "C.UTF-8"}, {"TERM", "xterm"}};
};

struct OnTerminal {
  int exit_code = -1;
  std::string shown;

  // What stood on a line at some time: pieces between line ends and carriage returns.
  std::vector<std::string> lines() const {
    std::vector<std::string> all(1);
    for (const char c : shown) {
      if (c == '\n' || c == '\r')
        all.emplace_back();
      else
        all.back() += c;
    }
    return all;
  }
};

inline OnTerminal run_on_terminal(std::vector<std::string> command, const std::filesystem::path& folder,
                                  const TerminalOptions& options = {}) {
  std::vector<char*> arguments;
  for (std::string& each : command) arguments.push_back(each.data());
  arguments.push_back(nullptr);
  const struct winsize size { .ws_row = 24, .ws_col = options.columns, .ws_xpixel = 0, .ws_ypixel = 0 };
  int terminal = -1;
  const pid_t child = ::forkpty(&terminal, nullptr, nullptr, &size);
  if (child == 0) {
    for (const char* name : {"LANG", "LC_ALL", "LC_CTYPE", "NO_COLOR", "TERM", "COLUMNS"}) ::unsetenv(name);
    for (const auto& [name, value] : options.variables) ::setenv(name.c_str(), value.c_str(), 1);
    if (::chdir(folder.c_str()) != 0) ::_exit(126);
    ::execv(arguments.front(), arguments.data());
    ::_exit(127);
  }
  OnTerminal ran;
  std::string piece(4096, '\0');
  for (ssize_t got = 0; (got = ::read(terminal, piece.data(), piece.size())) > 0;)
    ran.shown.append(piece, 0, static_cast<std::size_t>(got));
  int status = 0;
  ::waitpid(child, &status, 0);
  ::close(terminal);
  ran.exit_code = WIFEXITED(status) ? WEXITSTATUS(status) : -1;
  return ran;
}

}  // namespace tests
