// planner.hpp: what a statement needs of its branches that is not known yet.
// Why:      all of it is asked for at once, so that a model works on all branches of a statement together.
// Use:      plan(stepper.statement(), stepper.episode(), table, limits, wants);
// Promises: nothing is added when the statement can be carried out. Under a budget so many steps as fit when
//           each costs an interval, in the order of the statement; when they turn out to be cheaper, planning
//           again tells the rest. Nothing is wanted of a branch that has ended.
// Threads:  pure function.
// Tests:    tests/live/session/session_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <vector>

#include "live/session/growing_question.hpp"
#include "live/session/want.hpp"
#include "replay/stepping/stepper.hpp"

namespace live {

struct PlanningLimits {
  std::optional<std::int64_t> budget;
  std::int64_t probe_cost = 0;
  bool look_always = false;
};

// Appended to `wants`.
void plan(const replay::Statement& statement, const replay::Episode& episode, const GrowingQuestion& table,
          const PlanningLimits& limits, std::vector<Want>& wants);

}  // namespace live
