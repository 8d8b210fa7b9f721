// How native code keeps memory registers as they were, and looks back at them.
#include "replay/native/section.hpp"

namespace replay {

using asmjit::Label;

std::int32_t NativeSectionWriter::history_of(std::size_t memory_register) const {
  return static_cast<std::int32_t>(memory_register * static_cast<std::size_t>(program_.rounds) *
                                   sizeof(double));
}

x86::Vec NativeSectionWriter::look_back(const Instruction& in) {
  // genome::whole(rounds back, round): of two operands, one of them NaN, vmaxsd takes the second
  const x86::Vec back = numbers_.fresh(), result = numbers_.fresh();
  const x86::Gp rounds = cc_.newInt64(), then = cc_.newInt64(), history = cc_.newUIntPtr();
  cc_.vmaxsd(back.xmm(), operands_.number(in.b).xmm(), numbers_.constant(0).xmm());
  cc_.vminsd(back.xmm(), back.xmm(), operands_.number(genome::slots::kRound).xmm());
  cc_.vcvttsd2si(rounds, back.xmm());
  cc_.mov(then, operands_.in_frame(offsetof(NativeFrame, round), sizeof(std::int64_t)));
  cc_.mov(history, operands_.in_frame(offsetof(NativeFrame, history), sizeof(double*)));
  cc_.sub(then, rounds);
  const Label done = cc_.newLabel();
  cc_.vmovsd(result.xmm(), x86::qword_ptr(history, then, 3, history_of(in.a)));
  cc_.test(rounds, rounds);
  cc_.jnz(done);
  numbers_.copy(result, operands_.present(program_.memory[in.a]));
  cc_.bind(done);
  return result;
}

// At the end of a round.
void NativeSectionWriter::remember() {
  for (std::size_t i = 0; i < program_.memory.size(); ++i) {
    if (!program_.memory[i].remembered) continue;
    const x86::Gp round = cc_.newInt64(), history = cc_.newUIntPtr();
    cc_.mov(round, operands_.in_frame(offsetof(NativeFrame, round), sizeof(std::int64_t)));
    cc_.mov(history, operands_.in_frame(offsetof(NativeFrame, history), sizeof(double*)));
    numbers_.store(x86::qword_ptr(history, round, 3, history_of(i)), operands_.present(program_.memory[i]));
  }
}

}  // namespace replay
