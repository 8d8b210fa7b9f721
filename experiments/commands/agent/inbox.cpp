// The command that leaves a question for a coding agent: inbox.
#include "experiments/agent/inbox.hpp"

#include <CLI/CLI.hpp>
#include <fmt/format.h>
#include <memory>
#include <string>

#include "experiments/commands/commands.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/session/signals.hpp"

namespace experiments {
namespace {

constexpr Range<double> kSeconds{1, 1'000'000};

struct InboxArguments {
  std::string folder;
  std::string seconds = "3600";
};

int run_inbox(const InboxArguments& arguments) {
  const double seconds = real_number("--seconds", arguments.seconds, kSeconds);
  const std::string prompt = read_text("-", Inbox::kMostBytes);
  const StopSignals signals("evotts: the question is withdrawn\n");
  const auto reply = Inbox(arguments.folder).ask(prompt, seconds, stop_requested);
  if (!reply) {
    report(stop_requested() ? "stopped before a reply came"
                            : fmt::format("no reply within {} s", arguments.seconds));
    return kWorkFailed;
  }
  print_exactly(*reply);
  return kGood;
}

}  // namespace

void add_inbox_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<InboxArguments>();
  CLI::App* const ask =
      app.add_subcommand("inbox", "Leave a question for a coding agent, and wait for its reply");
  ask->add_option("FOLDER", arguments->folder, "Where evotts mcp --inbox looks for questions")->required();
  ask->add_option("--seconds", arguments->seconds, "How long to wait")->capture_default_str()->type_name("S");
  ask->footer(
      R"(Reads the question on standard input and prints the reply: a model's command of an experiment, as in
experiments/model_agent.toml. The agent replies by the tool propose of evotts mcp.

Example: evotts inbox agent-inbox --seconds 600)");
  ask->callback([arguments, &action] { action = [arguments] { return run_inbox(*arguments); }; });
}

}  // namespace experiments
