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

// Whether the set of branches that the instruction computes is only ever cut down to finished ones.
bool is_used_within_finished(const Program& program, std::size_t at, const std::set<std::size_t>& targets) {
  const SlotRef computed{Space::kBT, program.code[at].to};
  const bool is_register = std::ranges::any_of(program.branch, [&](const RegisterSlot& each) {
    return each.kind == Kind::kTruth && each.slot == computed.slot;
  });
  if (is_register) return false;
  FinishedSets sets(targets);
  bool jumped = false;  // an instruction that writes may have been passed over
  for (std::size_t i = section_of(program, at);; ++i) {
    const Instruction& in = program.code[i];
    const Flow flow = flow_of(in);
    sets.arrive(i);
    if (i > at) {
      if (reads(flow, computed)) {
        const bool cut_down = in.code == Code::kBAnd && sets.hold(in.a == computed.slot ? in.b : in.a);
        if (!cut_down) return false;
      }
      jumped = jumped || is_jump(in.code);
      if (flow.write == computed && !jumped) return true;
    }
    if (in.code == Code::kEnd) return true;
    sets.leave(in, flow);
  }
}

}  // namespace

std::vector<bool> reads_open_answers(const Program& program) {
  std::set<std::size_t> targets;
  for (const Instruction& in : program.code)
    if (is_jump(in.code)) targets.insert(in.to);
  std::vector<bool> result(program.code.size());
  for (std::size_t i = 0; i < program.code.size(); ++i) {
    const Instruction& in = program.code[i];
    const bool compares = in.code == Code::kBSameAnswer || in.code == Code::kBBlank;
    result[i] = in.code == Code::kTally ||
                (in.code != Code::kBExists && reads(flow_of(in), {Space::kBA, slots::kAnswer}) &&
                 !(compares && is_used_within_finished(program, i, targets)));
  }
  return result;
}

}  // namespace genome
