// replays.hpp: what a controller shows on a recorded question, in many episodes of replay.
// Why:      controllers choose which branches go on by what these show, so nothing of it can be compared with
//           the recording as it lies there; under the same controller the choice is the same.
// Use:      const Replays replays = replay_question(pool, question, task, 1000, seed);
// Promises: `sum` is over orderings as evotts eval deals them, so its means are what replay promises. In
//           `episodes` each branch is drawn from all of them again: they differ as episodes of the model
//           would, if it were as recorded, whatever share of the recording an episode takes.
// Threads:  pure functions.
// Tests:    tests/live/audit/comparison_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <map>
#include <vector>

#include "genome/program/program.hpp"
#include "live/audit/recorded_pool.hpp"
#include "replay/machine/episode.hpp"
#include "replay/machine/signal_columns.hpp"

namespace live {

struct ReplayTask {
  const genome::BoundProgram& program;
  replay::EpisodeOptions options;
  replay::SignalColumns columns;
  std::size_t episodes = 1000;
  std::uint64_t seed = 0;
};

struct Replays {
  Tally sum{};
  std::size_t count = 0;  // of episodes in the sum
  std::vector<Tally> episodes;
  double opened = 0;                            // branches of an episode, on average
  std::map<std::int64_t, std::size_t> lengths;  // of the branches that ended in it: how many had which
};

Replays replay_question(const RecordedPool& pool, const replay::Question& question, const ReplayTask& task,
                        std::uint64_t number);

}  // namespace live
