// work_watch.hpp: an eye on long work, which tells how far it is and ends it when it is late.
// Why:      a generation may take minutes; who waits wants to see that it goes on, and how fast, and a limit
//           of time is not to be passed by the length of a generation.
// Use:      const WorkWatch watch([&](double seconds) { return progress.parts(seconds); },
//                                 [&] { return evaluator.episodes_run(); }, deadline);
//           run.step();      // throws replay::Interrupted after the deadline, or once it is given up
// Promises: writes nothing unless standard error is a terminal, and leaves no trace there when it is
//           destroyed. Within a second of the start something is told, and several times a second after
//           that. What is told fits the width of the terminal.
// Threads:  made, used and destroyed by the thread that does the work (see
//           replay/parallel/interruption.hpp).
// Tests:    tests/experiments/commands/progress_test.cpp
#pragma once

#include <chrono>
#include <cstdint>
#include <functional>
#include <optional>
#include <vector>

#include "experiments/terminal/live_line.hpp"
#include "replay/parallel/interruption.hpp"

namespace experiments {

class WorkWatch {
 public:
  using Clock = std::chrono::steady_clock;

  // What stands at the beginning of the line after so many seconds.
  using Words = std::function<std::vector<LinePart>(double seconds)>;

  WorkWatch(Words words, std::function<std::uint64_t()> episodes,
            std::optional<Clock::time_point> deadline = {}, std::function<bool()> given_up = {});
  ~WorkWatch();
  WorkWatch(const WorkWatch&) = delete;
  WorkWatch& operator=(const WorkWatch&) = delete;

 private:
  bool look();
  void tell(Clock::time_point now);

  Words words_;
  std::function<std::uint64_t()> episodes_;
  std::optional<Clock::time_point> deadline_;
  std::function<bool()> given_up_;
  Clock::time_point begun_ = Clock::now(), told_ = begun_;
  std::uint64_t before_;  // episodes when it began
  bool on_terminal_, shown_ = false;
  replay::Interruptible work_;
};

}  // namespace experiments
