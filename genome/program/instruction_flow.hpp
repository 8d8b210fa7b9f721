// instruction_flow.hpp: which slots an instruction reads and writes.
// Why:      passes over compiled code and their tests ask this of every instruction; codes.def says it once.
// Use:      const Flow flow = flow_of(instruction);
//           if (!flow.has_effect && flow.write.slot is never read) drop it;
// Promises: register slots that ago() looks back at are read by the machine itself, and are not listed.
// Threads:  pure functions.
#pragma once

#include <array>
#include <span>

#include "genome/program/program.hpp"

namespace genome {

// Where a slot lies: numbers, truths and answers of the question, then of the branch.
enum class Space : std::uint8_t { kNone, kN, kT, kA, kBN, kBT, kBA };
inline constexpr std::size_t kSpaces = 6;  // beside kNone

struct SlotRef {
  Space space = Space::kNone;
  Slot slot = kNoSlot;
  friend auto operator<=>(const SlotRef&, const SlotRef&) = default;
};

struct Flow {
  SlotRef write;                // kNone when nothing is written
  std::array<SlotRef, 3> read;  // of operands a, b and c; kNone where there is none
  bool has_effect = false;      // does more than write its slot: acts, jumps, ends, or counts votes
};

Flow flow_of(const Instruction& instruction);

bool is_jump(Code code);

// Whether it reads how far each branch has come: depth or tokens.
bool reads_steps(const Instruction& instruction);

// The least or the largest depth of active branches, which an episode knows without looking at each of them.
constexpr bool asks_for_extreme_depth(const Instruction& in) {
  return (in.code == Code::kSmallest || in.code == Code::kLargest) && in.a == slots::kDepth &&
         in.b == slots::kActive;
}

}  // namespace genome
