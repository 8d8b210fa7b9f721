// The command by which a coding agent works with recordings and runs: mcp.
#include <CLI/CLI.hpp>
#include <array>
#include <cerrno>
#include <cstdint>
#include <cstdio>
#include <filesystem>
#include <fmt/format.h>
#include <memory>
#include <optional>
#include <string>
#include <string_view>
#include <unistd.h>

#include "experiments/agent/agent_server.hpp"
#include "experiments/commands/commands.hpp"
#include "experiments/console/options.hpp"
#include "experiments/console/report.hpp"
#include "experiments/console/text_file.hpp"
#include "experiments/console/usage_error.hpp"

namespace experiments {
namespace {

constexpr Range<std::int64_t> kProposals{1, 1'000'000};
constexpr Range<double> kSeconds{1, 1'000'000};

struct McpArguments {
  std::string root = ".";
  std::optional<std::string> inbox;
  bool may_propose = false;
  std::string proposals = "100";
  std::string seconds = "120";
  std::optional<std::string> threads;
};

// Lines of standard input. Of one that is too long all is passed over, and `kTooLong` comes in its place.
class Lines {
 public:
  enum class Next : std::uint8_t { kLine, kTooLong, kEnd };

  Next next(std::string& line) {
    line.clear();
    bool too_long = false;
    while (true) {
      if (at_ == have_ && !refill()) return line.empty() && !too_long ? Next::kEnd : ended(too_long);
      const std::string_view rest(buffer_.data() + at_, have_ - at_);
      const std::size_t end = rest.find('\n');
      if (!too_long) line += rest.substr(0, end);
      too_long = too_long || line.size() > AgentServer::kMostLine;
      if (too_long) line.clear();
      at_ += end == rest.npos ? rest.size() : end + 1;
      if (end != rest.npos) return ended(too_long);
    }
  }

 private:
  static Next ended(bool too_long) { return too_long ? Next::kTooLong : Next::kLine; }

  bool refill() {
    ssize_t count = 0;
    while ((count = ::read(STDIN_FILENO, buffer_.data(), buffer_.size())) < 0 && errno == EINTR) {
    }
    at_ = 0;
    have_ = count > 0 ? static_cast<std::size_t>(count) : 0;
    return have_ > 0;
  }

  std::array<char, 65'536> buffer_{};
  std::size_t at_ = 0, have_ = 0;
};

// Byte for byte, as the texts are data; a client that is gone is found at the next read.
void say(const std::string& line) {
  std::fwrite(line.data(), 1, line.size(), stdout);
  std::fflush(stdout);
}

int run_mcp(const McpArguments& arguments) {
  { const ThreadLimit checked(arguments.threads); }
  // The folder given is meant where one stands now: the workspace makes its root the current folder.
  const std::filesystem::path inbox =
      arguments.inbox ? std::filesystem::absolute(*arguments.inbox) : std::filesystem::path("agent-inbox");
  Workspace workspace(arguments.root);
  if (::isatty(STDIN_FILENO) == 1)
    report("an agent's program starts this and talks to it; see docs/agents.md. Control-D ends it");
  AgentServer server(
      {.seconds = real_number("--seconds", arguments.seconds, kSeconds),
       .threads = arguments.threads.value_or(""),
       .may_propose = arguments.may_propose,
       .proposals = static_cast<int>(whole_number("--proposals", arguments.proposals, kProposals)),
       .inbox = inbox},
      workspace, say);
  Lines lines;
  std::string line;
  for (Lines::Next next; (next = lines.next(line)) != Lines::Next::kEnd;)
    next == Lines::Next::kTooLong ? server.refuse_long_line() : server.take(line);
  server.finish();
  return kGood;
}

}  // namespace

void add_mcp_command(CLI::App& app, Action& action) {
  const auto arguments = std::make_shared<McpArguments>();
  CLI::App* const mcp =
      app.add_subcommand("mcp", "Let a coding agent look at recordings and runs, and propose controllers");
  mcp->add_option("--root", arguments->root, "The folder that the agent may read; paths are relative to it")
      ->capture_default_str()
      ->type_name("FOLDER");
  mcp->add_flag("--allow-propose", arguments->may_propose,
                "Let it reply to what running experiments ask by evotts inbox");
  mcp->add_option("--inbox", arguments->inbox,
                  "The folder where evotts inbox leaves questions (default: agent-inbox in the root)")
      ->type_name("FOLDER");
  mcp->add_option("--proposals", arguments->proposals, "How many proposals it may make")
      ->capture_default_str()
      ->type_name("N");
  mcp->add_option("--seconds", arguments->seconds, "How long a call may take")
      ->capture_default_str()
      ->type_name("S");
  add_threads_option(*mcp, arguments->threads);
  mcp->footer(
      R"(Speaks the Model Context Protocol on standard input and output, as coding agents do with their
tools. The agent reads the language, checks controllers, evaluates and traces them on recorded branches, and
looks at runs. It changes nothing unless --allow-propose is given. Each call is a process of its own.

Example: evotts mcp --root runs --allow-propose)");
  mcp->callback([arguments, &action] { action = [arguments] { return run_mcp(*arguments); }; });
}

}  // namespace experiments
