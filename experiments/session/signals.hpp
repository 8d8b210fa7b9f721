// signals.hpp: stopping a long run politely on SIGINT, SIGTERM and SIGHUP.
// Why:      a run stops between generations, after its commit; so a signal only raises a flag which the loop
//           looks at. Whoever cannot wait sends a second signal; a run survives that as well.
// Use:      StopSignals signals;
//           while (!stop_requested()) run.step();
// Promises: the first signal is answered by a line on stderr. The second signal ends the process at once
//           with 128 + its number, whatever it is doing; the earlier handlers come back when the object
//           goes. A terminal that is closed may send SIGHUP more than once, so it never is the second
//           signal; one that was ignored, as by nohup, stays so. One object at a time.
//           Under mpirun, which kills two seconds after SIGTERM, all but SIGUSR1 end the work at once, and
//           SIGUSR1 does what the first signal does elsewhere.
// Threads:  stop_requested(), stop_at_once() and waiting_is_over() from any thread; make and destroy the
//           object in one thread.
#pragma once

#include <chrono>
#include <csignal>
#include <optional>

namespace experiments {

// True from the first SIGINT, SIGTERM or SIGHUP on, while a StopSignals object lives; under mpirun, from
// SIGUSR1 on too.
bool stop_requested();

// True where what is under way is to be given up: under mpirun, from the first signal other than SIGUSR1 on.
bool stop_at_once();

// While it lives, whoever waits for others, as for a model's reply, waits until then at most. One at a time.
class WaitingLimit {
 public:
  explicit WaitingLimit(std::optional<std::chrono::steady_clock::time_point> until);
  ~WaitingLimit();
  WaitingLimit(const WaitingLimit&) = delete;
  WaitingLimit& operator=(const WaitingLimit&) = delete;
};

// Whether waiting is to end: by such a limit, or because stop_requested().
bool waiting_is_over();

inline constexpr const char* kStopsAfterCommit =
    "evotts: stopping once this generation is committed; a second signal stops at once\n";

enum class Launcher { kNone, kMpirun };

// What started this process.
Launcher launcher_here();

class StopSignals {
 public:
  // `notice`: a line for the first signal, which lives as long as the program.
  explicit StopSignals(const char* notice = kStopsAfterCommit, Launcher launcher = Launcher::kNone);
  ~StopSignals();
  StopSignals(const StopSignals&) = delete;
  StopSignals& operator=(const StopSignals&) = delete;

 private:
  struct sigaction earlier_interrupt_ {};
  struct sigaction earlier_terminate_ {};
  struct sigaction earlier_hangup_ {};
  struct sigaction earlier_user_ {};
  Launcher launcher_;
};

}  // namespace experiments
