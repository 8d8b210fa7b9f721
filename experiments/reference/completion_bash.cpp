// The script for bash: it needs nothing but bash.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

#include "experiments/reference/completion.hpp"

namespace experiments::detail {
namespace {

constexpr std::string_view kScript = R"(# Completion of evotts in bash; made by: evotts completion bash
_evotts() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} before=${{COMP_WORDS[COMP_CWORD - 1]}}
  local command='' words='' index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$command ${{COMP_WORDS[index]}}" in
      {commands}) command+=" ${{COMP_WORDS[index]}}" ;;
    esac
  done
  COMPREPLY=()
  case "$command $before" in
{values}  esac
  case "$command" in
{words}  esac
  if [[ $word != -* ]]; then  # options come last
    words=" $words"
    words=${{words%% -*}}
  fi
  COMPREPLY=($(compgen -W "$words" -- "$word"))
  [[ ${{COMPREPLY[0]}} == *= ]] && compopt -o nospace
  return 0
}}
complete -o default -F _evotts evotts
)";

std::string key_of(const CommandInfo& command) {
  return command.commands.empty() || !command.short_name().empty() ? " " + command.short_name() : "";
}

// A pattern of `case` for each set of values that options take.
std::string values_of(const CommandInfo& program) {
  std::map<std::string, std::vector<std::string>> patterns;  // by what is offered
  for (const CommandInfo* command : all_commands(program)) {
    for (const OptionInfo& option : command->options) {
      if (option.value.empty()) continue;
      const std::string words = fmt::format("{}", fmt::join(offered(option), " "));
      for (const std::string& name : option.names)
        patterns[words].push_back(fmt::format("'{} {}'", key_of(*command), name));
    }
  }
  std::string out;
  for (const auto& [words, of] : patterns) {
    const std::string reply =
        words.empty() ? "return 0 ;;" : fmt::format("words='{}' command=value ;;", words);
    out += fmt::format("    {}) {}\n", fmt::join(of, "|"), reply);
  }
  return out;
}

// What may stand at any place of a command: its commands, its options, and values of its arguments.
std::string words_of(const CommandInfo& command) {
  std::vector<std::string> words;
  for (const CommandInfo& each : command.commands)
    words.push_back(each.name.substr(each.name.rfind(' ') + 1));
  for (const OptionInfo& argument : command.arguments) {
    for (std::string& word : offered(argument)) words.push_back(std::move(word));
  }
  for (const OptionInfo& option : command.options) {
    for (const std::string& name : option.names) words.push_back(name);
  }
  return fmt::format("    '{}') words='{}' ;;\n", key_of(command), fmt::join(words, " "));
}

}  // namespace

std::string bash_script(const CommandInfo& program) {
  std::vector<std::string> commands;
  std::string words;
  for (const CommandInfo* command : all_commands(program)) {
    if (command != &program) commands.push_back(fmt::format("'{}'", key_of(*command)));
    words += words_of(*command);
  }
  return fmt::format(kScript, fmt::arg("commands", fmt::join(commands, "|")),
                     fmt::arg("values", values_of(program)), fmt::arg("words", words));
}

}  // namespace experiments::detail
