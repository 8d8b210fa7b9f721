#include "replay/native/operands.hpp"

namespace replay {

using genome::SlotRef;
using genome::Space;
namespace slots = genome::slots;

namespace {
std::int32_t at(std::size_t first, std::size_t slot, std::size_t size) {
  return static_cast<std::int32_t>(first + slot * size);
}
}  // namespace

NativeOperands::NativeOperands(x86::Compiler& cc, const SectionFlow& flow, const SlotLayout& layout,
                               asmjit::FuncNode* function)
    : cc_(cc), flow_(flow), layout_(layout), numbers_(cc, Width::kOne) {
  frame_ = cc.newUIntPtr("frame");
  slots_ = cc.newUIntPtr("slots");
  branches_ = cc.newUIntPtr("branches");
  function->setArg(0, frame_);
  cc.mov(slots_, x86::ptr(frame_, offsetof(NativeFrame, slots)));
  cc.mov(branches_, x86::ptr(frame_, offsetof(NativeFrame, branches)));
}

x86::Mem NativeOperands::in_frame(std::size_t offset, std::uint32_t size) const {
  return x86::ptr(frame_, static_cast<std::int32_t>(offset), size);
}
x86::Mem NativeOperands::in_branches(std::size_t offset) const {
  return x86::qword_ptr(branches_, static_cast<std::int32_t>(offset));
}
x86::Mem NativeOperands::number_at(Slot slot) const {
  return x86::qword_ptr(slots_, at(layout_.numbers, slot, sizeof(double)));
}
x86::Mem NativeOperands::truth_at(Slot slot) const {
  return x86::byte_ptr(slots_, at(layout_.truths, slot, 1));
}
x86::Mem NativeOperands::answer_at(Slot slot) const {
  return x86::dword_ptr(slots_, at(layout_.answers, slot, sizeof(AnswerId)));
}

x86::Mem NativeOperands::mask_at(Slot slot) const {
  switch (slot) {
    case slots::kActive: return in_branches(offsetof(SeenBranches, active));
    case slots::kFinished: return in_branches(offsetof(SeenBranches, finished));
    case slots::kPruned: return in_branches(offsetof(SeenBranches, pruned));
    default: return x86::qword_ptr(slots_, at(layout_.masks, slot, sizeof(Mask)));
  }
}

x86::Vec NativeOperands::present(const genome::RegisterSlot& r) {
  if (r.kind == genome::Kind::kNumber) return numbers_.load(number_at(r.slot));
  const x86::Gp whole = r.kind == genome::Kind::kTruth ? truth(r.slot) : answer(r.slot);
  const x86::Vec result = numbers_.constant(0);
  cc_.vcvtsi2sd(result.xmm(), result.xmm(), whole);
  return result;
}

x86::Mem NativeOperands::number_lanes(Slot slot, const x86::Gp& index) const {
  static_assert(slots::kDepth == 0 && slots::kTokens == 1 && slots::kAge == 2 && slots::kStreak == 3 &&
                slots::kChanges == 4 && slots::kFirstBranchNumber == 5);
  constexpr std::size_t own[] = {offsetof(SeenBranches, depth), offsetof(SeenBranches, tokens),
                                 offsetof(SeenBranches, age), offsetof(SeenBranches, streak),
                                 offsetof(SeenBranches, changes)};
  const bool episodes = slot < slots::kFirstBranchNumber;
  const x86::Gp& base = episodes ? branches_ : slots_;
  const std::int32_t first =
      episodes ? at(own[slot], 0, 0) : at(layout_.number_lanes, slot, sizeof(NumberLanes));
  return index.isValid() ? x86::ptr(base, index, 3, first) : x86::ptr(base, first);
}

x86::Mem NativeOperands::answer_lanes(Slot slot, const x86::Gp& index) const {
  const bool episodes = slot == slots::kAnswer;
  const x86::Gp& base = episodes ? branches_ : slots_;
  const std::int32_t first = episodes ? at(offsetof(SeenBranches, answer), 0, 0)
                                      : at(layout_.answer_lanes, slot, sizeof(AnswerLanes));
  return index.isValid() ? x86::ptr(base, index, 2, first) : x86::ptr(base, first);
}

x86::Gp NativeOperands::address(const x86::Mem& of) {
  const x86::Gp result = cc_.newUIntPtr();
  cc_.lea(result, of);
  return result;
}

template <typename Reg>
bool NativeOperands::bind(SlotRef slot, const Reg& value, std::map<Slot, Reg>& locals) {
  return !locals.emplace(slot.slot, value).second;
}

x86::Vec NativeOperands::count(const x86::Mem& whole) {
  const x86::Vec result = numbers_.constant(0);
  cc_.vcvtsi2sd(result.xmm(), result.xmm(), whole);
  return result;
}

x86::Vec NativeOperands::number(Slot slot) {
  // The machine does not keep these up to date for native code.
  if (slot == slots::kOpened) return count(in_branches(offsetof(SeenBranches, opened_)));
  if (slot == slots::kSpent) return count(in_branches(offsetof(SeenBranches, spent_)));
  if (flow_.is_local({Space::kN, slot})) return local_numbers_.at(slot);
  return numbers_.load(number_at(slot));
}

void NativeOperands::set_number(Slot slot, const x86::Vec& value) {
  if (!flow_.is_local({Space::kN, slot})) return numbers_.store(number_at(slot), value);
  if (bind({Space::kN, slot}, value, local_numbers_)) numbers_.copy(local_numbers_.at(slot), value);
}

x86::Gp NativeOperands::truth(Slot slot) {
  if (flow_.is_local({Space::kT, slot})) return local_truths_.at(slot);
  const x86::Gp value = cc_.newUInt32();
  cc_.movzx(value, truth_at(slot));
  return value;
}

void NativeOperands::set_truth(Slot slot, const x86::Gp& value) {
  if (!flow_.is_local({Space::kT, slot})) {
    cc_.mov(truth_at(slot), value.r8());
  } else if (bind({Space::kT, slot}, value, local_truths_)) {
    cc_.mov(local_truths_.at(slot), value);
  }
}

x86::Gp NativeOperands::answer(Slot slot) {
  if (flow_.is_local({Space::kA, slot})) return local_answers_.at(slot);
  const x86::Gp value = cc_.newInt32();
  cc_.mov(value, answer_at(slot));
  return value;
}

void NativeOperands::set_answer(Slot slot, const x86::Gp& value) {
  if (!flow_.is_local({Space::kA, slot})) {
    cc_.mov(answer_at(slot), value);
  } else if (bind({Space::kA, slot}, value, local_answers_)) {
    cc_.mov(local_answers_.at(slot), value);
  }
}

x86::Gp NativeOperands::mask(Slot slot) {
  if (flow_.is_local({Space::kBT, slot})) return local_masks_.at(slot);
  const x86::Gp value = cc_.newUInt64();
  cc_.mov(value, mask_at(slot));
  return value;
}

void NativeOperands::set_mask(Slot slot, const x86::Gp& value) {
  if (!flow_.is_local({Space::kBT, slot})) {
    cc_.mov(mask_at(slot), value);
  } else if (bind({Space::kBT, slot}, value, local_masks_)) {
    cc_.mov(local_masks_.at(slot), value);
  }
}

x86::Gp NativeOperands::mask_of_opened(Slot slot) {
  if (slot < slots::kFirstBranchTruth) return mask(slot);
  const x86::Gp result = cc_.newUInt64(), opened = cc_.newUInt64();
  cc_.mov(opened, in_branches(offsetof(SeenBranches, opened_)));
  cc_.bzhi(result, mask(slot), opened);
  return result;
}

}  // namespace replay
