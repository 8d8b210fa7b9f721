// What one instruction becomes within a loop of lanes.cpp.
#include "replay/native/lanes.hpp"

namespace replay {

using genome::Code;
using genome::Instruction;
using genome::kEachA;
using genome::kEachB;
using genome::kEachC;
using genome::SlotRef;
using genome::Space;

// ---- operands within the loop

x86::Vec NativeLanes::number(Slot slot, bool each) {
  if (!each) return spread_numbers_.at(slot);
  const auto found = numbers_.find(slot);
  if (found != numbers_.end()) return found->second;
  return numbers_[slot] = vectors_.load(lanes_of(slot));
}

void NativeLanes::set_number(Slot slot, const x86::Vec& value) {
  numbers_[slot] = value;
  if (!is_private({Space::kBN, slot})) vectors_.store(lanes_of(slot), value);
}

x86::Vec NativeLanes::fresh_answers() {
  if (width_ == Width::kEight) return cc_.newYmm();
  return cc_.newXmm();
}

x86::Vec NativeLanes::answers(Slot slot, bool each) {
  if (!each) return spread_answers_.at(slot);
  const auto found = answers_.find(slot);
  if (found != answers_.end()) return found->second;
  const x86::Vec value = fresh_answers();
  cc_.vmovdqa(value, operands_.answer_lanes(slot, index_));
  return answers_[slot] = value;
}

void NativeLanes::set_answers(Slot slot, const x86::Vec& value) {
  answers_[slot] = value;
  if (!is_private({Space::kBA, slot})) cc_.vmovdqa(operands_.answer_lanes(slot, index_), value);
}

x86::Reg NativeLanes::fresh_truths() {
  if (width_ == Width::kEight) return cc_.newKb();
  return cc_.newYmmPd();
}

x86::Reg NativeLanes::truths_from(const x86::Gp& word) {
  const x86::Gp here = cc_.newUInt64();
  cc_.shrx(here, word, index_);
  const x86::Reg result = fresh_truths();
  if (width_ == Width::kEight) {
    cc_.kmovb(result.as<x86::KReg>(), here.r32());
    return result;
  }
  static constexpr std::uint64_t kPlaces[] = {1, 2, 4, 8};
  const x86::Mem places = cc_.newConst(asmjit::ConstPoolScope::kLocal, kPlaces, sizeof(kPlaces));
  const x86::Vec& bits = result.as<x86::Vec>();
  cc_.vmovq(bits.xmm(), here);
  cc_.vpbroadcastq(bits, bits.xmm());
  cc_.vpand(bits, bits, places);
  cc_.vpcmpeqq(bits, bits, places);
  return result;
}

x86::Reg NativeLanes::truths(Slot slot) {
  const auto found = truths_.find(slot);
  if (found != truths_.end()) return found->second;
  return truths_[slot] = truths_from(words_.at(slot));
}

void NativeLanes::set_truths(Slot slot, const x86::Reg& value) { truths_[slot] = value; }

x86::Reg NativeLanes::negated(const x86::Reg& x) {
  const x86::Reg result = fresh_truths();
  if (width_ == Width::kEight) {
    cc_.knotb(result.as<x86::KReg>(), x.as<x86::KReg>());
  } else {
    const x86::Vec ones = cc_.newYmmPd();
    cc_.vpcmpeqd(ones, ones, ones);
    cc_.vxorpd(result.as<x86::Vec>(), x.as<x86::Vec>(), ones);
  }
  return result;
}

x86::Vec NativeLanes::pick_answers(const x86::Reg& truths, const x86::Vec& x, const x86::Vec& y) {
  const x86::Vec result = fresh_answers();
  if (width_ == Width::kEight) {
    cc_.k(truths.as<x86::KReg>()).vpblendmd(result, y, x);
    return result;
  }
  const x86::Xmm narrow = cc_.newXmm();
  cc_.vextractf128(narrow, truths.as<x86::Vec>().ymm(), 1);
  cc_.vshufps(narrow, truths.as<x86::Vec>().xmm(), narrow, 0x88);
  cc_.vblendvps(result, y, x, narrow);
  return result;
}

x86::Reg NativeLanes::same_answers(const x86::Vec& x, const x86::Vec& y) {
  const x86::Reg result = fresh_truths();
  if (width_ == Width::kEight) {
    cc_.vpcmpeqd(result.as<x86::KReg>(), x, y);
    return result;
  }
  const x86::Xmm same = cc_.newXmm();
  cc_.vpcmpeqd(same, x.xmm(), y.xmm());
  cc_.vpmovsxdq(result.as<x86::Vec>(), same);
  return result;
}

// ---- the instructions

void NativeLanes::emit(const Item& item) {
  const Instruction& in = *item.in;
  const bool a = (in.each & kEachA) != 0, b = (in.each & kEachB) != 0, c = (in.each & kEachC) != 0;
  const Code scalar = NativeVectors::scalar_form(in.code);
  if (scalar != in.code) {
    const SlotRef* const read = item.accesses.read.data();
    const auto operand = [&](int i, Slot slot, bool each) {
      return read[i].space == Space::kNone ? x86::Vec() : number(slot, each);
    };
    // what a NUMBER1 reads are always lanes
    const x86::Vec x = operand(0, in.a, read[0].space == Space::kBN), y = operand(1, in.b, b),
                   z = operand(2, in.c, c);
    if (NativeVectors::is_comparison(scalar)) return set_truths(in.to, vectors_.compare(scalar, x, y));
    return set_number(in.to, vectors_.apply(scalar, x, y, z));
  }
  switch (in.code) {
    case Code::kBSameAnswer: return set_truths(in.to, same_answers(answers(in.a, a), answers(in.b, b)));
    case Code::kBExists: return set_truths(in.to, negated(same_answers(answers(in.a, true), nothing_)));
    case Code::kBPickNumber:
      return set_number(in.to, vectors_.pick(truths(in.a), number(in.b, b), number(in.c, c)));
    case Code::kBPickAnswer:
      return set_answers(in.to, pick_answers(truths(in.a), answers(in.b, b), answers(in.c, c)));
    case Code::kStoreNumbers:
      return set_number(in.to, vectors_.pick(truths(in.b), number(in.a, a), number(in.to, true)));
    case Code::kStoreAnswers:
      return set_answers(in.to, pick_answers(truths(in.b), answers(in.a, a), answers(in.to, true)));
    case Code::kSnapshotNumber:
      return set_number(in.to, vectors_.pick(truths_from(opened_), number(in.a, a), vectors_.constant(0)));
    case Code::kSnapshotAnswer:
      return set_answers(in.to, pick_answers(truths_from(opened_), answers(in.a, a), nothing_));
    case Code::kSplatNumber: return set_number(in.to, number(in.a, false));
    case Code::kClearNumbers: return set_number(in.to, vectors_.constant(0));
    case Code::kClearAnswers: return set_answers(in.to, nothing_);
    default: return emit_on_sets(in);
  }
}

void NativeLanes::emit_on_sets(const Instruction& in) {
  const x86::Reg x = truths(in.a);
  if (in.code == Code::kBNot) return set_truths(in.to, negated(x));
  const x86::Reg y = truths(in.b), result = fresh_truths();
  const x86::Reg z = in.code == Code::kBPickTruth    ? truths(in.c)
                     : in.code == Code::kStoreTruths ? truths(in.to)
                                                     : x86::Reg();
  if (width_ == Width::kEight) {
    const auto k = [](const x86::Reg& reg) { return reg.as<x86::KReg>(); };
    const auto blend = [&](const x86::Reg& where, const x86::Reg& one, const x86::Reg& other) {
      const x86::KReg rest = cc_.newKb();
      cc_.kandnb(rest, k(where), k(other));
      cc_.kandb(k(result), k(where), k(one));
      cc_.korb(k(result), k(result), rest);
    };
    switch (in.code) {
      case Code::kBAnd: cc_.kandb(k(result), k(x), k(y)); break;
      case Code::kBOr: cc_.korb(k(result), k(x), k(y)); break;
      case Code::kBSameTruth: cc_.kxnorb(k(result), k(x), k(y)); break;
      case Code::kBPickTruth: blend(x, y, z); break;
      default: blend(y, x, z); break;  // kStoreTruths
    }
  } else {
    const auto v = [](const x86::Reg& reg) { return reg.as<x86::Vec>(); };
    switch (in.code) {
      case Code::kBAnd: cc_.vandpd(v(result), v(x), v(y)); break;
      case Code::kBOr: cc_.vorpd(v(result), v(x), v(y)); break;
      case Code::kBSameTruth: cc_.vxorpd(v(result), v(x), v(y)); return set_truths(in.to, negated(result));
      case Code::kBPickTruth: cc_.vblendvpd(v(result), v(z), v(y), v(x)); break;
      default: cc_.vblendvpd(v(result), v(z), v(x), v(y)); break;  // kStoreTruths
    }
  }
  set_truths(in.to, result);
}

}  // namespace replay
