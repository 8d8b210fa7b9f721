#include "genome/program/answer_reads.hpp"

#include <algorithm>
#include <set>

#include "genome/program/instruction_flow.hpp"

namespace genome {
namespace {

bool reads(const Flow& flow, SlotRef slot) { return std::ranges::find(flow.read, slot) != flow.read.end(); }

// Goes through a section, which knows forward jumps alone, and keeps what sets of branches lie within
// `finished` wherever control comes from.
class FinishedSets {
 public:
  explicit FinishedSets(const std::set<std::size_t>& targets) : targets_(targets) {}

  bool hold(Slot set) const { return within_.contains(set); }
  void arrive(std::size_t at) {
    if (targets_.contains(at)) within_ = {slots::kFinished};
  }
  void leave(const Instruction& in, const Flow& flow) {
    if (flow.write.space != Space::kBT) return;
    if (in.code == Code::kBAnd && (hold(in.a) || hold(in.b)))
      within_.insert(in.to);
    else
      within_.erase(in.to);
  }

 private:
  const std::set<std::size_t>& targets_;
  std::set<Slot> within_ = {slots::kFinished};
};

std::size_t section_of(const Program& program, std::size_t at) {
  std::size_t begin = 0;
  for (const std::size_t section : {program.start, program.round, program.answer})
    if (section <= at) begin = std::max(begin, section);
  return begin;
}

// Sets that are made of sets alone, branch by branch.
bool combines_sets(Code code) {
  return code == Code::kBAnd || code == Code::kBOr || code == Code::kBNot || code == Code::kBSameTruth ||
         code == Code::kBPickTruth;
}

// Follows a set of branches, of which only the finished ones are right, through the rest of its section.
class Tainted {
 public:
  Tainted(const Program& program, Slot set) : program_(program), slots_{set} {}

  // False when an unfinished branch may change anything. `sets`: as they are before the instruction.
  bool pass(const Instruction& in, const Flow& flow, const FinishedSets& sets) {
    const bool reads_any = std::ranges::any_of(flow.read, [this](SlotRef slot) { return holds(slot); });
    bool taints = false;
    if (reads_any) {
      if (!combines_sets(in.code)) return false;
      const bool cut_down = in.code == Code::kBAnd && (sets.hold(in.a) || sets.hold(in.b));
      taints = !cut_down;
      if (taints && is_register(in.to)) return false;
    }
    jumped_ = jumped_ || is_jump(in.code);
    if (taints)
      slots_.insert(in.to);
    else if (flow.write.space == Space::kBT && !jumped_)  // a write that may be passed over cleans nothing
      slots_.erase(flow.write.slot);
    return true;
  }
  bool is_register(Slot slot) const {
    return std::ranges::any_of(program_.branch, [slot](const RegisterSlot& each) {
      return each.kind == Kind::kTruth && each.slot == slot;
    });
  }

 private:
  bool holds(SlotRef slot) const { return slot.space == Space::kBT && slots_.contains(slot.slot); }

  const Program& program_;
  std::set<Slot> slots_;
  bool jumped_ = false;
};

// Whether the set of branches that the instruction computes is only ever cut down to finished ones.
bool is_used_within_finished(const Program& program, std::size_t at, const std::set<std::size_t>& targets) {
  Tainted tainted(program, program.code[at].to);
  if (tainted.is_register(program.code[at].to)) return false;
  FinishedSets sets(targets);
  for (std::size_t i = section_of(program, at);; ++i) {
    const Instruction& in = program.code[i];
    const Flow flow = flow_of(in);
    sets.arrive(i);
    if (i > at && !tainted.pass(in, flow, sets)) return false;
    if (in.code == Code::kEnd) return true;
    sets.leave(in, flow);
  }
}

AnswerReads reads_of(const Program& program, std::size_t at, const std::set<std::size_t>& targets) {
  const Instruction& in = program.code[at];
  if (in.code == Code::kTally) return AnswerReads::kAll;
  // That there is an answer is known without it.
  if (in.code == Code::kBExists || !reads(flow_of(in), {Space::kBA, slots::kAnswer}))
    return AnswerReads::kNone;
  const bool compares = in.code == Code::kBSameAnswer || in.code == Code::kBBlank;
  return compares && is_used_within_finished(program, at, targets) ? AnswerReads::kFinished
                                                                   : AnswerReads::kAll;
}

}  // namespace

std::vector<AnswerReads> answer_reads(const Program& program) {
  std::set<std::size_t> targets;
  for (const Instruction& in : program.code)
    if (is_jump(in.code)) targets.insert(in.to);
  std::vector<AnswerReads> result;
  for (std::size_t i = 0; i < program.code.size(); ++i) result.push_back(reads_of(program, i, targets));
  return result;
}

}  // namespace genome
