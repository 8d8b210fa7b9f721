// run_process.hpp: runs a program as a user does, and gives what came of it.
// Why:      exit codes, streams and files left behind are what people see of the command line.
// Use:      const tests::Ran ran = tests::run_process({tests::kEvotts, "check", "-"}, {.input = text});
//           EXPECT_EQ(ran.exit_code, 2) << ran.err;
// Promises: everything written is kept, however much; a program that a signal ended has 128 + its number.
//           Failures of the helper itself throw std::runtime_error.
// Threads:  call from one thread.
#pragma once

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <filesystem>
#include <map>
#include <memory>
#include <stdexcept>
#include <string>
#include <sys/wait.h>
#include <unistd.h>
#include <vector>

namespace tests {

struct Ran {
  int exit_code = -1;
  std::string out;
  std::string err;
};

struct ProcessOptions {
  std::string input;                             // for its standard input
  std::filesystem::path folder;                  // where it starts; here when empty
  std::map<std::string, std::string> variables;  // beside those of this process
  std::filesystem::path output;                  // a file for its standard output, instead of keeping it
};

namespace detail {

struct CloseFile {
  void operator()(std::FILE* file) const { std::fclose(file); }
};
using File = std::unique_ptr<std::FILE, CloseFile>;

// Files rather than pipes: neither side ever waits for the other.
inline File scratch_file(const std::string& content = "") {
  File file(std::tmpfile());
  if (!file || std::fwrite(content.data(), 1, content.size(), file.get()) != content.size()) {
    throw std::runtime_error("a scratch file cannot be written");
  }
  std::rewind(file.get());
  return file;
}

inline std::string content_of(std::FILE* file) {
  std::rewind(file);
  std::string content;
  std::array<char, 65536> piece{};
  while (const std::size_t got = std::fread(piece.data(), 1, piece.size(), file))
    content.append(piece.data(), got);
  return content;
}

// In the child, after fork.
[[noreturn]] inline void become(std::vector<char*>& arguments, const ProcessOptions& options,
                                const std::array<std::FILE*, 3>& streams) {
  for (int stream = 0; stream < 3; ++stream)
    ::dup2(::fileno(streams[static_cast<std::size_t>(stream)]), stream);
  if (!options.output.empty() && std::freopen(options.output.c_str(), "w", stdout) == nullptr) ::_exit(126);
  for (const auto& [name, value] : options.variables) ::setenv(name.c_str(), value.c_str(), 1);
  if (!options.folder.empty() && ::chdir(options.folder.c_str()) != 0) ::_exit(126);
  ::execv(arguments.front(), arguments.data());
  ::_exit(127);
}

}  // namespace detail

inline Ran run_process(std::vector<std::string> arguments, const ProcessOptions& options = {}) {
  std::vector<char*> pointers;
  for (std::string& argument : arguments) pointers.push_back(argument.data());
  pointers.push_back(nullptr);
  const detail::File in = detail::scratch_file(options.input);
  const detail::File out = detail::scratch_file();
  const detail::File err = detail::scratch_file();
  const pid_t child = ::fork();
  if (child < 0) throw std::runtime_error("fork failed");
  if (child == 0) detail::become(pointers, options, {in.get(), out.get(), err.get()});
  int status = 0;
  while (::waitpid(child, &status, 0) < 0) {
    if (errno != EINTR) throw std::runtime_error("waitpid failed");
  }
  const int code = WIFEXITED(status) ? WEXITSTATUS(status) : 128 + WTERMSIG(status);
  return {code, detail::content_of(out.get()), detail::content_of(err.get())};
}

}  // namespace tests
