// trail.hpp: what was dealt in an episode and what its branches showed.
// Why:      whoever runs a server wants to see later what the controller did, and to use its branches again.
// Use:      outcome.trail = std::make_shared<EpisodeTrail>(trail_of(session, lanes, std::move(log)));
// Promises: plain data. A branch that ended by itself is whole: its text, its tokens and its answer are those
//           of the model alone, whatever became of it afterwards. Looks are those that were made.
// Threads:  values and a pure function.
// Tests:    tests/live/episode/episode_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <optional>
#include <string>
#include <vector>

#include "replay/machine/action_log.hpp"

namespace live {

class Lane;
class Session;

struct TrailLook {
  std::int64_t depth = 0;           // behind so many intervals
  std::string answer;               // as the controller saw it
  std::optional<std::string> said;  // what the model said; nothing: the request failed, or it was not kept
  friend bool operator==(const TrailLook&, const TrailLook&) = default;
};

struct TrailBranch {
  enum class End : std::uint8_t { kUnfinished, kFinished, kPruned, kLost };
  End end = End::kUnfinished;
  std::int64_t tokens = 0;     // that were generated of it
  std::int64_t intervals = 0;  // that have passed
  bool cut = false;            // it ended at a limit of tokens
  std::string answer;          // of kFinished
  std::string error;           // of kLost, where one is known
  std::vector<TrailLook> looks;
  // Of those that the controller reads: a number for each interval and, where it ended, for what follows.
  std::map<std::string, std::vector<double>> signals;
  std::optional<std::string> text;  // nothing: it was not kept
  friend bool operator==(const TrailBranch&, const TrailBranch&) = default;
};

struct EpisodeTrail {
  std::vector<TrailBranch> branches;    // as they were opened
  std::vector<replay::Action> actions;  // their answers are not filled in
  std::size_t actions_left_out = 0;     // behind them
  friend bool operator==(const EpisodeTrail&, const EpisodeTrail&) = default;
};

inline constexpr std::size_t kMostTrailActions = 50'000;

EpisodeTrail trail_of(const Session& session, const std::map<std::size_t, Lane>& lanes,
                      replay::ActionLog actions);

}  // namespace live
