#include "replay/native/operands.hpp"

namespace replay {

using genome::SlotRef;
using genome::Space;
namespace slots = genome::slots;

namespace {

// Where the episode's own values lie, by slot.
constexpr std::size_t kOwnMasks[] = {
#define BRANCH_TRUTH(identifier, name, ...) offsetof(SeenBranches, name),
#include "genome/tree/observed.def"
};
constexpr std::size_t kOwnNumbers[] = {
#define BRANCH_NUMBER(identifier, name, ...) offsetof(SeenBranches, name),
#include "genome/tree/observed.def"
};
constexpr std::size_t kOwnAnswers[] = {
#define BRANCH_ANSWER(identifier, name, ...) offsetof(SeenBranches, name),
#include "genome/tree/observed.def"
};

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
  if (slot < slots::kFirstBranchTruth) return in_branches(kOwnMasks[slot]);
  return x86::qword_ptr(slots_, at(layout_.masks, slot, sizeof(Mask)));
}

x86::Vec NativeOperands::present(const genome::RegisterSlot& r) {
  if (r.kind == genome::Kind::kNumber) return numbers_.load(number_at(r.slot));
  const x86::Gp whole = r.kind == genome::Kind::kTruth ? truth(r.slot) : answer(r.slot);
  const x86::Vec result = numbers_.constant(0);
  cc_.vcvtsi2sd(result.xmm(), result.xmm(), whole);
  return result;
}

x86::Mem NativeOperands::lanes(bool episodes, std::int32_t first, const x86::Gp& index,
                               std::uint32_t shift) const {
  const x86::Gp& base = episodes ? branches_ : slots_;
  return index.isValid() ? x86::ptr(base, index, shift, first) : x86::ptr(base, first);
}

x86::Mem NativeOperands::number_lanes(Slot slot, const x86::Gp& index) const {
  const bool episodes = slot < slots::kFirstBranchNumber;
  const std::int32_t first =
      episodes ? at(kOwnNumbers[slot], 0, 0) : at(layout_.number_lanes, slot, sizeof(NumberLanes));
  return lanes(episodes, first, index, 3);
}

x86::Mem NativeOperands::answer_lanes(Slot slot, const x86::Gp& index) const {
  const bool episodes = slot < slots::kFirstBranchAnswer;
  const std::int32_t first =
      episodes ? at(kOwnAnswers[slot], 0, 0) : at(layout_.answer_lanes, slot, sizeof(AnswerLanes));
  return lanes(episodes, first, index, 2);
}

x86::Gp NativeOperands::address(const x86::Mem& of) {
  const x86::Gp result = cc_.newUIntPtr();
  cc_.lea(result, of);
  return result;
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
  const auto [local, is_new] = local_numbers_.emplace(slot, value);
  if (!is_new) numbers_.copy(local->second, value);
}

const x86::Gp* NativeOperands::local_word(SlotRef slot) const {
  return flow_.is_local(slot) ? &local_words_.at(slot) : nullptr;
}

void NativeOperands::set_word(SlotRef slot, const x86::Mem& memory, const x86::Gp& value) {
  if (!flow_.is_local(slot)) {
    cc_.mov(memory, memory.size() == 1 ? value.r8() : value);
    return;
  }
  const auto [local, is_new] = local_words_.emplace(slot, value);
  if (!is_new) cc_.mov(local->second, value);
}

x86::Gp NativeOperands::truth(Slot slot) {
  if (const x86::Gp* local = local_word({Space::kT, slot})) return *local;
  const x86::Gp value = cc_.newUInt32();
  cc_.movzx(value, truth_at(slot));
  return value;
}

x86::Gp NativeOperands::answer(Slot slot) {
  if (const x86::Gp* local = local_word({Space::kA, slot})) return *local;
  const x86::Gp value = cc_.newInt32();
  cc_.mov(value, answer_at(slot));
  return value;
}

x86::Gp NativeOperands::mask(Slot slot) {
  if (const x86::Gp* local = local_word({Space::kBT, slot})) return *local;
  const x86::Gp value = cc_.newUInt64();
  cc_.mov(value, mask_at(slot));
  return value;
}

void NativeOperands::set_truth(Slot slot, const x86::Gp& value) {
  set_word({Space::kT, slot}, truth_at(slot), value);
}
void NativeOperands::set_answer(Slot slot, const x86::Gp& value) {
  set_word({Space::kA, slot}, answer_at(slot), value);
}
void NativeOperands::set_mask(Slot slot, const x86::Gp& value) {
  set_word({Space::kBT, slot}, mask_at(slot), value);
}

x86::Gp NativeOperands::mask_of_opened(Slot slot) {
  if (slot < slots::kFirstBranchTruth) return mask(slot);
  const x86::Gp result = cc_.newUInt64(), opened = cc_.newUInt64();
  cc_.mov(opened, in_branches(offsetof(SeenBranches, opened_)));
  cc_.bzhi(result, mask(slot), opened);
  return result;
}

}  // namespace replay
