#include "llm_mutators/clients/command_client.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <fmt/format.h>
#include <poll.h>
#include <unistd.h>

#include "genome/base/check.hpp"
#include "genome/base/text.hpp"
#include "llm_mutators/clients/child_process.hpp"
#include "net/address/key_rules.hpp"

namespace llm_mutators {
namespace {

using Clock = std::chrono::steady_clock;

constexpr std::size_t kChunk = 64 * 1024;
constexpr int kGlance = 50;      // milliseconds between looks at the clock, the program and the wish to stop
constexpr int kShortGlance = 5;  // when its streams are closed and only its end is waited for

// While it lives, writing to a pipe that nobody reads is an error of that write and no signal.
class SigpipeHeld {
 public:
  SigpipeHeld() {
    sigset_t waiting;
    sigpending(&waiting);
    was_waiting_ = sigismember(&waiting, SIGPIPE) == 1;
    sigemptyset(&sigpipe_);
    sigaddset(&sigpipe_, SIGPIPE);
    pthread_sigmask(SIG_BLOCK, &sigpipe_, &before_);
  }
  ~SigpipeHeld() {
    const timespec now{};
    while (!was_waiting_ && sigtimedwait(&sigpipe_, nullptr, &now) < 0 && errno == EINTR) {
    }
    pthread_sigmask(SIG_SETMASK, &before_, nullptr);
  }
  SigpipeHeld(const SigpipeHeld&) = delete;
  SigpipeHeld& operator=(const SigpipeHeld&) = delete;

 private:
  sigset_t sigpipe_{}, before_{};
  bool was_waiting_ = false;
};

// One prompt and its reply.
class RunningCommand {
 public:
  RunningCommand(ChildProcess child, const std::string& prompt, const CommandOptions& options)
      : child_(std::move(child)), prompt_(prompt), options_(options) {}

  Reply run() {
    const auto deadline = Clock::now() + std::chrono::duration<double>(options_.seconds);
    while (true) {
      if (reply_.size() > options_.reply_bytes) return too_long();
      if (const auto exit = child_.ended()) return at_the_end(*exit);
      if (options_.stop && options_.stop())
        return {
            .outcome = Reply::Outcome::kStopped, .error = "stopped while waiting for the reply", .lost = 1};
      const std::chrono::duration<double, std::milli> left = deadline - Clock::now();
      if (left.count() <= 0) return late();
      exchange(static_cast<int>(std::min(left.count() + 1, double{kGlance})));
    }
  }

 private:
  // Moves what can be moved, waiting for it at most so long.
  void exchange(int milliseconds) {
    if (written_ == prompt_.size()) child_.input().close();
    const bool all_closed = !child_.output().open() && !child_.errors().open();
    std::array<pollfd, 3> streams = {
        pollfd{child_.output().number(), POLLIN, 0}, pollfd{child_.errors().number(), POLLIN, 0},
        pollfd{child_.input().number(), POLLOUT, 0}};  // closed ones are -1: ignored
    const int ready = ::poll(streams.data(), streams.size(),
                             all_closed ? std::min(milliseconds, kShortGlance) : milliseconds);
    if (ready <= 0) return;  // nothing yet, or a signal: the caller looks again
    if (streams[0].revents != 0) read_reply();
    if (streams[1].revents != 0) read_errors();
    if (streams[2].revents != 0) write_prompt();
  }

  // One chunk; false when there is nothing more for now, or ever.
  template <typename Take>
  static bool read_chunk(genome::base::Descriptor& from, Take take) {
    if (!from.open()) return false;
    std::array<char, kChunk> chunk;
    const ssize_t count = ::read(from.number(), chunk.data(), chunk.size());
    if (count < 0 && (errno == EAGAIN || errno == EINTR)) return false;
    if (count <= 0) {
      from.close();
      return false;
    }
    take(std::string_view(chunk.data(), static_cast<std::size_t>(count)));
    return true;
  }

  bool read_reply() {
    return read_chunk(child_.output(), [&](std::string_view chunk) { reply_ += chunk; });
  }

  bool read_errors() {
    return read_chunk(child_.errors(), [&](std::string_view chunk) {
      errors_ += chunk;
      const std::size_t most = options_.error_bytes + options_.secret.size();
      if (errors_.size() > most) errors_.erase(0, errors_.size() - most);
    });
  }

  void write_prompt() {
    const ssize_t count = ::write(child_.input().number(), prompt_.data() + written_,
                                  std::min(prompt_.size() - written_, kChunk));
    if (count >= 0)
      written_ += static_cast<std::size_t>(count);
    else if (errno != EAGAIN && errno != EINTR)
      child_.input().close();  // it reads no more; what it says still counts
  }

  // The program and all that it started have ended: what is in the pipes is all there will be.
  Reply at_the_end(ChildProcess::Exit exit) {
    while (reply_.size() <= options_.reply_bytes && read_reply()) {
    }
    for (int chunks = 0; chunks < 64 && read_errors(); ++chunks) {
    }
    if (reply_.size() > options_.reply_bytes) return too_long();
    if (exit.by_signal) return failed(fmt::format("ended by signal {}", exit.code));
    if (exit.code < 0) return failed("its exit code was lost");
    if (exit.code != 0) return failed(fmt::format("exit code {}", exit.code));
    if (genome::base::trimmed(reply_).empty()) return failed("it printed no reply");
    return {.outcome = Reply::Outcome::kAnswered,
            .text = net::without_secret(std::move(reply_), options_.secret)};
  }

  Reply failed(std::string what) const {
    return {.outcome = Reply::Outcome::kFailed, .error = std::move(what), .said = said()};
  }

  Reply late() const {
    return {.outcome = Reply::Outcome::kTimedOut,
            .error = fmt::format("no whole reply within {} s", options_.seconds),
            .said = said(),
            .lost = 1};
  }

  Reply too_long() const {
    return {.outcome = Reply::Outcome::kTooLong,
            .error = fmt::format("a reply of more than {} bytes", options_.reply_bytes),
            .said = said(),
            .lost = 1};
  }

  // It may hold what should not be kept, as secrets that we know nothing of.
  std::string said() const {
    const std::string struck = net::without_secret(errors_, options_.secret);
    return genome::base::one_line(genome::base::trimmed(genome::base::ending(struck, options_.error_bytes)));
  }

  ChildProcess child_;
  const std::string& prompt_;
  const CommandOptions& options_;
  std::size_t written_ = 0;
  std::string reply_;
  std::string errors_;
};

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
  const SigpipeHeld held;
  auto child = ChildProcess::start(options_.argv);
  if (!child)
    return {
        .outcome = Reply::Outcome::kFailed, .error = child.error().what, .hopeless = !child.error().passing};
  const std::string text = prompt.text();
  return RunningCommand(std::move(*child), text, options_).run();
}

}  // namespace llm_mutators
