// progress_line.hpp: the share of work done and the time left, on stderr now and then while a person looks
// on.
// Why:      scoring may take minutes, and what is not a terminal must not be littered.
// Use:      ProgressLine progress;
//           evaluator.evaluate(programs, betas, progress.callback());
// Promises: writes nothing unless stderr is a terminal; leaves no trace there when it is destroyed.
// Threads:  the callback may be called from any.
// Tests:    tests/experiments/commands/progress_test.cpp
#pragma once

#include <atomic>
#include <chrono>
#include <string>
#include <utility>

#include "replay/evaluation/evaluator.hpp"

namespace experiments {

class ProgressLine {
 public:
  explicit ProgressLine(std::string what = "evaluating") : what_(std::move(what)) {}
  ~ProgressLine();
  ProgressLine(const ProgressLine&) = delete;
  ProgressLine& operator=(const ProgressLine&) = delete;

  // Lives no longer than this object.
  replay::Evaluator::Progress callback();

 private:
  using Clock = std::chrono::steady_clock;

  void tell(std::size_t done, std::size_t total);

  std::string what_;
  Clock::time_point begun_ = Clock::now();
  std::atomic<Clock::rep> next_{0};
  std::atomic<bool> shown_{false};
};

}  // namespace experiments
