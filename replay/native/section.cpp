#include "replay/native/section.hpp"

#include <algorithm>

#include "replay/native/calls.hpp"

namespace replay {

using asmjit::Label;
using genome::Code;
using genome::kEachB;
using genome::kNoSlot;
using x86::CondCode;

NativeSectionWriter::NativeSectionWriter(x86::Compiler& cc, const genome::Program& program,
                                         const SlotLayout& layout, std::size_t begin, std::size_t end,
                                         Width lanes)
    : cc_(cc),
      program_(program),
      begin_(begin),
      end_(end),
      flow_(program, begin, end),
      function_(cc.addFunc(asmjit::FuncSignatureT<void, NativeFrame*>())),
      operands_(cc, flow_, layout, function_),
      numbers_(cc, Width::kOne),
      lanes_(cc, program, flow_, operands_, lanes,
             {.show_hidden = [this] { show_hidden(); },
              .catch_up = [this] { catch_up(); },
              .on_sets = [this](const Instruction& in) { on_sets(in); }}) {
  function_->frame().setAvxEnabled();
  // The register allocator moves values through callee-saved registers that it does not always list as used
  // (rbx, with a set alive across a loop); so all of them are saved.
  using namespace asmjit::x86;
  function_->frame().addDirtyRegs(rbx, r12, r13, r14, r15);
}

Label NativeSectionWriter::write() {
  for (std::size_t at = begin_; at <= end_; ++at) labels_.push_back(cc_.newLabel());
  exit_ = cc_.newLabel();
  for (std::size_t at = begin_; at < end_; ++at) {
    if (flow_.is_landing(at)) {
      lanes_.flush();
      cc_.bind(labels_[at - begin_]);
    }
    if (flow_.is_reached(at)) translate(at);
  }
  lanes_.flush();
  cc_.bind(exit_);
  if (begin_ == program_.round) remember();
  cc_.ret();
  cc_.endFunc();
  return function_->label();
}

void NativeSectionWriter::translate(std::size_t at) {
  const Instruction& in = program_.code[at];
  if (NativeLanes::takes(in)) return lanes_.add(at);
  const bool has_effect = genome::flow_of(in).has_effect;
  const bool passes =
      !has_effect && !is_for_machine(in.code) && !is_done_on_demand(in.code) && lanes_.lets_pass(in);
  if (!passes && NativeLanes::is_on_sets(in)) return lanes_.add(at);
  if (!passes) lanes_.flush();
  // Actions see to that themselves.
  const bool acts = in.code == Code::kAdvance || in.code == Code::kContinue || in.code == Code::kPrune;
  if (!acts && genome::reads_steps(in) && !genome::asks_for_extreme_depth(in)) catch_up();
  const bool done = on_numbers(in) || on_truths(in) || on_answers(in) || on_sets(in) || on_votes(in) ||
                    on_lanes(in) || act(in) || jump(in);
  if (!done) cc_.reportError(asmjit::kErrorInvalidInstruction, "an instruction nobody translates");
}

// ---- lanes that are not up to date

// A word of the episode says whether there is anything to be done.
void NativeSectionWriter::call_unless_zero(std::size_t offset, void (*function)(NativeFrame*)) {
  const Label none = cc_.newLabel();
  cc_.cmp(operands_.in_branches(offset), 0);
  cc_.je(none);
  call(function, x86::Reg());
  cc_.bind(none);
}

void NativeSectionWriter::show_hidden() {
  call_unless_zero(offsetof(SeenBranches, hidden_), &NativeCalls::show);
}

void NativeSectionWriter::catch_up() {
  call_unless_zero(offsetof(SeenBranches, behind_), &NativeCalls::catch_up);
}

// ---- actions

bool NativeSectionWriter::act(const Instruction& in) {
  switch (in.code) {
    case Code::kOpen:
    case Code::kRead: open(in); break;
    case Code::kProbe: call(&NativeCalls::probe, x86::Reg(), operands_.mask(in.a)); break;
    case Code::kAdvance:
    case Code::kContinue: move(in); break;
    case Code::kPrune: prune(in); break;
    case Code::kStop:
      cc_.mov(operands_.in_frame(offsetof(NativeFrame, stopped), sizeof(std::uint32_t)), 1);
      cc_.jmp(exit_);
      break;
    case Code::kAnswer: {
      const Label none = cc_.newLabel();
      const x86::Gp answer = operands_.answer(in.a);
      cc_.cmp(answer, kNoAnswer);
      cc_.je(none);
      cc_.mov(operands_.in_frame(offsetof(NativeFrame, final_answer), sizeof(AnswerId)), answer);
      cc_.jmp(exit_);
      cc_.bind(none);
      break;
    }
    default: return false;
  }
  return true;
}

// Many a program opens what is left in every round. Most often that is nothing, or there is no room.
void NativeSectionWriter::open(const Instruction& in) {
  const Label none = cc_.newLabel();
  const x86::Vec count = operands_.number(in.a);
  cc_.vucomisd(count.xmm(), numbers_.constant(1).xmm());
  cc_.jb(none);
  cc_.cmp(operands_.in_branches(offsetof(SeenBranches, opened_)), kMaxOpened);
  cc_.je(none);
  call(in.code == Code::kOpen ? &NativeCalls::open : &NativeCalls::read, x86::Reg(), count);
  cc_.bind(none);
}

void NativeSectionWriter::move(const Instruction& in) {
  const Label none = cc_.newLabel();
  const x86::Gp set = cc_.newUInt64(), key = cc_.newUIntPtr();
  const bool probing = in.code == Code::kAdvance;
  cc_.mov(set, operands_.mask(in.a));
  cc_.and_(set, operands_.mask(genome::slots::kActive));
  cc_.jz(none);
  if (in.c == kNoSlot)
    cc_.xor_(key.r32(), key.r32());
  else
    cc_.lea(key, operands_.number_lanes(in.c));
  const auto by_one = probing ? &NativeCalls::advance_all : &NativeCalls::proceed_all;
  if ((in.each & kEachB) == 0) {
    call(by_one, x86::Reg(), set, key, operands_.number(in.b));
  } else {
    const Label apart = cc_.newLabel();
    if (const Instruction* const choice = choice_of_steps(in)) {
      const x86::Vec yes = operands_.number(choice->b), no = operands_.number(choice->c);
      cc_.vucomisd(yes.xmm(), no.xmm());
      cc_.jne(apart);
      cc_.jp(apart);
      call(by_one, x86::Reg(), set, key, yes);
      cc_.jmp(none);
    }
    cc_.bind(apart);
    call(probing ? &NativeCalls::advance : &NativeCalls::proceed, x86::Reg(), set, key,
         operands_.address(operands_.number_lanes(in.b)));
  }
  cc_.bind(none);
}

// The choice between two numbers that says how far each branch advances, where it is made just before.
// Nothing acts in between: branches that were opened there would have to stay. For some settings of the knob
// the two are the same number, and all branches can go on together.
const genome::Instruction* NativeSectionWriter::choice_of_steps(const Instruction& move) const {
  using genome::SlotRef;
  using genome::Space;
  const auto at = static_cast<std::size_t>(&move - program_.code.data());
  std::vector<SlotRef> written;
  for (std::size_t i = at; i > begin_ && !flow_.is_landing(i);) {
    const Instruction& in = program_.code[--i];
    const genome::Flow flow = genome::flow_of(in);
    if (flow.has_effect) return nullptr;
    if (flow.write != SlotRef{Space::kBN, move.b}) {
      written.push_back(flow.write);
      continue;
    }
    const bool numbers = in.code == Code::kBPickNumber && (in.each & (kEachB | genome::kEachC)) == 0;
    const auto kept = [&](Slot slot) {
      return std::ranges::find(written, SlotRef{Space::kN, slot}) == written.end();
    };
    return numbers && kept(in.b) && kept(in.c) ? &in : nullptr;
  }
  return nullptr;
}

void NativeSectionWriter::prune(const Instruction& in) {
  const Label none = cc_.newLabel();
  const x86::Gp set = cc_.newUInt64(), key = cc_.newUIntPtr();
  cc_.mov(set, operands_.mask(in.a));
  cc_.and_(set, operands_.mask(genome::slots::kActive));
  cc_.jz(none);
  if (in.b == kNoSlot)
    cc_.xor_(key.r32(), key.r32());
  else
    cc_.lea(key, operands_.number_lanes(in.b));
  call(&NativeCalls::prune, x86::Reg(), set, key,
       in.c == kNoSlot ? numbers_.constant(0) : operands_.number(in.c));
  cc_.bind(none);
}

// ---- control

bool NativeSectionWriter::jump(const Instruction& in) {
  if (in.code == Code::kEnd) {
    cc_.jmp(exit_);
    return true;
  }
  if (!genome::is_jump(in.code)) return false;
  const Label& to = labels_.at(in.to - begin_);
  switch (in.code) {
    case Code::kJump: cc_.jmp(to); break;
    case Code::kJumpIf:
    case Code::kJumpUnless: {
      const x86::Gp truth = operands_.truth(in.a);
      cc_.test(truth, truth);
      cc_.j(in.code == Code::kJumpIf ? CondCode::kNZ : CondCode::kZ, to);
      break;
    }
    case Code::kJumpUnlessBoth:
      cc_.test(operands_.truth(in.a), operands_.truth(in.b));
      cc_.jz(to);
      break;
    case Code::kJumpIfAny:
    case Code::kJumpUnlessAny: {
      const x86::Gp set = operands_.mask_of_opened(in.a);
      cc_.test(set, set);
      cc_.j(in.code == Code::kJumpIfAny ? CondCode::kNZ : CondCode::kZ, to);
      break;
    }
    default: jump_unless(in);
  }
  return true;
}

// On a comparison; one with NaN, were there any, holds for != alone.
void NativeSectionWriter::jump_unless(const Instruction& in) {
  const Label& to = labels_.at(in.to - begin_);
  const x86::Vec a = operands_.number(in.a), b = operands_.number(in.b);
  const bool turned = in.code == Code::kJumpUnlessLess || in.code == Code::kJumpUnlessLessEqual;
  cc_.vucomisd((turned ? b : a).xmm(), (turned ? a : b).xmm());
  switch (in.code) {
    case Code::kJumpUnlessLess:
    case Code::kJumpUnlessGreater: cc_.jbe(to); break;
    case Code::kJumpUnlessLessEqual:
    case Code::kJumpUnlessGreaterEqual: cc_.jb(to); break;
    case Code::kJumpUnlessEqual:
      cc_.jne(to);
      cc_.jp(to);
      break;
    default: {  // kJumpUnlessNotEqual
      const Label differ = cc_.newLabel();
      cc_.jp(differ);
      cc_.je(to);
      cc_.bind(differ);
    }
  }
}

}  // namespace replay
