// run_progress.hpp: how far a run is, for a person who looks on: the line of each generation, and below it
// one that is written over.
// Why:      a search goes on for hours; whether it still gains, and when it ends, should show at a glance.
// Use:      RunProgress progress(until, run);
//           progress.tell(step, seconds, work);    // "generation   12  best  62.981 ..."
//           progress.show();                       // "generation 13 of 200, best 62.981 ▁▃▇, 4 min left"
// Promises: lines on a terminal fit its width; elsewhere they are whole. The lower one is for a terminal
//           alone. The time left is the shorter of that by the rate of the latest generations and that of
//           --minutes.
// Threads:  one thread.
// Tests:    tests/experiments/commands/progress_test.cpp
#pragma once

#include <deque>
#include <optional>
#include <vector>

#include "evo/run/run.hpp"
#include "evo/search/step.hpp"
#include "experiments/progress/until.hpp"
#include "experiments/terminal/live_line.hpp"

namespace experiments {

class RunProgress {
 public:
  explicit RunProgress(const Until& until) : until_(until) {}  // of a run that is not made yet
  RunProgress(const Until& until, const evo::Run& run);
  ~RunProgress();
  RunProgress(const RunProgress&) = delete;
  RunProgress& operator=(const RunProgress&) = delete;

  // Of a generation that is done; `work` is what it added to the counters.
  void tell(const evo::Step& step, double seconds, const evo::Counters& work);
  // The line below, while the next one is under way.
  void show() const;
  // Its parts when that has been under way for so many seconds.
  std::vector<LinePart> parts(double seconds) const;

 private:
  std::optional<double> seconds_left(double under_way) const;

  Until until_;
  int generation_ = -1;         // the latest that is done
  std::vector<double> scores_;  // of champions, one a generation; of a long run the latest
  std::deque<double> latest_;   // seconds of the latest generations
};

// Of generation 0, once it is made.
void tell_founders(const evo::State& state);

}  // namespace experiments
