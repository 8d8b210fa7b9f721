// section.hpp: one section of a program translated into one native function.
// Why:      the instructions of a section are taken one after another; here is what becomes of each.
// Use:      const asmjit::Label begins = NativeSectionWriter(cc, program, layout, begin, end, width).write();
// Promises: the function does to its frame what the interpreter would. Instructions handed to the machine
//           are referred to in place: `program.code` must outlive the function.
// Threads:  one compiler, one thread.
#pragma once

#include <vector>

#include "replay/native/lanes.hpp"

namespace replay {

class NativeSectionWriter {
 public:
  using Slot = genome::Slot;
  using Instruction = genome::Instruction;

  NativeSectionWriter(x86::Compiler& cc, const genome::Program& program, const SlotLayout& layout,
                      std::size_t begin, std::size_t end, Width lanes);

  asmjit::Label write();  // where the function begins

 private:
  void translate(std::size_t at);
  bool on_numbers(const Instruction& in);
  bool on_truths(const Instruction& in);
  bool on_answers(const Instruction& in);
  bool on_sets(const Instruction& in);
  bool on_votes(const Instruction& in);
  bool on_lanes(const Instruction& in);
  x86::Gp demanded(const Instruction& in, const asmjit::Label& none);
  void extreme_depth(const Instruction& in);
  bool act(const Instruction& in);
  bool jump(const Instruction& in);

  void call_slow(const Instruction& in);
  void tally(const Instruction& in);
  void confidence(const Instruction& in);
  void open(const Instruction& in);
  void move(const Instruction& in);
  const Instruction* choice_of_steps(const Instruction& move) const;
  void prune(const Instruction& in);
  void call_unless_zero(std::size_t offset, void (*function)(NativeFrame*));
  void show_hidden();
  void catch_up();
  // Registers as they were.
  x86::Vec look_back(const Instruction& in);
  void remember();
  std::int32_t history_of(std::size_t memory_register) const;
  void jump_unless(const Instruction& in);
  x86::Gp picked(const x86::Gp& condition, const x86::Gp& yes, const x86::Gp& no);
  void set_from_flags(Slot to, x86::CondCode condition);

  // Emits a call of a function of the machine; the frame goes first where it takes one.
  template <typename Result, typename... Parameters, typename... Operands>
  void call(Result (*function)(Parameters...), const x86::Reg& result, const Operands&... operands);

  x86::Compiler& cc_;
  const genome::Program& program_;
  const std::size_t begin_, end_;
  const SectionFlow flow_;
  asmjit::FuncNode* const function_;
  NativeOperands operands_;
  NativeVectors numbers_;
  NativeLanes lanes_;
  std::vector<asmjit::Label> labels_;  // by instruction, from begin_
  asmjit::Label exit_;
};

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

}  // namespace replay
