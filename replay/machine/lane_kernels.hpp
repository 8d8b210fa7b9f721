// lane_kernels.hpp: the instructions that work on all branches at once, over arrays of lanes.
// Why:      64 lanes of a branch value fit a few vector registers; these loops are written once and compiled
//           for several instruction sets, and the best that this processor has is taken when it starts.
// Use:      lane_kernels().run(instruction, frame);
// Promises: results are the same on every instruction set, bit for bit: only additions, comparisons and
//           the like are done in parallel, each lane by itself, and nothing is contracted or reordered.
//           Lanes at and beyond `opened` may be written; nobody reads them before they are opened.
// Threads:  pure functions of the frame.
// Tests:    tests/replay/machine/lane_kernels_test.cpp
#pragma once

#include <array>
#include <cstdint>
#include <limits>
#include <span>
#include <string_view>

#include "genome/base/arithmetic.hpp"
#include "genome/program/program.hpp"
#include "replay/machine/lanes.hpp"

namespace replay {

// Where an instruction finds its operands.
struct LaneFrame {
  double* const* numbers = nullptr;            // by BN slot: kMaxOpened lanes each, aligned as Lanes
  AnswerId* const* answers = nullptr;          // by BA slot
  Mask* const* truths = nullptr;               // by BT slot
  const double* question_numbers = nullptr;    // by N slot
  const AnswerId* question_answers = nullptr;  // by A slot
  const std::uint8_t* blank = nullptr;         // by AnswerId, see Question::blank
  std::size_t opened = 0;
};

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

// The answers that hidden branches showed at their latest probe, put into `answers`. Returns the branches
// whose answer is another one than before. `probes` is Question::probes.
using Show = Mask (*)(const StepLanes&, Mask hidden, std::size_t opened, const AnswerId* probes,
                      AnswerId* answers);

// How answers have changed, for those who watch it.
struct Runs {
  double* streak;   // latest probes in a row with the same answer; 0 before the first
  double* changes;  // probes whose answer was another than that of the probe before

  // Their slots, as in Program::watched.
  static constexpr std::uint32_t kSlots = 1U << genome::slots::kStreak | 1U << genome::slots::kChanges;
};
// show() for branches that have been probed once more, which counts the probe in `runs`.
using ShowCounted = Mask (*)(const StepLanes&, Mask hidden, std::size_t opened, const AnswerId* probes,
                             AnswerId* answers, const Runs& runs);

// Who of the set gives which answer: the answers as they are first seen in the order of lanes, the lanes of
// each, and how many these are. Returns how many answers there are; branches without one do not vote. Ids
// are below `answers_known`.
struct Grouped {
  AnswerId* seen;
  Mask* voters;
  double* votes;
};
using GroupVotes = std::size_t (*)(const AnswerId* answers, Mask set, std::size_t opened,
                                   std::size_t answers_known, const Grouped& to);

// The smallest or the largest of a value over a set of opened branches that is not empty: of equal ones, the
// first. REQUIRES: no lane of the set is NaN.
using Extreme = double (*)(const double* value, Mask set, std::size_t opened);

struct LaneKernels {
  std::string_view name;
  void (*run)(const genome::Instruction&, const LaneFrame&);
  Advanced (*advance)(StepLanes&, const Advance&);
  Show show;
  ShowCounted show_counted;
  GroupVotes group_votes;
  Extreme smallest, largest;
};

// All that this processor can run, the portable ones first, the best last.
std::span<const LaneKernels> all_lane_kernels();

// The best; EVOTTS_SIMD=portable|sse2|avx2|avx512 in the environment asks for others.
const LaneKernels& lane_kernels();

}  // namespace replay
