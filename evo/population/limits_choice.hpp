// limits_choice.hpp: the controller, at one setting of its knob, that a run chose for a service level.
// Why:      limits are kept by a controller and a beta together, and whether they are is measured episode by
//           episode, which no curve says.
// Use:      if (state.limited && state.limited->result.keeps()) ...
// Promises: figures are those of all its orderings. `kept` counts the orderings that keep the limits taken
//           alone, each as one pass through the questions.
// Threads:  a value.
// Tests:    tests/evo/search/limits_search_test.cpp, tests/evo/record/checkpoint_choice_test.cpp
#pragma once

#include <cstdint>
#include <set>
#include <string>

#include "genome/text/checker.hpp"

namespace evo {

// Of one setting of the knob. Environments count the same.
struct ServiceFigures {
  double accuracy = 0;        // percent
  double tokens = 0;          // mean of an episode
  double latency_tokens = 0;  // mean of an episode
  double latency_p95 = 0;     // latency tokens that 95% of episodes do not exceed
  friend bool operator==(const ServiceFigures&, const ServiceFigures&) = default;
};

// How a controller at a setting stands to the limits.
struct ServiceResult {
  double beta = 0;
  ServiceFigures figures = {};
  double excess = 0;  // by how much it misses the limits (see evo/objective/service_level.hpp)
  int orderings = 0;  // it was measured on
  int kept = 0;       // of these, those in which it keeps the limits

  bool keeps() const { return excess == 0; }
  friend bool operator==(const ServiceResult&, const ServiceResult&) = default;
};

struct LimitsChoice {
  std::string id, text;
  genome::CheckedController controller;
  ServiceResult result = {};
  std::int64_t measured = 0;             // settings of controllers, of which it is the best
  std::set<std::string> looked_at = {};  // of the living and the frontier; nobody is looked at again
};

}  // namespace evo
