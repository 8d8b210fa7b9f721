// The script for fish: a line for each command, option and argument.
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/reference/completion.hpp"

namespace experiments::detail {
namespace {

constexpr std::string_view kBegin = R"(# Completion of evotts in fish; made by: evotts completion fish
function __evotts_at
    set -l commands {}
    set -l path
    for word in (commandline -opc)[2..-1]
        contains -- (string join ' ' -- $path $word) $commands; or break
        set -a path $word
    end
    test "$path" = "$argv"
end
complete -c evotts -f
)";

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + "'";
}

std::string value_of(const OptionInfo& option) {
  const std::vector<std::string> words = offered(option);
  if (words.empty()) return " -r -F";
  const bool only = !option.words().empty();
  return fmt::format(" {} -a {}", only ? "-x" : "-r -F", quoted(fmt::format("{}", fmt::join(words, " "))));
}

std::string lines_of(const CommandInfo& command) {
  const std::string at =
      fmt::format("complete -c evotts -n {}", quoted("__evotts_at " + command.short_name()));
  std::string out;
  for (const CommandInfo& each : command.commands)
    out +=
        fmt::format("{} -a {} -d {}\n", at, each.name.substr(each.name.rfind(' ') + 1), quoted(each.about));
  for (const OptionInfo& option : command.options) {
    std::string names;
    for (const std::string& name : option.names)
      names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    out += fmt::format("{}{}{} -d {}\n", at, names, option.value.empty() ? "" : value_of(option),
                       quoted(option.meaning));
  }
  for (const OptionInfo& argument : command.arguments) {
    const std::vector<std::string> words = offered(argument);
    const std::string list = words.empty() ? "" : " -a " + quoted(fmt::format("{}", fmt::join(words, " ")));
    out += fmt::format("{}{}{}\n", at, argument.words().empty() ? " -F" : "", list);
  }
  return out;
}

}  // namespace

std::string fish_script(const CommandInfo& program) {
  std::vector<std::string> names;
  std::string lines;
  for (const CommandInfo* command : all_commands(program)) {
    if (command != &program) names.push_back(quoted(command->short_name()));
    lines += lines_of(*command);
  }
  return fmt::format(kBegin, fmt::join(names, " ")) + lines;
}

}  // namespace experiments::detail
