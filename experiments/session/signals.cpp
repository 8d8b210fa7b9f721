#include "experiments/session/signals.hpp"

#include <atomic>
#include <cerrno>
#include <cstring>
#include <limits>
#include <unistd.h>

#include "experiments/ranks/ranks.hpp"
#include "genome/base/check.hpp"

namespace experiments {
namespace {

// Lock-free, as only such an object may be touched by a signal handler.
std::atomic<int> received{0};
static_assert(std::atomic<int>::is_always_lock_free);

std::atomic<bool> installed{false};

// Under mpirun: nobody waits for a whole generation.
std::atomic<bool> gives_up{false}, at_once{false};
static_assert(std::atomic<bool>::is_always_lock_free);

constexpr const char* kStopsUnderMpirun =
    "evotts: stopping once this generation is committed; SIGTERM and Ctrl-C at mpirun give it up\n";
constexpr const char* kGivesUp = "evotts: the generation at work is given up\n";

using Clock = std::chrono::steady_clock;
constexpr Clock::rep kForEver = std::numeric_limits<Clock::rep>::max();
std::atomic<Clock::rep> waits_until{kForEver};

// The handler writes it itself: report() allocates, which a handler must not.
std::atomic<const char*> notice_of_signals{kStopsAfterCommit};
static_assert(std::atomic<const char*>::is_always_lock_free);

void write_notice(const char* notice) {
  const int saved = errno;
  [[maybe_unused]] const ssize_t ignored = write(STDERR_FILENO, notice, std::strlen(notice));
  errno = saved;
}

// mpirun sends SIGTERM to each rank, twice where it was interrupted twice, and SIGKILL two seconds later.
void on_signal_under_mpirun(int number) {
  const bool first = received.exchange(number) == 0;
  if (number == SIGUSR1) {
    if (first) write_notice(kStopsUnderMpirun);
    return;
  }
  if (!at_once.exchange(true)) write_notice(kGivesUp);
}

// Only calls that POSIX allows in a handler.
void on_signal(int number) {
  if (gives_up) return on_signal_under_mpirun(number);
  if (received.exchange(number) != 0) {
    if (number != SIGHUP) _exit(128 + number);
    return;
  }
  write_notice(notice_of_signals);
}

}  // namespace

bool stop_requested() { return received.load() != 0; }

Launcher launcher_here() { return is_under_mpirun() ? Launcher::kMpirun : Launcher::kNone; }

bool stop_at_once() { return at_once.load(); }

WaitingLimit::WaitingLimit(std::optional<Clock::time_point> until) {
  if (until) waits_until = until->time_since_epoch().count();
}

WaitingLimit::~WaitingLimit() { waits_until = kForEver; }

bool waiting_is_over() { return stop_requested() || Clock::now().time_since_epoch().count() >= waits_until; }

StopSignals::StopSignals(const char* notice, Launcher launcher) : launcher_(launcher) {
  EVOTTS_CHECK(!installed.exchange(true));
  notice_of_signals = notice;
  received = 0;
  at_once = false;
  gives_up = launcher == Launcher::kMpirun;
  struct sigaction action {};
  action.sa_handler = on_signal;
  // Reads and writes that are under way go on: only the loop decides where to stop.
  action.sa_flags = SA_RESTART;
  sigemptyset(&action.sa_mask);
  EVOTTS_CHECK(sigaction(SIGINT, &action, &earlier_interrupt_) == 0);
  EVOTTS_CHECK(sigaction(SIGTERM, &action, &earlier_terminate_) == 0);
  if (launcher == Launcher::kMpirun) EVOTTS_CHECK(sigaction(SIGUSR1, &action, &earlier_user_) == 0);
  EVOTTS_CHECK(sigaction(SIGHUP, nullptr, &earlier_hangup_) == 0);
  if (earlier_hangup_.sa_handler != SIG_IGN) EVOTTS_CHECK(sigaction(SIGHUP, &action, nullptr) == 0);
}

StopSignals::~StopSignals() {
  sigaction(SIGINT, &earlier_interrupt_, nullptr);
  sigaction(SIGTERM, &earlier_terminate_, nullptr);
  sigaction(SIGHUP, &earlier_hangup_, nullptr);
  if (launcher_ == Launcher::kMpirun) sigaction(SIGUSR1, &earlier_user_, nullptr);
  received = 0;
  at_once = false;
  installed = false;
}

}  // namespace experiments
