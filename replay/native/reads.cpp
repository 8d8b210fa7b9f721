// What native code reads of the machine: votes, and memory registers as they were.
#include "replay/native/calls.hpp"
#include "replay/native/section.hpp"

namespace replay {

using asmjit::Label;
using genome::Code;
using genome::kEachB;
using genome::kNoSlot;

// ---- votes

bool NativeSectionWriter::on_votes(const Instruction& in) {
  const auto read = [&](std::size_t offset) {
    operands_.set_number(in.to, numbers_.load(operands_.in_frame(offset, sizeof(double))));
  };
  const auto ask = [&](double (*function)(NativeFrame*)) {
    const x86::Vec result = numbers_.fresh();
    call(function, result);
    operands_.set_number(in.to, result);
  };
  switch (in.code) {
    case Code::kTally: tally(in); break;
    case Code::kTop: {
      const x86::Gp top = cc_.newInt32();
      cc_.mov(top, operands_.in_frame(offsetof(NativeFrame, top), sizeof(AnswerId)));
      operands_.set_answer(in.to, top);
      break;
    }
    case Code::kSupport: read(offsetof(NativeFrame, support)); break;
    case Code::kRunnerUp: read(offsetof(NativeFrame, runner_up)); break;
    case Code::kDistinct: ask(&NativeCalls::distinct); break;
    case Code::kEntropy: ask(&NativeCalls::entropy); break;
    case Code::kConfidence: confidence(in); break;
    case Code::kVotes: {
      const x86::Vec result = numbers_.fresh();
      call(&NativeCalls::votes, result, operands_.answer(in.a));
      operands_.set_number(in.to, result);
      break;
    }
    default: return false;
  }
  return true;
}

void NativeSectionWriter::tally(const Instruction& in) {
  const x86::Gp set = operands_.mask_of_opened(in.a);
  const asmjit::Imm which = asmjit::imm(NativeCalls::count_of(in));
  if (in.b != kNoSlot) {
    if ((in.each & kEachB) != 0)
      call(&NativeCalls::tally_weighed, x86::Reg(), set, which,
           operands_.address(operands_.number_lanes(in.b)));
    else
      call(&NativeCalls::tally_weighed_all, x86::Reg(), set, which, operands_.number(in.b));
    return;
  }
  // The machine asks the same questions once more, but most often there is nothing to count.
  const Label count = cc_.newLabel(), done = cc_.newLabel();
  cc_.cmp(operands_.in_frame(offsetof(NativeFrame, voters), sizeof(Mask)), set);
  cc_.jne(count);
  cc_.cmp(operands_.in_frame(offsetof(NativeFrame, counted), sizeof(std::uint32_t)),
          in.c != 0 ? NativeFrame::kFinishingOrder : NativeFrame::kOpeningOrder);
  cc_.jne(count);
  const x86::Gp changed = cc_.newUInt64();
  cc_.mov(changed, operands_.in_branches(offsetof(SeenBranches, revised)));
  cc_.or_(changed, operands_.in_branches(offsetof(SeenBranches, hidden_)));
  cc_.test(changed, set);
  cc_.jz(done);
  cc_.bind(count);
  call(&NativeCalls::tally, x86::Reg(), set, which);
  cc_.bind(done);
}

void NativeSectionWriter::confidence(const Instruction& in) {
  const Label known = cc_.newLabel();
  const x86::Vec result =
      numbers_.load(operands_.in_frame(offsetof(NativeFrame, confidence), sizeof(double)));
  cc_.vucomisd(result.xmm(), result.xmm());
  cc_.jnp(known);
  call(&NativeCalls::confidence, result);
  cc_.bind(known);
  operands_.set_number(in.to, result);
}

// ---- the past

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
