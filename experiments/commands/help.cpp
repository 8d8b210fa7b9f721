// The commands about the command line itself: help, man, completion.
#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <memory>
#include <string>
#include <vector>

#include "experiments/commands/commands.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/reference/command_info.hpp"
#include "experiments/reference/command_page.hpp"
#include "experiments/reference/completion.hpp"
#include "experiments/reference/man_page.hpp"
#include "genome/base/text.hpp"

namespace experiments {
namespace {

using Words = std::vector<std::string>;

// The program once more: the one that was parsed is gone when an action runs.
class Program {
 public:
  Program() {
    describe_program(app_);
    add_all_commands(app_, unused_);
    info_ = command_info(app_);
  }

  const CommandInfo& info() const { return info_; }

  const CommandInfo& command(const Words& words) const {
    const CommandInfo* at = &info_;
    for (const std::string& word : words) {
      const CommandInfo* const next =
          find_command(info_, at == &info_ ? word : at->short_name() + " " + word);
      if (next == nullptr) fail_unknown(*at, word);
      at = next;
    }
    return *at;
  }

  std::string help_of(const Words& words) {
    CLI::App* command = &app_;
    std::string names;
    for (const std::string& word : words) {
      names += (names.empty() ? "" : " ") + command->get_name();
      command = command->get_subcommand(word);
    }
    return command->help(names);
  }

 private:
  [[noreturn]] static void fail_unknown(const CommandInfo& at, const std::string& word) {
    Words names;
    for (const CommandInfo& each : at.commands) names.push_back(each.name.substr(at.name.size() + 1));
    const std::string near = did_you_mean(word, names);
    const std::string all = names.empty() ? "" : fmt::format("; commands are {}", fmt::join(names, ", "));
    throw UsageError(fmt::format("there is no command \"{} {}\"{}", at.name, genome::base::visible(word, 100),
                                 near.empty() ? all : near));
  }

  CLI::App app_;
  Action unused_;
  CommandInfo info_;
};

int run_help(const Words& words, const std::string& format) {
  if (format != "text" && format != "markdown") {
    throw UsageError(
        fmt::format("--format must be text or markdown, found \"{}\"", genome::base::visible(format, 60)));
  }
  Program program;
  const CommandInfo& command = program.command(words);
  if (format == "text")
    print(program.help_of(words));
  else
    print_exactly(words.empty() ? command_page(program.info()) : command_section(command));
  return kGood;
}

int run_man(const Words& words) {
  const Program program;
  const CommandInfo& command = program.command(words);
  print_exactly(words.empty() ? man_page(command) : man_page_of(command));
  return kGood;
}

int run_completion(const std::string& name) {
  const auto shell = shell_named(name);
  if (!shell) {
    throw UsageError(fmt::format("SHELL must be one of {}, found \"{}\"", fmt::join(shell_names(), ", "),
                                 genome::base::visible(name, 60)));
  }
  print_exactly(completion_script(*shell, Program().info()));
  return kGood;
}

void add_help(CLI::App& app, Action& action) {
  CLI::App* const help =
      app.add_subcommand("help", "Show the help of a command, or the page of all commands");
  const auto words = std::make_shared<Words>();
  const auto format = std::make_shared<std::string>("text");
  help->add_option("COMMAND", *words, "The command: run, env synth");
  help->add_option("--format", *format,
                   "How to print: text, or markdown (without COMMAND the page docs/cli.md)")
      ->type_name("text|markdown")
      ->capture_default_str();
  help->footer("Example: evotts help env synth");
  help->callback(
      [words, format, &action] { action = [words, format] { return run_help(*words, *format); }; });
}

void add_man(CLI::App& app, Action& action) {
  CLI::App* const man = app.add_subcommand("man", "Print the manual page of the program, or of a command");
  const auto words = std::make_shared<Words>();
  man->add_option("COMMAND", *words, "The command: run, env synth; all on one page without it");
  man->footer("Example: evotts man > evotts.1\n         evotts man env synth | man -l -");
  man->callback([words, &action] { action = [words] { return run_man(*words); }; });
}

void add_completion(CLI::App& app, Action& action) {
  CLI::App* const completion =
      app.add_subcommand("completion", "Print the script by which a shell completes commands and options");
  const auto shell = std::make_shared<std::string>();
  completion->add_option("SHELL", *shell, "Which shell the script is for: bash, zsh or fish")
      ->required()
      ->type_name("bash|zsh|fish");
  completion->footer(
      R"(For bash: source <(evotts completion bash), best in ~/.bashrc. For zsh: a file _evotts in a folder
of $fpath. For fish: ~/.config/fish/completions/evotts.fish.

Example: evotts completion fish > evotts.fish)");
  completion->callback([shell, &action] { action = [shell] { return run_completion(*shell); }; });
}

}  // namespace

void add_help_commands(CLI::App& app, Action& action) {
  add_help(app, action);
  add_man(app, action);
  add_completion(app, action);
}

}  // namespace experiments
