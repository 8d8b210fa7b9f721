// step_kernels.hpp: how far the branches of an episode have come, and moving them on, many at once.
// Why:      every round advances most branches; their steps lie in arrays that fit a few vector registers.
// Use:      const Advanced done = lane_kernels().advance(steps, {.set = active, .by_all = 1, .opened = n});
// Promises: results are the same on every instruction set. Lanes at and beyond `opened` may be written.
// Threads:  pure functions of their arguments.
// Tests:    tests/replay/machine/lane_kernels_test.cpp
#pragma once

#include <array>
#include <cstdint>
#include <limits>

#include "genome/base/arithmetic.hpp"
#include "genome/tree/observed.hpp"
#include "replay/machine/lanes.hpp"

namespace replay {

// Where the opened branches stand in their recordings, a lane each, in steps of an interval.
struct StepLanes {
  alignas(64) std::array<std::int32_t, kMaxOpened> taken{};   // d: steps behind it
  alignas(64) std::array<std::int32_t, kMaxOpened> length{};  // L: steps before the last one
  alignas(64) std::array<std::int32_t, kMaxOpened> shown{};   // d at the latest probe, 0 before the first
  alignas(64) std::array<std::int32_t, kMaxOpened> first{};   // index of p1 in Question::probes
  alignas(64) std::array<std::int32_t, kMaxOpened> before{};  // d when the stage began, see Advance::stepped
};

struct Advance {
  Mask set = 0;
  const double* by = nullptr;  // steps of each lane; none: by_all
  std::int32_t by_all = 0;
  bool probing = false;  // each step is followed by a probe
  std::size_t opened = 0;
  // Those that have moved in this stage: their `before` is there. It is put down for others that move and do
  // not end; that of any other lane may be written, too.
  Mask stepped = 0;
  // Where it is to be told how far those have come that moved and do not end: in steps, and in tokens. Either
  // may be what `by` points at. REQUIRES: `depth` is right for all others already.
  double* depth = nullptr;
  double* tokens = nullptr;
  double interval = 0;  // tokens of a step
};

// A number of steps from what a program computed: rounded down, within [0, 2^31 - 1].
inline std::int32_t steps_from(double by) {
  return static_cast<std::int32_t>(genome::whole(by, std::numeric_limits<std::int32_t>::max()));
}

struct Advanced {
  Mask moving = 0;           // branches of the set that were asked for a step or more
  Mask ending = 0;           // those of them that come to their end; their lanes are left as they are
  std::int64_t steps = 0;    // taken by the others together
  std::int32_t longest = 0;  // the most that one of the others has taken in this stage
};

// What so many steps of each would do to a set of branches.
struct Surveyed {
  Mask ending = 0;  // those that would come to their end
  // Of the others, when there are any: the fewest steps that one of them has left before its last, and the
  // least and the most that one has behind it. They are as yet untaken.
  std::int32_t left = std::numeric_limits<std::int32_t>::max();
  std::int32_t least = std::numeric_limits<std::int32_t>::max();
  std::int32_t most = 0;
  int going = 0;  // how many those are
};

// How answers have changed, for those who watch it.
struct Runs {
  double* streak;   // latest probes in a row with the same answer; 0 before the first
  double* changes;  // probes whose answer was another than that of the probe before

  // Their slots, as in Program::watched.
  static constexpr std::uint32_t kSlots = 1U << genome::slots::kStreak | 1U << genome::slots::kChanges;
};
// Branches whose lanes are so many steps behind, each of which was followed by a probe.
struct Behind {
  Mask set = 0;
  std::int32_t steps = 0;
};

struct StepKernels {
  Advanced (*advance)(StepLanes&, const Advance&);
  Surveyed (*survey)(const StepLanes&, Mask set, std::size_t opened, std::int32_t by);
  // The answers that hidden branches showed at their latest probe, put into `answers`. Returns the branches
  // whose answer is another one than before. `probes` is Question::probes.
  Mask (*show)(const StepLanes&, Mask hidden, std::size_t opened, const AnswerId* probes, AnswerId* answers,
               const Behind& behind);
  // show() for branches that have been probed once more, which counts the probe in `runs`.
  Mask (*show_counted)(const StepLanes&, Mask hidden, std::size_t opened, const AnswerId* probes,
                       AnswerId* answers, const Runs& runs);
};

// REQUIRES: the processor has the instruction set.
const StepKernels& portable_steps();
const StepKernels& avx2_steps();
const StepKernels& avx512_steps();

}  // namespace replay
