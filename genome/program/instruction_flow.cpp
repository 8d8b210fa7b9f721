#include "genome/program/instruction_flow.hpp"

#include <algorithm>
#include <string_view>

#include "genome/base/check.hpp"

namespace genome {
namespace {

constexpr std::string_view kSignatures[] = {
#define NUMBER1(name, op, function) "N=N", "n=n",
#define NUMBER2(name, op, function) "N=NN", "n=xx",
#define NUMBER3(name, op, function) "N=NNN", "n=xxx",
#define COMPARE(name, op, symbol) "T=NN", "t=xx", "!NN",
#define CODE(name, signature, meaning) signature,
#include "genome/program/codes.def"
};

Space space_of(char letter, bool each) {
  switch (letter) {
    case 'N': return Space::kN;
    case 'T': return Space::kT;
    case 'A': return Space::kA;
    case 'n': return Space::kBN;
    case 't': return Space::kBT;
    case 'a': return Space::kBA;
    case 'x': return each ? Space::kBN : Space::kN;
    case 'y': return each ? Space::kBA : Space::kA;
    default: return Space::kNone;
  }
}

}  // namespace

Flow flow_of(const Instruction& in) {
  std::string_view signature = kSignatures[static_cast<std::size_t>(in.code)];
  Flow flow;
  if (signature.front() == '!') {
    flow.has_effect = true;
    signature.remove_prefix(1);
  } else {
    flow.write = {space_of(signature.front(), true), in.to};
    signature.remove_prefix(2);
  }
  EVOTTS_CHECK(signature.size() <= flow.read.size());
  const Slot operands[] = {in.a, in.b, in.c};
  for (std::size_t i = 0; i < signature.size(); ++i) {
    if (operands[i] != kNoSlot) flow.read[i] = {space_of(signature[i], (in.each >> i & 1) != 0), operands[i]};
    if (flow.read[i].space == Space::kNone) flow.read[i].slot = kNoSlot;
  }
  return flow;
}

bool is_jump(Code code) {
  switch (code) {
#define COMPARE(name, op, symbol) case Code::kJumpUnless##name:
#include "genome/program/codes.def"
    case Code::kJump:
    case Code::kJumpIf:
    case Code::kJumpUnless:
    case Code::kJumpUnlessBoth:
    case Code::kJumpUnlessAny:
    case Code::kJumpIfAny: return true;
    default: return false;
  }
}

bool reads_steps(const Instruction& instruction) {
  return std::ranges::any_of(flow_of(instruction).read, [](SlotRef slot) {
    return slot.space == Space::kBN && (slot.slot == slots::kDepth || slot.slot == slots::kTokens);
  });
}

}  // namespace genome
