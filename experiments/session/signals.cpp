#include "experiments/session/signals.hpp"

#include <atomic>
#include <cerrno>
#include <string_view>
#include <unistd.h>

#include "genome/base/check.hpp"

namespace experiments {
namespace {

// Lock-free, as only such an object may be touched by a signal handler.
std::atomic<int> received{0};
static_assert(std::atomic<int>::is_always_lock_free);

std::atomic<bool> installed{false};

// The handler writes it itself: report() allocates, which a handler must not.
constexpr std::string_view kNotice =
    "evotts: stopping once this generation is committed; a second signal stops at once\n";

// Only calls that POSIX allows in a handler.
void on_signal(int number) {
  if (received.exchange(number) != 0) {
    if (number != SIGHUP) _exit(128 + number);
    return;
  }
  const int saved = errno;
  [[maybe_unused]] const ssize_t ignored = write(STDERR_FILENO, kNotice.data(), kNotice.size());
  errno = saved;
}

}  // namespace

bool stop_requested() { return received.load() != 0; }

StopSignals::StopSignals() {
  EVOTTS_CHECK(!installed.exchange(true));
  received = 0;
  struct sigaction action {};
  action.sa_handler = on_signal;
  // Reads and writes that are under way go on: only the loop decides where to stop.
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  EVOTTS_CHECK(sigaction(SIGINT, &action, &earlier_interrupt_) == 0);
  EVOTTS_CHECK(sigaction(SIGTERM, &action, &earlier_terminate_) == 0);
  EVOTTS_CHECK(sigaction(SIGHUP, nullptr, &earlier_hangup_) == 0);
  if (earlier_hangup_.sa_handler != SIG_IGN) EVOTTS_CHECK(sigaction(SIGHUP, &action, nullptr) == 0);
}

StopSignals::~StopSignals() {
  sigaction(SIGINT, &earlier_interrupt_, nullptr);
  sigaction(SIGTERM, &earlier_terminate_, nullptr);
  sigaction(SIGHUP, &earlier_hangup_, nullptr);
  received = 0;
  installed = false;
}

}  // namespace experiments
