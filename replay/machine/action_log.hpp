// action_log.hpp: what one episode did, action by action.
// Why:      traces, diagnoses and comparisons read the very episode that was scored, not a second telling.
// Use:      ActionLog log;
//           machine.run(bound, question, ordering, {.log = &log});
//           for (const Action& a : log) ...
// Promises: only actions that were admitted, in the order in which they took effect; their costs sum up to
//           the episode's tokens.
// Threads:  a value.
#pragma once

#include <cstdint>
#include <vector>

#include "replay/environment/environment.hpp"

namespace replay {

enum class ActionKind : std::uint8_t { kBranch, kRead, kContinue, kProbe, kPrune };

struct Action {
  ActionKind kind = ActionKind::kBranch;
  std::uint8_t lane = 0;        // branch, counted from 0 in the order of opening
  bool finished = false;        // this action brought the branch to its end
  bool cut = false;             // the budget ended within it: the branch is pruned, `cost` was left
  int round = -1;               // -1: the start section
  std::int64_t cost = 0;        // tokens
  AnswerId answer = kNoAnswer;  // revealed by it (PROBE and READ)
  friend bool operator==(const Action&, const Action&) = default;
};

using ActionLog = std::vector<Action>;

}  // namespace replay
