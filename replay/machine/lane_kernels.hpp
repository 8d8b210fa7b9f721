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
#include <span>
#include <string_view>

#include "genome/program/program.hpp"
#include "replay/machine/lanes.hpp"
#include "replay/machine/step_kernels.hpp"

namespace replay {

// Where an instruction finds its operands.
struct LaneFrame {
  double* const* numbers = nullptr;            // by BN slot: kMaxOpened lanes each, aligned as Lanes
  AnswerId* const* answers = nullptr;          // by BA slot
  Mask* const* truths = nullptr;               // by BT slot
  const double* question_numbers = nullptr;    // by N slot
  const AnswerId* question_answers = nullptr;  // by A slot
  const BlankAnswers* blanks = nullptr;        // see Question::blanks
  std::size_t opened = 0;
};

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

// The opened branches whose answers or numbers differ; bits beyond those mean nothing.
using OtherAnswers = Mask (*)(const AnswerId*, const AnswerId*, std::size_t opened);
using OtherNumbers = Mask (*)(const double*, const double*, std::size_t opened);
// Those whose answer is blank, see Question::blanks; bits beyond the opened ones mean nothing.
using BlankLanes = Mask (*)(const AnswerId*, std::size_t opened, const BlankAnswers&);

struct LaneKernels : StepKernels {
  std::string_view name;
  void (*run)(const genome::Instruction&, const LaneFrame&);
  GroupVotes group_votes;
  Extreme smallest, largest;
  OtherAnswers other_answers;
  OtherNumbers other_numbers;
  BlankLanes blank_lanes;
};

// All that this processor can run, the portable ones first, the best last.
std::span<const LaneKernels> all_lane_kernels();

// The best; EVOTTS_SIMD=portable|sse2|avx2|avx512 in the environment asks for others.
const LaneKernels& lane_kernels();

}  // namespace replay
