// What may stay in a register. A slot of a section is local when nothing outside the section's translated
// instructions uses it (note_uses), and when no path reads it before it is written (find_locals).
// The second is a forward analysis. With each instruction goes the set of slots written on every way to it:
// the intersection over the jumps that land there. As jumps only go forward, all ways to an instruction
// have been seen when its turn comes, and one pass is enough.
#include "replay/native/flow.hpp"

#include <algorithm>
#include <optional>

#include "replay/native/demand.hpp"

namespace replay {

using genome::Code;
using genome::Instruction;
using genome::SlotRef;
using genome::Space;
namespace slots = genome::slots;

Accesses accesses_of(const Instruction& in) {
  const genome::Flow flow = genome::flow_of(in);
  Accesses result{flow.write, {flow.read[0], flow.read[1], flow.read[2]}};
  if (in.code == Code::kStoreNumbers || in.code == Code::kStoreTruths || in.code == Code::kStoreAnswers)
    result.read[3] = flow.write;
  return result;
}

bool is_slow_function(Code code) {
  switch (code) {
    case Code::kBExp:
    case Code::kBLog:
    case Code::kBPower:
    case Code::kBMod:
    case Code::kBRounded:
    case Code::kBBetaConfidence: return true;
    default: return false;
  }
}

bool is_done_on_demand(Code code) { return code == Code::kBVotes || is_slow_function(code); }

bool is_for_machine(Code code) {
  switch (code) {
    case Code::kBAgoNumber:
    case Code::kBAgoTruth:
    case Code::kBAgoAnswer: return true;
    default: return is_slow_function(code);
  }
}

SectionFlow::SectionFlow(const genome::Program& program, std::size_t begin, std::size_t end)
    : program_(program), landing_(program.code.size() + 1, false), reached_(program.code.size(), false) {
  find_demanded(begin, end);
  note_uses();
  find_locals(begin, end);
}

void SectionFlow::find_demanded(std::size_t begin, std::size_t end) {
  for (std::size_t at = begin; at < end; ++at) {
    if (is_done_on_demand(program_.code[at].code)) demanded_[at] = demanded_sets(program_, end, at);
  }
}

template <typename Note>
void SectionFlow::for_each_demanded(std::size_t at, Note note) const {
  if (const auto sets = demanded_.find(at); sets != demanded_.end() && sets->second) {
    for (const genome::Slot set : *sets->second) note(SlotRef{Space::kBT, set});
  }
}

void SectionFlow::note_uses() {
  for (std::size_t at = 0; at < program_.code.size(); ++at) {
    const Instruction& in = program_.code[at];
    const Accesses accesses = accesses_of(in);
    const auto note = [&](SlotRef slot, bool in_memory) {
      if (slot.space == Space::kNone) return;
      Uses& uses = uses_[slot];
      if (uses.at.empty() || uses.at.back() != at) uses.at.push_back(at);
      uses.for_machine |= in_memory;
    };
    note(accesses.write, is_for_machine(in.code));
    ++uses_[accesses.write].writes;
    for (const SlotRef& read : accesses.read) note(read, is_for_machine(in.code));
    for_each_demanded(at, [&](const SlotRef& set) { note(set, false); });
    if (genome::is_jump(in.code)) landing_[in.to] = true;
  }
  for (auto& [slot, uses] : uses_) {
    const genome::Slot first_own = slot.space == Space::kN    ? slots::kFirstNumber
                                   : slot.space == Space::kBN ? slots::kFirstBranchNumber
                                   : slot.space == Space::kBT ? slots::kFirstBranchTruth
                                   : slot.space == Space::kBA ? slots::kFirstBranchAnswer
                                   : slot.space == Space::kT  ? slots::kFirstTruth
                                                              : slots::kFirstAnswer;
    uses.kept = slot.slot < first_own;
  }
  const auto keep = [this](genome::Kind kind, genome::Slot slot, Space number, Space truth, Space answer) {
    const Space space = kind == genome::Kind::kNumber  ? number
                        : kind == genome::Kind::kTruth ? truth
                                                       : answer;
    uses_[{space, slot}].kept = true;
  };
  for (const auto& c : program_.constants) keep(c.kind, c.slot, Space::kN, Space::kT, Space::kA);
  for (const auto& r : program_.memory) keep(r.kind, r.slot, Space::kN, Space::kT, Space::kA);
  for (const auto& r : program_.branch) keep(r.kind, r.slot, Space::kBN, Space::kBT, Space::kBA);
}

bool SectionFlow::is_private_to(SlotRef slot, std::span<const std::size_t> instructions) const {
  const Uses& uses = uses_.at(slot);
  return !uses.kept &&
         std::includes(instructions.begin(), instructions.end(), uses.at.begin(), uses.at.end());
}

// One pass suffices, as jumps go forward: what is written for certain when an instruction is reached is what
// is written on each of the ways to it.
void SectionFlow::find_locals(std::size_t begin, std::size_t end) {
  for (const auto& [slot, uses] : uses_) {
    const bool scalar = slot.space == Space::kN || slot.space == Space::kT || slot.space == Space::kA ||
                        slot.space == Space::kBT;
    if (scalar && !uses.kept && !uses.for_machine && !uses.at.empty() && uses.at.front() >= begin &&
        uses.at.back() < end) {
      locals_.insert(slot);
    }
  }
  std::vector<std::optional<std::set<SlotRef>>> written(program_.code.size() + 1);
  const auto reach = [&](std::size_t at, const std::set<SlotRef>& with) {
    if (!written[at]) {
      written[at] = with;
    } else {
      std::erase_if(*written[at], [&](const SlotRef& slot) { return !with.contains(slot); });
    }
  };
  reach(begin, {});
  for (std::size_t at = begin; at < end; ++at) {
    if (!written[at]) continue;
    reached_[at] = true;
    const Instruction& in = program_.code[at];
    const Accesses accesses = accesses_of(in);
    const auto read = [&](const SlotRef& slot) {
      if (!written[at]->contains(slot)) locals_.erase(slot);
    };
    std::ranges::for_each(accesses.read, read);
    for_each_demanded(at, read);
    std::set<SlotRef> after = std::move(*written[at]);
    if (locals_.contains(accesses.write)) after.insert(accesses.write);
    if (genome::is_jump(in.code)) reach(in.to, after);
    if (in.code != Code::kJump && in.code != Code::kEnd && in.code != Code::kStop) reach(at + 1, after);
  }
}

}  // namespace replay
