// lane_kernels.hpp: the instructions that work on all branches at once, over arrays of lanes.
// Why:      64 lanes of a branch value fit a few vector registers; these loops are written once and compiled
//           for several instruction sets, and the best that this processor has is taken when it starts.
// Use:      lane_kernel()(instruction, frame);
// Promises: results are the same on every instruction set, bit for bit: only additions, comparisons and
//           the like are done in parallel, each lane by itself, and nothing is contracted or reordered.
//           Lanes at and beyond `opened` may be written; nobody reads them before they are opened.
// Threads:  pure functions of the frame.
#pragma once

#include <span>
#include <string_view>

#include "genome/program.hpp"
#include "replay/lanes.hpp"

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

using LaneKernel = void (*)(const genome::Instruction&, const LaneFrame&);

// The best kernel for this processor; EVOTTS_SIMD=portable|sse2|avx2|avx512 in the environment asks for a
// lesser one.
LaneKernel lane_kernel();

// All kernels that this processor can run, the portable one first.
struct NamedKernel {
  std::string_view name;
  LaneKernel run;
};
std::span<const NamedKernel> lane_kernels();

}  // namespace replay
