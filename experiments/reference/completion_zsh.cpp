// The script for zsh: a function for each command, by _arguments.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/reference/completion.hpp"

namespace experiments::detail {
namespace {

constexpr std::string_view kEnd = R"(
if [[ $funcstack[1] == _evotts ]]; then
  _evotts "$@"
else
  compdef _evotts evotts
fi
)";

// Between single quotes, within brackets or behind a colon.
std::string escaped(std::string_view text) {
  std::string out;
  for (const char c : text) {
    if (c == '\'')
      out += "'\\''";
    else if (c == '[' || c == ']' || c == ':' || c == '\\')
      out += {'\\', c};
    else
      out += c == '\n' ? ' ' : c;
  }
  return out;
}

std::string function_of(const CommandInfo& command) {
  std::string name = "_" + command.name;
  std::ranges::replace(name, ' ', '_');
  return name;
}

// What completes a value: a few words, or files.
std::string action_of(const OptionInfo& option) {
  const std::vector<std::string> words = offered(option);
  if (words.empty()) return "_files";
  const bool also_files = option.words().empty() && words.front().find_first_of(".=") == std::string::npos;
  const std::string list = fmt::format("{}", fmt::join(words, " "));
  return also_files ? fmt::format("{{ compadd -- {}; _files }}", list) : fmt::format("({})", list);
}

std::string spec_of(const OptionInfo& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.names)
    names.push_back(name + (option.value.empty() ? "" : name.starts_with("--") ? "=" : "+"));
  const std::string value =
      option.value.empty() ? "" : fmt::format(":{}:{}", escaped(option.value), action_of(option));
  const std::string text = fmt::format("'[{}]{}'", escaped(option.meaning), value);
  const std::string repeated = option.many ? "'*'" : fmt::format("'({})'", fmt::join(option.names, " "));
  return names.size() == 1 ? fmt::format("{}{}{}", repeated, names.front(), text)
                           : fmt::format("{}{{{}}}{}", repeated, fmt::join(names, ","), text);
}

std::string function(const CommandInfo& command) {
  std::vector<std::string> specs;
  for (const OptionInfo& option : command.options) specs.push_back(spec_of(option));
  for (const OptionInfo& argument : command.arguments) {
    specs.push_back(fmt::format("'{}:{}:{}'", argument.many ? "*" : "", escaped(argument.names.front()),
                                action_of(argument)));
  }
  std::string body = fmt::format("  _arguments {}\n", fmt::join(specs, " \\\n    "));
  if (command.commands.empty()) return fmt::format("{}() {{\n{}}}\n\n", function_of(command), body);
  std::string described, cases;
  for (const CommandInfo& each : command.commands) {
    const std::string name = each.name.substr(each.name.rfind(' ') + 1);
    described += fmt::format("      '{}:{}'\n", name, escaped(each.about));
    cases += fmt::format("    {}) {} ;;\n", name, function_of(each));
  }
  return fmt::format(
      "{}() {{\n  if (( CURRENT == 2 )); then\n    local -a commands=(\n{}    )\n"
      "    _describe command commands\n  {}    return\n  fi\n"
      "  local command=$words[2]\n  shift words\n  (( CURRENT-- ))\n  case $command in\n{}  esac\n}}\n\n",
      function_of(command), described, body, cases);
}

}  // namespace

std::string zsh_script(const CommandInfo& program) {
  std::string script = "#compdef evotts\n# Completion of evotts in zsh; made by: evotts completion zsh\n\n";
  for (const CommandInfo* command : all_commands(program)) script += function(*command);
  script.pop_back();
  return script + std::string(kEnd);
}

}  // namespace experiments::detail
