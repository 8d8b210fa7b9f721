// trace.hpp: one episode with all its actions, and why it ended and answered as it did.
// Why:      a figure says that a controller lost a question; only the episode says how. People read it, and
//           language models.
// Use:      Trace trace = trace_episode(checked, 0.5, question, ordering(3, question.branches.size()));
//           for (const Action& action : trace.actions) ...
// Promises: the very episode that evaluation scores: `result` is what Machine::run gives without a log, and
//           the costs of the actions sum up to its tokens. The lines are canonical text of the controller.
// Threads:  pure function.
// Tests:    tests/replay/analysis/trace_test.cpp
#pragma once

#include <cstdint>
#include <optional>
#include <span>
#include <string>
#include <string_view>

#include "genome/text/checker.hpp"
#include "replay/machine/action_log.hpp"
#include "replay/machine/machine.hpp"

namespace replay {

enum class Ending : std::uint8_t {
  kStop,    // a stop statement
  kBudget,  // less than an interval of the budget was left; with foresight: no further step fitted into it
  kIdle,    // no branch was active, and the last round moved nothing or there was nothing left to open
  kRounds,  // as many rounds as the controller allows
};

std::string_view name_of(Ending ending);  // "stop", "budget", "idle", "rounds"

struct Trace {
  ActionLog actions;
  EpisodeResult result;
  Ending ending = Ending::kStop;
  // The statement that stopped the episode. Missing when none did, and in the rare cases where it cannot be
  // told: no answer was ever revealed, or the controller is as large as controllers may be.
  std::optional<std::string> stop_line;
  std::optional<std::string> answer_line;  // the line that gave the answer; none without an answer
};

// `signals` are those of the environment, among which the controller's are.
Trace trace_episode(const genome::CheckedController& controller, double beta, const Question& question,
                    std::span<const std::uint32_t> ordering, const EpisodeOptions& options = {},
                    std::span<const std::string> signals = {});

}  // namespace replay
