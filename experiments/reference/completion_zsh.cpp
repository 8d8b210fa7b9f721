// The script for zsh: a function for each command, by _arguments.
#include <algorithm>
#include <fmt/format.h>
#include <fmt/ranges.h>

#include "experiments/reference/completion.hpp"
#include "experiments/reference/offers.hpp"

namespace experiments::detail {
namespace {

// _evotts_below: the commands below the path behind `help` and `man`. _evotts_behind: whether the last option
// is one of these.
constexpr std::string_view kHelpers = R"(_evotts_behind() {{
  local -a options=(${{(M)words[2,CURRENT-1]:#-*}})
  (( $# && ${{@[(Ie)${{options[-1]%%=*}}]}} ))
}}

_evotts_below() {{
  local path_ word
  for word in $words[2,CURRENT-1]; do
    case "$path_ $word" in
      {commands}) path_+=" $word" ;;
    esac
  done
  case "$path_" in
{below}  esac
}}
)";

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

// What adds the values of an option or argument: words, files, or both.
std::string adding(const OptionInfo& option) {
  if (takes_command(option)) return "_evotts_below";
  std::vector<std::string> words;
  for (const Offer& each : offered(option)) words.push_back(each.word);
  std::string out;
  if (!words.empty()) {
    const bool goes_on = words.front().ends_with('=');  // a value follows at once
    out = fmt::format("compadd {}-- {}", goes_on ? "-S \"\" " : "", fmt::join(words, " "));
  }
  if (takes_files(option)) out += out.empty() ? "_files" : "; _files";
  return out;
}

// Options of many values, whose further values stand where arguments do.
std::string adding_behind(const CommandInfo& command) {
  std::string out;
  for (const OptionInfo& option : command.options) {
    if (option.many)
      out += fmt::format("_evotts_behind {} && {{ {} }}; ", fmt::join(option.names, " "), adding(option));
  }
  return out;
}

std::string spec_of(const OptionInfo& option) {
  std::vector<std::string> names;
  for (const std::string& name : option.names)
    names.push_back(name + (option.value.empty() ? "" : name.starts_with("--") ? "=" : "+"));
  const std::string value =
      option.value.empty() ? "" : fmt::format(":{}:{{ {} }}", escaped(option.value), adding(option));
  const std::string text = fmt::format("'[{}]{}'", escaped(option.meaning), value);
  const std::string repeated = option.many ? "'*'" : fmt::format("'({})'", fmt::join(option.names, " "));
  return names.size() == 1 ? fmt::format("{}{}{}", repeated, names.front(), text)
                           : fmt::format("{}{{{}}}{}", repeated, fmt::join(names, ","), text);
}

std::string function(const CommandInfo& command) {
  std::vector<std::string> specs;
  for (const OptionInfo& option : command.options) specs.push_back(spec_of(option));
  const std::string behind = adding_behind(command);
  bool rest = behind.empty();  // whether an argument takes all that follows
  for (const OptionInfo& argument : command.arguments) {
    rest = rest || argument.many;
    specs.push_back(fmt::format("'{}:{}:{{ {}{} }}'", argument.many ? "*" : "",
                                escaped(argument.names.front()), behind, adding(argument)));
  }
  if (!rest) specs.push_back(fmt::format("'*:value:{{ {} }}'", behind));
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

std::string below_of(const CommandInfo& command, bool top) {
  std::vector<std::string> names;
  for (const CommandInfo& each : command.commands)
    names.push_back(each.name.substr(each.name.rfind(' ') + 1));
  const std::string path = top ? "" : " " + command.short_name();
  return fmt::format("    '{}') compadd -- {} ;;\n", path, fmt::join(names, " "));
}

}  // namespace

std::string zsh_script(const CommandInfo& program) {
  std::string script = "#compdef evotts\n# Completion of evotts in zsh; made by: evotts completion zsh\n\n";
  std::vector<std::string> paths;
  std::string below;
  for (const CommandInfo* command : all_commands(program)) {
    script += function(*command);
    if (command != &program) paths.push_back(fmt::format("' {}'", command->short_name()));
    if (!command->commands.empty()) below += below_of(*command, command == &program);
  }
  script += fmt::format(kHelpers, fmt::arg("commands", fmt::join(paths, "|")), fmt::arg("below", below));
  return script + std::string(kEnd);
}

}  // namespace experiments::detail
