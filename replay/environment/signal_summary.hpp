// signal_summary.hpp: the running mean and the running smallest number of a signal of one branch.
// Why:      recordings that are read and branches that grow have the same sums, to the last bit.
// Use:      SignalSummary summary;
//           summary.see(table, first, 1, interval);   // table.latest[first + 1] is there
// Promises: SignalTable::mean and ::least_step of the step, as environment.hpp says. A mean over no tokens at
//           all is the latest number.
// Threads:  a value.
// Tests:    tests/replay/environment/question_builder_test.cpp
#pragma once

#include <cmath>
#include <cstddef>
#include <cstdint>
#include <limits>

#include "replay/environment/environment.hpp"

namespace replay {

class SignalSummary {
 public:
  // The next step, which took `tokens`, of the branch whose entries begin at `first`.
  void see(SignalTable& table, std::size_t first, std::size_t step, std::int64_t tokens) {
    const double value = table.latest[first + step];
    sum_ += value * static_cast<double>(tokens);
    tokens_ += tokens;
    const bool smaller = value < smallest_;  // chosen without a jump: nobody can foretell it
    smallest_ = smaller ? value : smallest_;
    least_step_ = smaller ? step : least_step_;
    table.mean[first + step] = tokens_ == 0 ? value : sum_ / static_cast<double>(tokens_);
    table.least_step[first + step] = static_cast<std::uint16_t>(least_step_);
  }
  // Whether a double holds the sum.
  bool finite() const { return std::isfinite(sum_); }

 private:
  double sum_ = 0;
  std::int64_t tokens_ = 0;
  double smallest_ = std::numeric_limits<double>::infinity();
  std::size_t least_step_ = 1;
};

}  // namespace replay
