// Instructions on numbers, truths, answers and sets, each as a whole.
#include "genome/base/arithmetic.hpp"
#include "replay/native/calls.hpp"
#include "replay/native/demand.hpp"
#include "replay/native/section.hpp"

namespace replay {

using asmjit::Label;
using genome::Code;
using x86::CondCode;

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
  if (genome::asks_for_extreme_depth(in)) {
    extreme_depth(in);
    return true;
  }
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
    case Code::kGather: call(&NativeCalls::gather, x86::Reg(), asmjit::imm(&in)); break;
    case Code::kBVotes: {
      const Label none = cc_.newLabel();
      if (in.a == genome::slots::kAnswer) show_hidden();
      const x86::Gp set = demanded(in, none);
      call(&NativeCalls::votes_of_each, x86::Reg(), operands_.address(operands_.answer_lanes(in.a)),
           operands_.address(operands_.number_lanes(in.to)), set);
      cc_.bind(none);
      break;
    }
    default:
      if (!is_for_machine(in.code)) return false;
      if (is_slow_function(in.code)) {
        const Label none = cc_.newLabel();
        call(&NativeCalls::slow_function, x86::Reg(), asmjit::imm(&in), demanded(in, none));
        cc_.bind(none);
      } else {
        call(&NativeCalls::interpret, x86::Reg(), asmjit::imm(&in));
      }
  }
  return true;
}

void NativeSectionWriter::extreme_depth(const Instruction& in) {
  const bool least = in.code == Code::kSmallest;
  const Label known = cc_.newLabel();
  const x86::Gp depth = cc_.newInt64();
  cc_.mov(depth, operands_.in_branches(least ? offsetof(SeenBranches, least_depth_)
                                             : offsetof(SeenBranches, most_depth_)));
  cc_.test(depth, depth);
  cc_.jns(known);
  call(least ? &NativeCalls::least_depth : &NativeCalls::most_depth, depth);
  cc_.bind(known);
  const x86::Vec result = numbers_.constant(0);
  cc_.vcvtsi2sd(result.xmm(), result.xmm(), depth);
  operands_.set_number(in.to, result);
}

// The branches for which somebody reads what the instruction makes of each; with none, goes to the label.
x86::Gp NativeSectionWriter::demanded(const Instruction& in, const Label& none) {
  const auto& sets = flow_.demanded(static_cast<std::size_t>(&in - program_.code.data()));
  const x86::Gp set = cc_.newUInt64();
  if (sets) {
    cc_.xor_(set.r32(), set.r32());
    for (const Slot each : *sets) cc_.or_(set, operands_.mask_of_opened(each));
    cc_.test(set, set);
    cc_.jz(none);
  } else {
    cc_.mov(set, -1);
  }
  return set;
}

}  // namespace replay
