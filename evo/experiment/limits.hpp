// limits.hpp: the limits of a service level, which one controller at one setting of its knob is to keep.
// Why:      a service is promised in figures: so many tokens a question, an answer within so long, right so
//           often. A curve over a range of budgets does not say who keeps all of them.
// Use:      if (experiment.limits.any()) ...
// Promises: the tokens and the accuracy are means over environments; the latency is the 95th percentile of
//           episodes (see evo/objective/service_level.hpp).
// Threads:  a value.
// Tests:    tests/evo/objective/service_level_test.cpp
#pragma once

#include <optional>

namespace evo {

struct Limits {
  std::optional<double> tokens;       // mean of an episode, at most
  std::optional<double> latency_p95;  // latency tokens of 95% of episodes, at most
  std::optional<double> accuracy;     // percent, at least

  bool any() const { return tokens || latency_p95 || accuracy; }
  friend bool operator==(const Limits&, const Limits&) = default;
};

}  // namespace evo
