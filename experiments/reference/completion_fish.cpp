// The script for fish: a line for each command, option and argument, and a function for each list of words.
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <map>

#include "experiments/reference/completion.hpp"
#include "experiments/reference/offers.hpp"

namespace experiments::detail {
namespace {

// __evotts_at: whether the command is this one. __evotts_behind: whether the last option is one of these.
// __evotts_below: the commands below the path behind `help` and `man`.
constexpr std::string_view kBegin = R"(# Completion of evotts in fish; made by: evotts completion fish
set -g __evotts_commands {commands}
function __evotts_at
    set -l path
    for word in (commandline -opc)[2..-1]
        contains -- (string join ' ' -- $path $word) $__evotts_commands; or break
        set -a path $word
    end
    test "$path" = "$argv"
end
function __evotts_behind
    set -l options (commandline -opc | string match -- '-*')
    contains -- "$options[-1]" $argv
end
function __evotts_below
    set -l path
    for word in (commandline -opc)[3..-1]
        contains -- (string join ' ' -- $path $word) $__evotts_commands; and set -a path $word
    end
    switch "$path"
{below}    end
end
)";

std::string quoted(std::string_view text) {
  std::string out = "'";
  for (const char c : text) {
    if (c == '\'' || c == '\\') out += '\\';
    out += c == '\n' ? ' ' : c;
  }
  return out + "'";
}

std::string last_word(const CommandInfo& command) { return command.name.substr(command.name.rfind(' ') + 1); }

// Prints the words with their meanings, which fish shows beside them.
std::string printed(const std::vector<Offer>& offers) {
  std::string out = "printf '%s\\t%s\\n'";
  for (const Offer& each : offers) out += fmt::format(" {} {}", quoted(each.word), quoted(each.meaning));
  return out;
}

class Script {
 public:
  explicit Script(const CommandInfo& program) {
    std::vector<std::string> names;
    std::string below;
    for (const CommandInfo* command : all_commands(program)) {
      if (command != &program) names.push_back(quoted(command->short_name()));
      if (!command->commands.empty()) below += below_of(*command);
      add_lines(*command);
    }
    begin_ = fmt::format(kBegin, fmt::arg("commands", fmt::join(names, " ")), fmt::arg("below", below));
  }

  std::string text() const { return begin_ + functions_ + "complete -c evotts -f\n" + lines_; }

 private:
  static std::string below_of(const CommandInfo& command) {
    std::vector<Offer> offers;
    for (const CommandInfo& each : command.commands) offers.push_back({last_word(each), each.about});
    return fmt::format("        case {}\n            {}\n", quoted(command.short_name()), printed(offers));
  }

  // The function that prints these, one for each list.
  std::string words_of(const std::vector<Offer>& offers) {
    const auto [at, added] =
        functions_of_.try_emplace(printed(offers), fmt::format("__evotts_words_{}", functions_of_.size()));
    if (added) functions_ += fmt::format("function {}\n    {}\nend\n", at->second, at->first);
    return fmt::format(" -a '({})'", at->second);
  }

  std::string value_of(const OptionInfo& option) {
    const std::vector<Offer> offers = offered(option);
    const std::string files = takes_files(option) ? " -r -F" : " -x";
    return offers.empty() ? files : files + words_of(offers);
  }

  void add_lines(const CommandInfo& command) {
    const std::string condition = "__evotts_at " + command.short_name();
    const std::string at = fmt::format("complete -c evotts -n {}", quoted(condition));
    for (const CommandInfo& each : command.commands)
      lines_ += fmt::format("{} -a {} -d {}\n", at, last_word(each), quoted(each.about));
    for (const OptionInfo& option : command.options) add_option(condition, at, option);
    for (const OptionInfo& argument : command.arguments) {
      const std::vector<Offer> offers = offered(argument);
      const std::string words = takes_command(argument) ? " -a '(__evotts_below)'"
                                : offers.empty()        ? ""
                                                        : words_of(offers);
      lines_ += fmt::format("{}{}{}\n", at, takes_files(argument) ? " -F" : "", words);
    }
  }

  void add_option(const std::string& condition, const std::string& at, const OptionInfo& option) {
    std::string names;
    for (const std::string& name : option.names)
      names += name.starts_with("--") ? " -l " + name.substr(2) : " -s " + name.substr(1);
    lines_ += fmt::format("{}{}{} -d {}\n", at, names, option.value.empty() ? "" : value_of(option),
                          quoted(option.meaning));
    const std::vector<Offer> offers = offered(option);
    if (!option.many || offers.empty()) return;
    // The values after the first.
    lines_ += fmt::format(
        "complete -c evotts -n {}{}\n",
        quoted(fmt::format("{}; and __evotts_behind {}", condition, fmt::join(option.names, " "))),
        words_of(offers));
  }

  std::map<std::string, std::string> functions_of_;  // by what they print
  std::string begin_, functions_, lines_;
};

}  // namespace

std::string fish_script(const CommandInfo& program) { return Script(program).text(); }

}  // namespace experiments::detail
