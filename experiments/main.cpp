// evotts: puts the commands together, and turns failures into one line on stderr and an exit code.
#include <CLI/CLI.hpp>
#include <algorithm>
#include <cstdio>
#include <cstdlib>
#include <exception>
#include <fmt/format.h>
#include <fmt/ranges.h>
#include <new>
#include <string>
#include <vector>

#include "evo/base/error.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/standard_streams.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"
#include "experiments/ranks/ranks.hpp"
#include "genome/base/text.hpp"
#include "replay/machine/lane_kernels.hpp"

namespace experiments {
namespace {

using genome::base::visible;

// The command that was named last, e.g. `env synth`.
CLI::App& deepest(CLI::App& app) {
  CLI::App* command = &app;
  while (!command->get_subcommands().empty()) command = command->get_subcommands().back();
  return *command;
}

std::string full_name(const CLI::App& command) {
  const CLI::App* const parent = command.get_parent();
  return parent == nullptr ? command.get_name() : full_name(*parent) + " " + command.get_name();
}

// "env synth: " before a message about that command; nothing for the program itself.
std::string prefix_of(const CLI::App& command) {
  if (command.get_parent() == nullptr) return "";
  const std::string name = full_name(command);
  return name.substr(name.find(' ') + 1) + ": ";
}

std::vector<std::string> option_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::Option* option : command.get_options()) {
    for (const std::string& name : option->get_lnames()) names.push_back("--" + name);
  }
  return names;
}

std::vector<std::string> command_names(const CLI::App& command) {
  std::vector<std::string> names;
  for (const CLI::App* sub : command.get_subcommands([](const CLI::App*) { return true; })) {
    names.push_back(sub->get_name());
  }
  return names;
}

// The nearest command, or all that there are.
std::string or_commands(const std::string& argument, const std::vector<std::string>& commands) {
  const std::string near = did_you_mean(argument, commands);
  return near.empty() ? fmt::format("; commands are {}", fmt::join(commands, ", ")) : near;
}

// What is wrong with the first argument that no command wanted.
std::string unexpected(CLI::App& app) {
  CLI::App* command = &app;
  while (command->remaining().empty() && !command->get_subcommands().empty()) {
    command = command->get_subcommands().front();
  }
  const std::vector<std::string> extras = command->remaining();
  const std::string argument = extras.empty() ? "" : extras.front();
  const std::string shown = visible(argument, 100);
  const std::string prefix = prefix_of(*command);
  const auto or_help = [&](const std::string& near) {
    return near.empty() ? fmt::format("; see {} --help", full_name(*command)) : near;
  };
  if (argument.starts_with("-")) {
    const std::string option = argument.substr(0, argument.find('='));
    if (option == "--set" && command->get_name() == "resume")
      return fmt::format(
          "{}there is no option \"{}\": a run keeps its experiment; evotts fork RUN NEW --set ... "
          "starts another from it",
          prefix, shown);
    const std::string near = did_you_mean(option, option_names(*command));
    return fmt::format("{}there is no option \"{}\"{}", prefix, shown, or_help(near));
  }
  const std::vector<std::string> commands = command_names(*command);
  if (!commands.empty()) {
    return fmt::format("{}there is no command \"{}\"{}", prefix, shown, or_commands(argument, commands));
  }
  return fmt::format("{}does not take the argument \"{}\"{}", prefix, shown, or_help(""));
}

// An option without its value, or given twice.
std::string mismatch(const CLI::ArgumentMismatch& error) {
  const std::string message = visible(error.what());
  const std::string option = message.substr(0, message.find(':'));
  const bool twice = message.find("At Most") != std::string::npos;
  return fmt::format("{} {}", option, twice ? "is given more than once" : "needs a value");
}

// Help of a command that does not exist is not the help of another.
void expect_known_commands(CLI::App& app, const std::vector<std::string>& arguments) {
  CLI::App* command = &app;
  for (const std::string& argument : arguments) {
    const std::vector<std::string> commands = command_names(*command);
    if (argument.starts_with("-") || commands.empty()) return;
    if (std::find(commands.begin(), commands.end(), argument) == commands.end()) {
      throw UsageError(fmt::format("there is no command \"{} {}\"{}", full_name(*command),
                                   visible(argument, 100), or_commands(argument, commands)));
    }
    command = command->get_subcommand(argument);
  }
}

// The action that the arguments ask for; help and the version are printed here, and nothing is left to do.
Action parse(int argc, char** argv) {
  CLI::App app;
  Action action;
  describe_program(app);
  add_all_commands(app, action);
  try {
    app.parse(argc, argv);
  } catch (const CLI::CallForVersion& version) {
    print(std::string(version.what()) + "\n");
    return [] { return kGood; };
  } catch (const CLI::Success&) {
    expect_known_commands(app, {argv + 1, argv + argc});
    print(app.help());
    return [] { return kGood; };
  } catch (const CLI::ExtrasError&) {
    throw UsageError(unexpected(app));
  } catch (const CLI::ParseError& error) {
    const auto* const wrong_count = dynamic_cast<const CLI::ArgumentMismatch*>(&error);
    const std::string problem = wrong_count != nullptr ? mismatch(*wrong_count) : visible(error.what());
    const CLI::App& command = deepest(app);
    throw UsageError(fmt::format("{}{}; see {} --help", prefix_of(command), problem, full_name(command)));
  }
  if (!action) {
    std::fputs(app.help().c_str(), stderr);
    return [] { return kBadInput; };
  }
  return action;
}

// How controllers are run may be asked for in the environment; a slip there must not go unnoticed.
void expect_known_machine() {
  const auto expect = [](const char* variable, const std::vector<std::string>& known, bool runs_here) {
    const char* const asked = std::getenv(variable);
    if (asked == nullptr || std::find(known.begin(), known.end(), asked) != known.end()) return;
    throw UsageError(fmt::format("the environment variable {} must be {}{}, found \"{}\"", variable,
                                 fmt::join(known, ", "), runs_here ? " (what this processor can do)" : "",
                                 visible(asked, 100)));
  };
  std::vector<std::string> kernels;
  for (const replay::LaneKernels& each : replay::all_lane_kernels()) kernels.emplace_back(each.name);
  expect("EVOTTS_SIMD", kernels, true);
  expect("EVOTTS_NATIVE", {"on", "off"}, false);
}

int run(int argc, char** argv) {
  try {
    expect_known_machine();
    const int code = parse(argc, argv)();
    finish_printing();
    return code;
  } catch (const genome::base::Error& error) {
    for (const std::string& message : error.messages()) report(message);
    return error.fault() == genome::base::Fault::kInput ? kBadInput : kWorkFailed;
  } catch (const std::bad_alloc&) {
    report("out of memory");
    return kWorkFailed;
  } catch (const std::exception& error) {
    report(error.what());
    return kWorkFailed;
  }
}

}  // namespace
}  // namespace experiments

int main(int argc, char** argv) {
  experiments::open_standard_streams();
  return experiments::on_ranks({argv + std::min(argc, 1), argv + argc},
                               [&] { return experiments::run(argc, argv); });
}
