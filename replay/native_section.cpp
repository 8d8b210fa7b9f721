#include "replay/native_section.hpp"

#include "genome/arithmetic.hpp"
#include "replay/native_calls.hpp"

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
              .on_sets = [this](const Instruction& in) { on_sets(in); }}) {
  function_->frame().setAvxEnabled();
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
  const bool passes = !has_effect && !is_for_machine(in.code) && lanes_.lets_pass(in);
  if (!passes && NativeLanes::is_on_sets(in)) return lanes_.add(at);
  if (!passes) lanes_.flush();
  const bool done = on_numbers(in) || on_truths(in) || on_answers(in) || on_sets(in) || on_votes(in) ||
                    on_lanes(in) || act(in) || jump(in);
  if (!done) cc_.reportError(asmjit::kErrorInvalidInstruction, "an instruction nobody translates");
}

template <typename Result, typename... Parameters, typename... Operands>
void NativeSectionWriter::call(Result (*function)(Parameters...), const x86::Reg& result,
                               const Operands&... operands) {
  asmjit::InvokeNode* node = nullptr;
  cc_.invoke(&node, asmjit::imm(reinterpret_cast<void*>(function)),
             asmjit::FuncSignatureT<Result, Parameters...>());
  if (node == nullptr) return;  // the error is reported already
  std::size_t i = 0;
  if constexpr (sizeof...(Parameters) == sizeof...(Operands) + 1) node->setArg(i++, operands_.frame());
  (node->setArg(i++, operands), ...);
  if constexpr (!std::is_void_v<Result>) node->setRet(0, result);
}

// ---- values of the question

bool NativeSectionWriter::on_numbers(const Instruction& in) {
  if (NativeVectors::knows(in.code)) {
    const genome::Flow flow = genome::flow_of(in);
    const auto operand = [&](int i, Slot slot) {
      return flow.read[static_cast<std::size_t>(i)].space == genome::Space::kNone ? x86::Vec()
                                                                                  : operands_.number(slot);
    };
    const x86::Vec a = operand(0, in.a), b = operand(1, in.b), c = operand(2, in.c);
    operands_.set_number(in.to, numbers_.apply(in.code, a, b, c));
    return true;
  }
  switch (in.code) {
    case Code::kExp:
    case Code::kLog:
    case Code::kPower:
    case Code::kMod:
    case Code::kRounded:
    case Code::kBetaConfidence: call_slow(in); return true;
    case Code::kAgoNumber: operands_.set_number(in.to, look_back(in)); return true;
    case Code::kPickNumber: {
      const x86::Vec result = numbers_.fresh();
      const Label done = cc_.newLabel();
      const x86::Vec yes = operands_.number(in.b), no = operands_.number(in.c);
      const x86::Gp condition = operands_.truth(in.a);
      numbers_.copy(result, yes);
      cc_.test(condition, condition);
      cc_.jnz(done);
      numbers_.copy(result, no);
      cc_.bind(done);
      operands_.set_number(in.to, result);
      return true;
    }
    case Code::kMoveNumber: {
      const x86::Vec copy = numbers_.fresh();
      numbers_.copy(copy, operands_.number(in.a));
      operands_.set_number(in.to, copy);
      return true;
    }
    default: return false;
  }
}

void NativeSectionWriter::call_slow(const Instruction& in) {
  const x86::Vec result = numbers_.fresh();
  const auto a = [&] { return operands_.number(in.a); };
  const auto b = [&] { return operands_.number(in.b); };
  switch (in.code) {
    case Code::kExp: call(&genome::exponential, result, a()); break;
    case Code::kLog: call(&genome::logarithm, result, a()); break;
    case Code::kPower: call(&genome::power, result, a(), b()); break;
    case Code::kMod: call(&genome::modulo, result, a(), b()); break;
    case Code::kRounded: call(&genome::rounded, result, a(), b()); break;
    default: call(&genome::beta_confidence, result, a(), b()); break;
  }
  operands_.set_number(in.to, result);
}

x86::Gp NativeSectionWriter::picked(const x86::Gp& condition, const x86::Gp& yes, const x86::Gp& no) {
  const x86::Gp result = cc_.newUInt32();
  cc_.mov(result, no);
  cc_.test(condition, condition);
  cc_.cmovnz(result, yes);
  return result;
}

void NativeSectionWriter::set_from_flags(Slot to, CondCode condition) {
  const x86::Gp result = cc_.newUInt32();
  cc_.set(condition, result.r8());
  cc_.movzx(result, result.r8());
  operands_.set_truth(to, result);
}

