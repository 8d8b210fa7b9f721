#include "llm_mutators/clients/command_client.hpp"

#include <fmt/format.h>
#include <string>
#include <utility>

#include "genome/base/check.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/clients/child_process.hpp"
#include "llm_mutators/clients/command_run.hpp"
#include "net/address/key_rules.hpp"

namespace llm_mutators {
namespace {

using End = CommandRun::End;

// It may hold what should not be kept, as secrets that we know nothing of.
std::string said(const CommandRun& run, const CommandOptions& options) {
  const std::string struck = net::without_secret(run.errors, options.secret);
  return genome::base::one_line(genome::base::trimmed(genome::base::ending(struck, options.error_bytes)));
}

Reply reply_of(CommandRun run, const CommandOptions& options) {
  const auto failed = [&](std::string what) {
    return Reply{.outcome = Reply::Outcome::kFailed, .error = std::move(what), .said = said(run, options)};
  };
  // It had to be ended, and may have been charged for.
  const auto lost = [&](Reply::Outcome outcome, std::string what) {
    return Reply{.outcome = outcome, .error = std::move(what), .said = said(run, options), .lost = 1};
  };
  switch (run.end) {
    case End::kTooLong:
      return lost(Reply::Outcome::kTooLong,
                  fmt::format("a reply of more than {} bytes", options.reply_bytes));
    case End::kLate:
      return lost(Reply::Outcome::kTimedOut, fmt::format("no whole reply within {} s", options.seconds));
    case End::kStopped:
      return {.outcome = Reply::Outcome::kStopped, .error = "stopped while waiting for the reply", .lost = 1};
    case End::kBySignal: return failed(fmt::format("ended by signal {}", run.code));
    case End::kLost: return failed("its exit code was lost");
    case End::kExited: break;
  }
  if (run.code != 0) return failed(fmt::format("exit code {}", run.code));
  if (genome::base::trimmed(run.output).empty()) return failed("it printed no reply");
  return {.outcome = Reply::Outcome::kAnswered,
          .text = net::without_secret(std::move(run.output), options.secret)};
}

}  // namespace

CommandClient::CommandClient(CommandOptions options) : options_(std::move(options)) {
  EVOTTS_CHECK(!options_.argv.empty());
  if (options_.name.empty()) {
    const std::string& program = options_.argv[0];
    options_.name = program.substr(program.find_last_of('/') + 1);
  }
}

std::string CommandClient::identity() const { return options_.name + " command"; }

Reply CommandClient::ask(const Prompt& prompt, const MayTryAgain&) {
  auto child = ChildProcess::start(options_.argv);
  if (!child)
    return {
        .outcome = Reply::Outcome::kFailed, .error = child.error().what, .hopeless = !child.error().passing};
  const CommandLimits limits{.seconds = options_.seconds,
                             .output_bytes = options_.reply_bytes,
                             .error_bytes = options_.error_bytes + options_.secret.size(),
                             .stop = options_.stop};
  return reply_of(run_command(std::move(*child), prompt.text(), limits), options_);
}

}  // namespace llm_mutators
