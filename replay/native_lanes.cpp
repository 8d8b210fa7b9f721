#include "replay/native_lanes.hpp"

#include <algorithm>

namespace replay {

using genome::Code;
using genome::Instruction;
using genome::kEachA;
using genome::kEachB;
using genome::kEachC;
using genome::SlotRef;
using genome::Space;

namespace {

bool contains(const Accesses& accesses, SlotRef slot) {
  return std::ranges::find(accesses.read, slot) != accesses.read.end();
}

bool touches(const Accesses& accesses, SlotRef slot) {
  return slot.space != Space::kNone && (accesses.write == slot || contains(accesses, slot));
}

}  // namespace

NativeLanes::NativeLanes(x86::Compiler& cc, const genome::Program& program, const SectionFlow& flow,
                         NativeOperands& operands, Width width, Hooks hooks)
    : cc_(cc),
      program_(program),
      flow_(flow),
      operands_(operands),
      width_(width),
      hooks_(std::move(hooks)),
      vectors_(cc, width) {}

bool NativeLanes::takes(const Instruction& in) {
  const Code scalar = NativeVectors::scalar_form(in.code);
  if (scalar != in.code) return NativeVectors::knows(scalar) || NativeVectors::is_comparison(scalar);
  switch (in.code) {
    case Code::kBSameAnswer:
    case Code::kBExists:
    case Code::kBPickNumber:
    case Code::kBPickAnswer:
    case Code::kStoreNumbers:
    case Code::kStoreAnswers: return true;
    default: return is_for_all_lanes(in);
  }
}

bool NativeLanes::is_for_all_lanes(const Instruction& in) {
  switch (in.code) {
    case Code::kSnapshotNumber:
    case Code::kSnapshotAnswer:
    case Code::kSplatNumber:
    case Code::kClearNumbers:
    case Code::kClearAnswers: return true;
    default: return false;
  }
}

bool NativeLanes::is_on_sets(const Instruction& in) {
  switch (in.code) {
    case Code::kBAnd:
    case Code::kBOr:
    case Code::kBNot:
    case Code::kBSameTruth:
    case Code::kBPickTruth:
    case Code::kStoreTruths: return true;
    default: return false;
  }
}

void NativeLanes::add(std::size_t at) {
  const Instruction& in = program_.code[at];
  if (!items_.empty() && is_for_all_lanes(in) != is_for_all_lanes(*items_.front().in)) flush();
  items_.push_back({at, &in, accesses_of(in)});
}

bool NativeLanes::lets_pass(const Instruction& in) const {
  const Accesses accesses = accesses_of(in);
  return std::ranges::none_of(items_, [&](const Item& item) {
    return touches(accesses, item.accesses.write) || contains(item.accesses, accesses.write);
  });
}

// Instructions on sets whose results no instruction in the loop needs are cheaper after it, on whole words.
void NativeLanes::part() {
  looped_.clear();
  for (std::size_t i = items_.size(); i-- > 0;) {
    Item& item = items_[i];
    if (!is_on_sets(*item.in)) continue;
    item.in_loop = std::any_of(items_.begin() + static_cast<std::ptrdiff_t>(i) + 1, items_.end(),
                               [&](const Item& later) {
                                 return later.in_loop && (touches(item.accesses, later.accesses.write) ||
                                                          contains(later.accesses, item.accesses.write));
                               });
  }
  for (const Item& item : items_) {
    if (item.in_loop) looped_.push_back(item.at);
  }
}

// Nobody else knows it, and it has no value before the loop.
bool NativeLanes::is_private(SlotRef slot) const {
  if (!flow_.is_private_to(slot, looped_)) return false;
  for (const Item& item : items_) {
    if (!item.in_loop) continue;
    if (contains(item.accesses, slot)) return false;
    if (item.accesses.write == slot) return true;
  }
  return false;
}

// What has to be there when the loop begins.
void NativeLanes::prepare() {
  std::vector<SlotRef> written;
  const auto is_written = [&](SlotRef slot) { return std::ranges::find(written, slot) != written.end(); };
  bool shown = false;
  for (const Item& item : items_) {
    if (!item.in_loop) continue;
    for (const SlotRef& read : item.accesses.read) {
      if (read == SlotRef{Space::kBA, genome::slots::kAnswer} && !std::exchange(shown, true))
        hooks_.show_hidden();
    }
  }
  for (const Item& item : items_) {
    if (!item.in_loop) continue;
    for (const SlotRef& read : item.accesses.read) {
      if (read.space == Space::kN && !spread_numbers_.contains(read.slot))
        spread_numbers_[read.slot] = vectors_.spread(operands_.number(read.slot));
      if (read.space == Space::kA && !spread_answers_.contains(read.slot)) {
        const x86::Vec one = cc_.newXmm(), all = fresh_answers();
        cc_.vmovd(one.xmm(), operands_.answer(read.slot));
        cc_.vpbroadcastd(all, one.xmm());
        spread_answers_[read.slot] = all;
      }
      if (read.space == Space::kBT && !words_.contains(read.slot) && !is_written(read))
        words_[read.slot] = operands_.mask(read.slot);
    }
    const SlotRef write = item.accesses.write;
    written.push_back(write);
    if (write.space == Space::kBT && !results_.contains(write.slot) && !is_private(write)) {
      results_[write.slot] = cc_.newUInt64();
      cc_.xor_(results_[write.slot].r32(), results_[write.slot].r32());
    }
    if (item.in->code == Code::kBExists || item.in->code == Code::kSnapshotAnswer ||
        item.in->code == Code::kClearAnswers) {
      nothing_ = fresh_answers();
      cc_.vpcmpeqd(nothing_.xmm(), nothing_.xmm(), nothing_.xmm());
      cc_.vpbroadcastd(nothing_, nothing_.xmm());
    }
    if (item.in->code == Code::kSnapshotNumber || item.in->code == Code::kSnapshotAnswer) {
      const x86::Gp ones = cc_.newUInt64(), count = cc_.newUInt64();
      opened_ = cc_.newUInt64();
      cc_.mov(ones, -1);
      cc_.mov(count, operands_.in_branches(offsetof(SeenBranches, opened_)));
      cc_.bzhi(opened_, ones, count);
    }
  }
}

void NativeLanes::loop() {
  const asmjit::Label again = cc_.newLabel();
  index_ = cc_.newUInt64();
  cc_.xor_(index_.r32(), index_.r32());
  cc_.bind(again);
  for (const Item& item : items_) {
    if (item.in_loop) emit(item);
  }
  // Sets that others want to know are put together from the bits of each turn.
  for (const auto& [slot, result] : results_) {
    const x86::Gp bits = cc_.newUInt64();
    if (width_ == Width::kEight)
      cc_.kmovb(bits.r32(), truths_.at(slot).as<x86::KReg>());
    else
      cc_.vmovmskpd(bits.r32(), truths_.at(slot).as<x86::Vec>());
    cc_.shlx(bits, bits, index_);
    cc_.or_(result, bits);
  }
  cc_.add(index_, width());
  if (is_for_all_lanes(*items_.front().in))
    cc_.cmp(index_, kMaxOpened);
  else
    cc_.cmp(index_, operands_.in_branches(offsetof(SeenBranches, opened_)));
  cc_.jb(again);
  cc_.vzeroupper();
}

void NativeLanes::finish() {
  for (const auto& [slot, result] : results_) operands_.set_mask(slot, result);
  spread_numbers_.clear();
  spread_answers_.clear();
  words_.clear();
  results_.clear();
  numbers_.clear();
  answers_.clear();
  truths_.clear();
}

void NativeLanes::flush() {
  if (items_.empty()) return;
  part();
  if (!looped_.empty()) {
    prepare();
    loop();
    finish();
  }
  const std::vector<Item> items = std::exchange(items_, {});
  for (const Item& item : items) {
    if (!item.in_loop) hooks_.on_sets(*item.in);
  }
}

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
  const x86::Vec bits = result.as<x86::Vec>();
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