bool NativeSectionWriter::on_truths(const Instruction& in) {
  if (NativeVectors::is_comparison(in.code)) {
    const x86::Reg truths = numbers_.compare(in.code, operands_.number(in.a), operands_.number(in.b));
    const x86::Gp result = cc_.newUInt32();
    cc_.vmovd(result, truths.as<x86::Vec>().xmm());
    cc_.and_(result, 1);
    operands_.set_truth(in.to, result);
    return true;
  }
  const auto result_of = [&](auto emit) {
    const x86::Gp a = operands_.truth(in.a), result = cc_.newUInt32();
    cc_.mov(result, a);
    emit(result);
    operands_.set_truth(in.to, result);
  };
  switch (in.code) {
    case Code::kAnd: result_of([&](auto& r) { cc_.and_(r, operands_.truth(in.b)); }); break;
    case Code::kOr: result_of([&](auto& r) { cc_.or_(r, operands_.truth(in.b)); }); break;
    case Code::kNot: result_of([&](auto& r) { cc_.xor_(r, 1); }); break;
    case Code::kMoveTruth: result_of([](auto&) {}); break;
    case Code::kSameTruth:
      result_of([&](auto& r) {
        cc_.xor_(r, operands_.truth(in.b));
        cc_.xor_(r, 1);
      });
      break;
    case Code::kPickTruth:
      operands_.set_truth(in.to, picked(operands_.truth(in.a), operands_.truth(in.b), operands_.truth(in.c)));
      break;
    case Code::kAgoTruth: {
      const x86::Vec past = look_back(in);
      const x86::Gp result = cc_.newUInt32();
      cc_.vcvttsd2si(result, past.xmm());  // 0 or 1
      operands_.set_truth(in.to, result);
      break;
    }
    default: return false;
  }
  return true;
}

bool NativeSectionWriter::on_answers(const Instruction& in) {
  switch (in.code) {
    case Code::kSameAnswer:
      cc_.cmp(operands_.answer(in.a), operands_.answer(in.b));
      set_from_flags(in.to, CondCode::kE);
      break;
    case Code::kExists:
      cc_.cmp(operands_.answer(in.a), kNoAnswer);
      set_from_flags(in.to, CondCode::kNE);
      break;
    case Code::kBlank: {
      const x86::Gp result = cc_.newUInt32();
      call(&NativeCalls::is_blank, result, operands_.answer(in.a));
      operands_.set_truth(in.to, result);
      break;
    }
    case Code::kPickAnswer:
      operands_.set_answer(in.to,
                           picked(operands_.truth(in.a), operands_.answer(in.b), operands_.answer(in.c)));
      break;
    case Code::kMoveAnswer: {
      const x86::Gp copy = cc_.newInt32();
      cc_.mov(copy, operands_.answer(in.a));
      operands_.set_answer(in.to, copy);
      break;
    }
    case Code::kAgoAnswer: {
      const x86::Vec past = look_back(in);
      const x86::Gp result = cc_.newInt32();
      cc_.vcvttsd2si(result, past.xmm());
      operands_.set_answer(in.to, result);
      break;
    }
    default: return false;
  }
  return true;
}

// ---- sets of branches as words

bool NativeSectionWriter::on_sets(const Instruction& in) {
  const x86::Gp result = cc_.newUInt64();
  switch (in.code) {
    case Code::kBAnd:
      cc_.mov(result, operands_.mask(in.a));
      cc_.and_(result, operands_.mask(in.b));
      break;
    case Code::kBOr:
      cc_.mov(result, operands_.mask(in.a));
      cc_.or_(result, operands_.mask(in.b));
      break;
    case Code::kBNot:
      cc_.mov(result, operands_.mask(in.a));
      cc_.not_(result);
      break;
    case Code::kBSameTruth:
      cc_.mov(result, operands_.mask(in.a));
      cc_.xor_(result, operands_.mask(in.b));
      cc_.not_(result);
      break;
    case Code::kBPickTruth: {
      const x86::Gp where = operands_.mask(in.a), rest = cc_.newUInt64();
      cc_.andn(rest, where, operands_.mask(in.c));
      cc_.mov(result, operands_.mask(in.b));
      cc_.and_(result, where);
      cc_.or_(result, rest);
      break;
    }
    case Code::kStoreTruths: {
      const x86::Gp where = operands_.mask(in.b), rest = cc_.newUInt64();
      cc_.andn(rest, where, operands_.mask(in.to));
      cc_.mov(result, operands_.mask(in.a));
      cc_.and_(result, where);
      cc_.or_(result, rest);
      break;
    }
    case Code::kSplatTruth:
      cc_.mov(result.r32(), operands_.truth(in.a));
      cc_.neg(result);
      break;
    case Code::kSnapshotTruth: {
      const x86::Gp opened = operands_.mask_of_opened(in.a);
      cc_.mov(result, opened);
      break;
    }
    case Code::kClearTruths: cc_.xor_(result.r32(), result.r32()); break;
    default: return false;
  }
  operands_.set_mask(in.to, result);
  return true;
}

