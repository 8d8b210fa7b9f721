// frame.hpp: where a program finds its slots and the state of the episode, at places fixed beforehand.
// Why:      native code names an operand by a register and an offset; the interpreter reads the same memory,
//           so either may run any part of an episode.
// Use:      const SlotLayout layout(program);   frame.slots + layout.numbers + slot * sizeof(double)
// Promises: standard layout throughout: offsetof() is meant to be used.
// Threads:  values; a frame belongs to one machine.
// Tests:    tests/replay/machine/machine_test.cpp
#pragma once

#include <cstddef>
#include <cstdint>
#include <limits>

#include "genome/program/program.hpp"
#include "replay/machine/lanes.hpp"

namespace replay {

class Machine;

// What programs see of the branches of an episode: a member for each row of observed.def that is of the
// branch. See Episode, which keeps it.
struct SeenBranches {
#define BRANCH_TRUTH(identifier, name, ...) Mask name = 0;
#include "genome/tree/observed.def"
  Mask hidden_ = 0;         // use Episode::hidden()
  Mask revised = 0;         // branches whose answer has changed since somebody last cleared their bit
  std::size_t opened_ = 0;  // use Episode::opened()
  std::int64_t spent_ = 0;  // use Episode::spent()
  // Steps that every active branch has taken since its lanes were written: call Episode::catch_up() before
  // reading `depth` or `tokens`.
  std::int64_t behind_ = 0;
  // The depth of the active branches that are least and most advanced, 0 where none is active; negative
  // while nobody knows. Use Episode::least_depth() and most_depth().
  std::int64_t least_depth_ = kUnknown, most_depth_ = kUnknown;
  static constexpr std::int64_t kUnknown = -1;
#define BRANCH_NUMBER(identifier, name, ...) NumberLanes name;
#include "genome/tree/observed.def"
  // `answer` is the latest of each branch, but for the hidden ones, whose answers nobody has asked for since
  // they were probed: call show() before reading those. Hidden ones come from *_freely alone.
#define BRANCH_ANSWER(identifier, name, ...) AnswerLanes name;
#include "genome/tree/observed.def"
};

// One block of memory holds all slots of a program; these are offsets into it. The first branch slots are
// those of SeenBranches: their places here stay unused.
struct SlotLayout {
  SlotLayout() = default;
  explicit SlotLayout(const genome::Program& program);
  std::uint32_t numbers = 0, truths = 0, answers = 0;           // of the question, one after another
  std::uint32_t masks = 0, answer_lanes = 0, number_lanes = 0;  // of the branch
  std::uint32_t size = 0;
  friend bool operator==(const SlotLayout&, const SlotLayout&) = default;
};

struct NativeFrame;
// A section of a program as a function, see native/program.hpp.
using NativeSection = void (*)(NativeFrame*);
// Null pointers where the program is not translated.
struct NativeSections {
  NativeSection start = nullptr, round = nullptr, answer = nullptr;
};

struct NativeFrame {
  std::byte* slots = nullptr;  // aligned as Lanes
  SeenBranches* branches = nullptr;
  Machine* machine = nullptr;
  double* history = nullptr;  // of memory registers, see Machine::past
  std::int64_t round = 0;

  // The votes counted last.
  enum : std::uint32_t { kUncounted, kOpeningOrder, kFinishingOrder };
  std::uint32_t counted = kUncounted;  // otherwise of `voters`, all weighing the same, in that order
  Mask voters = 0;
  AnswerId top = kNoAnswer;
  double support = 0, runner_up = 0;
  double confidence = 0;  // NaN until somebody asks

  AnswerId final_answer = kNoAnswer;
  std::uint32_t stopped = 0;
};

}  // namespace replay
