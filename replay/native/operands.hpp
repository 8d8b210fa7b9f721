// operands.hpp: where native code finds a slot: in a register of the processor, or in memory.
// Why:      the rest of the translation asks for values and sets them, wherever they are.
// Use:      operands.set_number(to, v.apply(Code::kAdd, operands.number(a), operands.number(b)));
// Promises: what is asked for must not be changed, and what is set must not be used by anybody else.
// Threads:  one compiler, one thread.
#pragma once

#include <map>

#include "replay/machine/frame.hpp"
#include "replay/native/flow.hpp"
#include "replay/native/vectors.hpp"

namespace replay {

class NativeOperands {
 public:
  using Slot = genome::Slot;

  // Emits the first instructions of the function, whose only argument is a NativeFrame.
  NativeOperands(x86::Compiler& cc, const SectionFlow& flow, const SlotLayout& layout,
                 asmjit::FuncNode* function);

  x86::Vec number(Slot slot);
  void set_number(Slot slot, const x86::Vec& value);
  // 0 or 1
  x86::Gp truth(Slot slot);
  void set_truth(Slot slot, const x86::Gp& value);
  x86::Gp answer(Slot slot);
  void set_answer(Slot slot, const x86::Gp& value);
  // Sets of branches; bits of branches that are not opened mean nothing.
  x86::Gp mask(Slot slot);
  void set_mask(Slot slot, const x86::Gp& value);
  x86::Gp mask_of_opened(Slot slot);  // without those bits, in a register of its own

  // A memory register, whatever its kind, as the machine remembers it.
  x86::Vec present(const genome::RegisterSlot& memory_register);

  // The lanes from `index` on, or from the first.
  x86::Mem number_lanes(Slot slot, const x86::Gp& index = {}) const;
  x86::Mem answer_lanes(Slot slot, const x86::Gp& index = {}) const;
  x86::Gp address(const x86::Mem& of);

  const x86::Gp& frame() const { return frame_; }
  x86::Mem in_frame(std::size_t offset, std::uint32_t size) const;
  x86::Mem in_branches(std::size_t offset) const;  // a word of eight bytes

 private:
  x86::Mem number_at(Slot slot) const;
  x86::Vec count(const x86::Mem& whole);  // as a number
  x86::Mem truth_at(Slot slot) const;
  x86::Mem answer_at(Slot slot) const;
  x86::Mem mask_at(Slot slot) const;
  // Lanes that begin `first` bytes into the episode's own, or into the slots.
  x86::Mem lanes(bool episodes, std::int32_t first, const x86::Gp& index, std::uint32_t shift) const;
  // Truths, answers and sets: the register of a local slot (null for others); and to set either. A local slot
  // takes the first value's register for its own, later values are copied to it.
  const x86::Gp* local_word(genome::SlotRef slot) const;
  void set_word(genome::SlotRef slot, const x86::Mem& memory, const x86::Gp& value);

  x86::Compiler& cc_;
  const SectionFlow& flow_;
  const SlotLayout& layout_;
  NativeVectors numbers_;
  x86::Gp frame_, slots_, branches_;
  std::map<Slot, x86::Vec> local_numbers_;
  std::map<genome::SlotRef, x86::Gp> local_words_;
};

}  // namespace replay
