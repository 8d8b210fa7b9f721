// signals.hpp: questions that record signals, for tests.
// Use:      const replay::Question q = tests::with_signals(question, 2, [&] { return uniform_real(rng); });
// Promises: every branch has a number for each of its steps, drawn branch by branch; mean and least of them
//           are what environment.hpp says.
// Threads:  pure functions.
#pragma once

#include <algorithm>
#include <cstdint>
#include <functional>

#include "replay/environment/environment.hpp"

namespace tests {

// Of one branch, behind those of the branches before it.
inline void record_signal(replay::SignalTable& table, const replay::Question& question,
                          const replay::Branch& branch, const std::function<double()>& draw) {
  const std::int64_t probes = branch.probes;
  double sum = 0, least = 0;
  std::int64_t tokens = 0, least_step = 0;
  table.latest.push_back(0);
  table.mean.push_back(0);
  table.least_step.push_back(0);
  for (std::int64_t step = 0; step <= probes; ++step) {
    const double value = draw();
    const std::int64_t weight = step < probes
                                    ? question.interval
                                    : std::max<std::int64_t>(0, branch.tokens - question.interval * probes);
    sum += value * static_cast<double>(weight);
    tokens += weight;
    if (step == 0 || value < least) {
      least = value;
      least_step = step + 1;
    }
    table.latest.push_back(value);
    table.mean.push_back(tokens == 0 ? value : sum / static_cast<double>(tokens));
    table.least_step.push_back(static_cast<std::uint16_t>(least_step));
  }
}

inline replay::Question with_signals(replay::Question question, std::size_t signals,
                                     const std::function<double()>& draw) {
  question.signals.assign(signals, {});
  for (replay::Branch& branch : question.branches) {
    if (signals > 0) branch.first_signal = static_cast<std::uint32_t>(question.signals[0].latest.size());
    for (replay::SignalTable& table : question.signals) record_signal(table, question, branch, draw);
  }
  return question;
}

}  // namespace tests
