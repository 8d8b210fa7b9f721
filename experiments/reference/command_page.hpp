// command_page.hpp: the reference of the command line as a page of Markdown.
// Why:      docs/cli.md lists every command and option, made from what the commands declare.
// Use:      print(command_page(program));
// Promises: all commands, arguments, options, defaults and examples are there.
// Threads:  pure functions.
// Tests:    tests/experiments/reference/command_pages_test.cpp
#pragma once

#include <string>
#include <vector>

#include "experiments/reference/command_info.hpp"

namespace experiments {

// docs/cli.md.
std::string command_page(const CommandInfo& program);

// The section of one command.
std::string command_section(const CommandInfo& command);

struct ExitCode {
  int code;
  std::string meaning;
};
std::vector<ExitCode> exit_codes();

}  // namespace experiments