// What is said of a set or of lanes, for the question.
bool NativeSectionWriter::on_lanes(const Instruction& in) {
  const auto reduce = [&](double (*function)(NativeFrame*, const double*, Mask)) {
    const x86::Vec result = numbers_.fresh();
    const x86::Gp set = operands_.mask(in.b);
    call(function, result, operands_.address(operands_.number_lanes(in.a)), set);
    operands_.set_number(in.to, result);
  };
  switch (in.code) {
    case Code::kCount: {
      const x86::Gp count = cc_.newUInt64();
      const x86::Vec result = numbers_.constant(0);
      cc_.popcnt(count, operands_.mask_of_opened(in.a));
      cc_.vcvtsi2sd(result.xmm(), result.xmm(), count);
      operands_.set_number(in.to, result);
      break;
    }
    case Code::kAny: {
      const x86::Gp set = operands_.mask_of_opened(in.a);
      cc_.test(set, set);
      set_from_flags(in.to, CondCode::kNZ);
      break;
    }
    case Code::kAll: {
      const x86::Gp rest = cc_.newUInt64(), of = operands_.mask_of_opened(in.b);
      cc_.andn(rest, operands_.mask(in.a), of);
      cc_.test(rest, rest);
      set_from_flags(in.to, CondCode::kZ);
      break;
    }
    case Code::kSum: reduce(&NativeCalls::sum); break;
    case Code::kMean: reduce(&NativeCalls::mean); break;
    case Code::kSmallest: reduce(&NativeCalls::smallest); break;
    case Code::kLargest: reduce(&NativeCalls::largest); break;
    case Code::kBBlank: {
      if (in.a == genome::slots::kAnswer) show_hidden();
      const x86::Gp result = cc_.newUInt64();
      call(&NativeCalls::blank_lanes, result, operands_.address(operands_.answer_lanes(in.a)));
      operands_.set_mask(in.to, result);
      break;
    }
    case Code::kBVotes:
      if (in.a == genome::slots::kAnswer) show_hidden();
      call(&NativeCalls::votes_of_each, x86::Reg(), operands_.address(operands_.answer_lanes(in.a)),
           operands_.address(operands_.number_lanes(in.to)));
      break;
    default:
      if (!is_for_machine(in.code)) return false;
      call(&NativeCalls::interpret, x86::Reg(), asmjit::imm(&in));
  }
  return true;
}

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
  const asmjit::Imm as_finished = asmjit::imm(in.c);
  if (in.b != kNoSlot) {
    if ((in.each & kEachB) != 0)
      call(&NativeCalls::tally_weighed, x86::Reg(), set, as_finished,
           operands_.address(operands_.number_lanes(in.b)));
    else
      call(&NativeCalls::tally_weighed_all, x86::Reg(), set, as_finished, operands_.number(in.b));
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
  call(&NativeCalls::tally, x86::Reg(), set, as_finished);
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

void NativeSectionWriter::show_hidden() {
  const Label none = cc_.newLabel();
  cc_.cmp(operands_.in_branches(offsetof(SeenBranches, hidden_)), 0);
  cc_.je(none);
  call(&NativeCalls::show, x86::Reg());
  cc_.bind(none);
}

// ---- the past of memory registers

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

// ---- actions

bool NativeSectionWriter::act(const Instruction& in) {
  switch (in.code) {
    case Code::kOpen: call(&NativeCalls::open, x86::Reg(), operands_.number(in.a)); break;
    case Code::kRead: call(&NativeCalls::read, x86::Reg(), operands_.number(in.a)); break;
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
  if ((in.each & kEachB) != 0)
    call(probing ? &NativeCalls::advance : &NativeCalls::proceed, x86::Reg(), set, key,
         operands_.address(operands_.number_lanes(in.b)));
  else
    call(probing ? &NativeCalls::advance_all : &NativeCalls::proceed_all, x86::Reg(), set, key,
         operands_.number(in.b));
  cc_.bind(none);
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
