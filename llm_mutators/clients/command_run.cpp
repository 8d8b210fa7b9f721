#include "llm_mutators/clients/command_run.hpp"

#include <algorithm>
#include <array>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <ctime>
#include <poll.h>
#include <string_view>
#include <unistd.h>
#include <utility>

#include "genome/base/descriptor.hpp"

namespace llm_mutators {
namespace {

using End = CommandRun::End;
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

class Exchange {
 public:
  Exchange(ChildProcess child, const std::string& input, const CommandLimits& limits)
      : child_(std::move(child)), input_(input), limits_(limits) {}

  CommandRun run() {
    const auto deadline = Clock::now() + std::chrono::duration<double>(limits_.seconds);
    while (true) {
      if (output_.size() > limits_.output_bytes) return ended(End::kTooLong);
      if (const auto exit = child_.ended()) return at_the_end(*exit);
      if (limits_.stop && limits_.stop()) return ended(End::kStopped);
      const std::chrono::duration<double, std::milli> left = deadline - Clock::now();
      if (left.count() <= 0) return ended(End::kLate);
      exchange(static_cast<int>(std::min(left.count() + 1, double{kGlance})));
    }
  }

 private:
  // Moves what can be moved, waiting for it at most so long.
  void exchange(int milliseconds) {
    if (written_ == input_.size()) child_.input().close();
    const bool all_closed = !child_.output().open() && !child_.errors().open();
    std::array<pollfd, 3> streams = {
        pollfd{child_.output().number(), POLLIN, 0}, pollfd{child_.errors().number(), POLLIN, 0},
        pollfd{child_.input().number(), POLLOUT, 0}};  // closed ones are -1: ignored
    const int ready = ::poll(streams.data(), streams.size(),
                             all_closed ? std::min(milliseconds, kShortGlance) : milliseconds);
    if (ready <= 0) return;  // nothing yet, or a signal: the caller looks again
    if (streams[0].revents != 0) read_output();
    if (streams[1].revents != 0) read_errors();
    if (streams[2].revents != 0) write_input();
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

  bool read_output() {
    return read_chunk(child_.output(), [&](std::string_view chunk) { output_ += chunk; });
  }

  bool read_errors() {
    return read_chunk(child_.errors(), [&](std::string_view chunk) {
      errors_ += chunk;
      if (errors_.size() > limits_.error_bytes) errors_.erase(0, errors_.size() - limits_.error_bytes);
    });
  }

  void write_input() {
    const ssize_t count = ::write(child_.input().number(), input_.data() + written_,
                                  std::min(input_.size() - written_, kChunk));
    if (count >= 0)
      written_ += static_cast<std::size_t>(count);
    else if (errno != EAGAIN && errno != EINTR)
      child_.input().close();  // it reads no more; what it says still counts
  }

  // The program and all that it started have ended: what is in the pipes is all there will be.
  CommandRun at_the_end(ChildProcess::Exit exit) {
    while (output_.size() <= limits_.output_bytes && read_output()) {
    }
    for (int chunks = 0; chunks < 64 && read_errors(); ++chunks) {
    }
    if (output_.size() > limits_.output_bytes) return ended(End::kTooLong);
    if (exit.by_signal) return ended(End::kBySignal, exit.code);
    return exit.code < 0 ? ended(End::kLost) : ended(End::kExited, exit.code);
  }

  CommandRun ended(End end, int code = 0) {
    return {.end = end, .code = code, .output = std::move(output_), .errors = std::move(errors_)};
  }

  ChildProcess child_;
  const std::string& input_;
  const CommandLimits& limits_;
  std::size_t written_ = 0;
  std::string output_;
  std::string errors_;
};

}  // namespace

CommandRun run_command(ChildProcess child, const std::string& input, const CommandLimits& limits) {
  const SigpipeHeld held;
  return Exchange(std::move(child), input, limits).run();
}

}  // namespace llm_mutators
