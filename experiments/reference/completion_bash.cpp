// The script for bash: it needs nothing but bash.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

#include "experiments/reference/completion.hpp"
#include "experiments/reference/offers.hpp"

namespace experiments::detail {
namespace {

// bash takes '=' for a word of its own, so `--format=j` comes as three. `takes` is what the option before the
// word takes: one value, or many.
constexpr std::string_view kScript = R"(# Completion of evotts in bash; made by: evotts completion bash
_evotts_below() {{  # the commands below this path
  case "$1" in
{below}  esac
}}
_evotts() {{
  local word=${{COMP_WORDS[COMP_CWORD]}} last=$((COMP_CWORD - 1))
  local command='' path='' option='' takes='' words='' values='' more='' files='' prefix='' index
  for ((index = 1; index < COMP_CWORD; index++)); do
    case "$command ${{COMP_WORDS[index]}}" in
      {commands}) command+=" ${{COMP_WORDS[index]}}" ;;
      *) case "$path ${{COMP_WORDS[index]}}" in
          {commands}) path+=" ${{COMP_WORDS[index]}}" ;;
        esac ;;
    esac
  done
  COMPREPLY=()
  if [[ $word == --*=* ]]; then  # where '=' breaks no words
    option=${{word%%=*}} prefix="$option=" word=${{word#*=}}
  else
    [[ $word == '=' ]] && word='' && ((last++))
    for ((index = last; index > 0; index--)); do
      [[ ${{COMP_WORDS[index]}} == -* ]] && option=${{COMP_WORDS[index]}} && break
    done
    if [[ ${{COMP_WORDS[last]}} == '=' ]]; then
      ((last--))
      ((index != last)) && return 0  # behind KEY=
    fi
  fi
  case "$command $option" in
{values}  esac
  case "$command" in
{words}  esac
  if [[ -n $takes && ( -n $prefix || $index -eq $last ) ]]; then
    [[ -z $values ]] && return 0
    words=$values files=$more
  else
    [[ $takes == many ]] && words="$values $words" files=$files$more
    if [[ $word != -* ]]; then  # options come last
      words=" $words"
      words=${{words%% -*}}
    fi
  fi
  COMPREPLY=($(compgen -P "$prefix" -W "$words" -- "$word"))
  if [[ -n $files && $word != -* ]]; then  # both files and words; bash adds files by itself only where no word fits
    compopt -o filenames
    mapfile -t -O ${{#COMPREPLY[@]}} COMPREPLY < <(compgen -f -- "$word")
  fi
  [[ ${{COMPREPLY[0]}} == *= ]] && compopt -o nospace
  return 0
}}
complete -o default -F _evotts evotts
)";

std::string key_of(const CommandInfo& command) {
  return command.commands.empty() || !command.short_name().empty() ? " " + command.short_name() : "";
}

std::string words_in(const std::vector<Offer>& offers) {
  std::vector<std::string> words;
  for (const Offer& each : offers) words.push_back(each.word);
  return fmt::format("{}", fmt::join(words, " "));
}

// Whether files may stand beside the words.
bool with_files(const OptionInfo& option) { return takes_files(option) && !offered(option).empty(); }

std::string names_below(const CommandInfo& command) {
  std::vector<std::string> names;
  for (const CommandInfo& each : command.commands)
    names.push_back(each.name.substr(each.name.rfind(' ') + 1));
  return fmt::format("{}", fmt::join(names, " "));
}

// A pattern of `case` for each set of values that options take.
std::string values_of(const CommandInfo& program) {
  std::map<std::string, std::vector<std::string>> patterns;  // by what is offered
  for (const CommandInfo* command : all_commands(program)) {
    for (const OptionInfo& option : command->options) {
      if (option.value.empty()) continue;
      const std::string reply =
          fmt::format("takes={} values='{}'{}", option.many ? "many" : "one", words_in(offered(option)),
                      with_files(option) ? " more=files" : "");
      for (const std::string& name : option.names)
        patterns[reply].push_back(fmt::format("'{} {}'", key_of(*command), name));
    }
  }
  std::string out;
  for (const auto& [reply, of] : patterns) out += fmt::format("    {}) {} ;;\n", fmt::join(of, "|"), reply);
  return out;
}

// What may stand at any place of a command: its commands, values of its arguments, and its options.
std::string words_of(const CommandInfo& command) {
  std::string words = names_below(command), files;
  for (const OptionInfo& argument : command.arguments) {
    words += " " + (takes_command(argument) ? "$(_evotts_below \"$path\")" : words_in(offered(argument)));
    if (with_files(argument)) files = " files=files";
  }
  for (const OptionInfo& option : command.options) words += fmt::format(" {}", fmt::join(option.names, " "));
  return fmt::format("    '{}') words=\"{}\"{} ;;\n", key_of(command), words, files);
}

}  // namespace

std::string bash_script(const CommandInfo& program) {
  std::vector<std::string> commands;
  std::string words, below;
  for (const CommandInfo* command : all_commands(program)) {
    if (command != &program) commands.push_back(fmt::format("'{}'", key_of(*command)));
    words += words_of(*command);
    if (!command->commands.empty())
      below += fmt::format("    '{}') echo '{}' ;;\n", key_of(*command), names_below(*command));
  }
  return fmt::format(kScript, fmt::arg("commands", fmt::join(commands, "|")), fmt::arg("below", below),
                     fmt::arg("values", values_of(program)), fmt::arg("words", words));
}

}  // namespace experiments::detail
