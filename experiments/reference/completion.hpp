// completion.hpp: scripts by which shells complete the words of a command line.
// Why:      the program knows its commands, options and values; a script written by hand falls behind.
// Use:      print(completion_script(Shell::kBash, program));
// Promises: every command and option is there. Values of a few words, names of controllers, keys of
//           experiment files and words of the language are offered; elsewhere files are.
// Threads:  pure functions.
// Tests:    tests/experiments/reference/completion_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <string>
#include <string_view>
#include <vector>

#include "experiments/reference/command_info.hpp"

namespace experiments {

enum class Shell : std::uint8_t { kBash, kZsh, kFish };

std::vector<std::string> shell_names();
std::optional<Shell> shell_named(std::string_view name);

std::string completion_script(Shell shell, const CommandInfo& program);

namespace detail {
std::string bash_script(const CommandInfo& program);
std::string zsh_script(const CommandInfo& program);
std::string fish_script(const CommandInfo& program);
}  // namespace detail

}  // namespace experiments
