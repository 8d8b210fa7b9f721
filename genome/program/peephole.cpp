#include "genome/program/peephole.hpp"

#include <algorithm>
#include <array>
#include <optional>
#include <utility>
#include <vector>

#include "genome/program/instruction_flow.hpp"

namespace genome {
namespace {

std::optional<Code> jump_unless(Code comparison) {
  switch (comparison) {
// clang-format off
#define COMPARE(name, op, symbol) \
  case Code::k##name: return Code::kJumpUnless##name;
// clang-format on
#include "genome/program/codes.def"
    default: return std::nullopt;
  }
}

// A count for each slot of the program.
class SlotCounts {
 public:
  void clear() {
    for (std::vector<int>& each : of_) std::ranges::fill(each, 0);
  }
  int& operator[](SlotRef ref) {
    if (ref.space == Space::kNone) return of_nowhere_;
    std::vector<int>& counts = of_[static_cast<std::size_t>(ref.space) - 1];
    if (counts.size() <= ref.slot) counts.resize(std::size_t{ref.slot} + 1);
    return counts[ref.slot];
  }

 private:
  std::array<std::vector<int>, kSpaces> of_;
  int of_nowhere_ = 0;
};

// Whether it is an observed number that is another one in each round, whatever is done.
bool changes_each_round(const SlotRef& ref) {
  const bool number = ref.space == Space::kN, of_branch = ref.space == Space::kBN;
  if (!(number && ref.slot < slots::kFirstNumber) && !(of_branch && ref.slot < slots::kFirstBranchNumber))
    return false;
  return std::ranges::any_of(observed_values(), [&](const Observed& value) {
    const Space space = value.type.level == Level::kBranch ? Space::kBN : Space::kN;
    return value.varies == Varies::kEachRound && ref == SlotRef{space, value.slot};
  });
}

class Tightener {
 public:
  explicit Tightener(Program& program) : p_(program) {}

  void run() {
    do {
      look();
      changed_ = false;
      for (std::size_t at = 0; at + 1 < p_.code.size(); ++at) {
        if (!dropped_[at]) write_straight(at);
      }
      sweep();
      look();
      for (std::size_t at = 0; at + 1 < p_.code.size(); ++at) {
        if (!dropped_[at]) fuse_with_jump(at);
      }
      sweep();
      look();
      drop_unread();
      sweep();
    } while (changed_);
    watch();
    look_at_time();
  }

 private:
  // Counts reads and writes of every slot, and where jumps land.
  void look() {
    reads_.clear();
    writes_.clear();
    dropped_.assign(p_.code.size(), false);
    landing_.assign(p_.code.size() + 1, false);
    for (const std::size_t start : {p_.start, p_.round, p_.answer}) landing_[start] = true;
    for (const Instruction& in : p_.code) {
      const Flow flow = flow_of(in);
      for (const SlotRef& read : flow.read) ++reads_[read];
      ++writes_[flow.write];
      if (is_jump(in.code)) landing_[in.to] = true;
    }
    // Registers live on from round to round, and are given their first values by the machine.
    const auto keep = [&](const std::vector<RegisterSlot>& registers, bool each) {
      for (const RegisterSlot& r : registers) {
        const SlotRef ref = {each ? (r.kind == Kind::kNumber  ? Space::kBN
                                     : r.kind == Kind::kTruth ? Space::kBT
                                                              : Space::kBA)
                                  : (r.kind == Kind::kNumber  ? Space::kN
                                     : r.kind == Kind::kTruth ? Space::kT
                                                              : Space::kA),
                             r.slot};
        reads_[ref] += r.remembered || each ? 2 : 1;
        ++writes_[ref];
      }
    };
    keep(p_.memory, false);
    keep(p_.branch, true);
  }

  // Whether the value that `at` writes is read by the next instruction as operand a, and by nothing else.
  bool serves_next_only(std::size_t at) {
    const Flow flow = flow_of(p_.code[at]);
    if (flow.write.space == Space::kNone || flow.has_effect || landing_[at + 1]) return false;
    return reads_[flow.write] == 1 && writes_[flow.write] == 1 &&
           flow_of(p_.code[at + 1]).read[0] == flow.write;
  }

  void drop(std::size_t at) {
    dropped_[at] = true;
    changed_ = true;
  }

  // x = ...; y = x   becomes   y = ...
  void write_straight(std::size_t at) {
    const Code move = p_.code[at + 1].code;
    if (move != Code::kMoveNumber && move != Code::kMoveTruth && move != Code::kMoveAnswer) return;
    if (dropped_[at + 1] || !serves_next_only(at)) return;
    p_.code[at].to = p_.code[at + 1].to;
    drop(at + 1);
  }

  // t = ...; jump on t   becomes   a jump on what t was made of
  void fuse_with_jump(std::size_t at) {
    Instruction& in = p_.code[at];
    Instruction& jump = p_.code[at + 1];
    if (dropped_[at + 1] || !serves_next_only(at)) return;
    Instruction fused = in;
    fused.to = jump.to;
    if (jump.code == Code::kJumpUnless) {
      if (const auto code = jump_unless(in.code))
        fused.code = *code;
      else if (in.code == Code::kAnd)
        fused.code = Code::kJumpUnlessBoth;
      else if (in.code == Code::kNot)
        fused.code = Code::kJumpIf;
      else if (in.code == Code::kAny)
        fused.code = Code::kJumpUnlessAny;
      else
        return;
    } else if (jump.code == Code::kJumpIf && in.code == Code::kAny) {
      fused.code = Code::kJumpIfAny;
    } else if (jump.code == Code::kJumpIf && in.code == Code::kNot) {
      fused.code = Code::kJumpUnless;
    } else {
      return;
    }
    in = fused;
    std::swap(in, jump);  // the jump keeps its place, so that what lands behind it still does
    drop(at);
  }

  void drop_unread() {
    for (std::size_t at = 0; at < p_.code.size(); ++at) {
      const Flow flow = flow_of(p_.code[at]);
      if (!flow.has_effect && reads_[flow.write] == 0) drop(at);
    }
  }

  // Takes out what was dropped; jumps to it land on what follows.
  void sweep() {
    std::vector<std::size_t> moved(p_.code.size() + 1, 0);
    std::vector<Instruction> left;
    for (std::size_t at = 0; at < p_.code.size(); ++at) {
      moved[at] = left.size();
      if (!dropped_[at]) left.push_back(p_.code[at]);
    }
    moved[p_.code.size()] = left.size();
    for (Instruction& in : left) {
      if (is_jump(in.code)) in.to = static_cast<Slot>(moved[in.to]);
    }
    for (std::size_t* start : {&p_.start, &p_.round, &p_.answer}) *start = moved[*start];
    p_.code = std::move(left);
    dropped_.assign(p_.code.size(), false);
  }

  void watch() {
    p_.watched = 0;
    for (const Instruction& in : p_.code) {
      for (const SlotRef& read : flow_of(in).read) {
        if (read.space == Space::kBN && read.slot < slots::kFirstBranchNumber)
          p_.watched |= std::uint32_t{1} << read.slot;
      }
    }
  }

  void look_at_time() {
    const auto tells_time = [](const Instruction& in) {
      return std::ranges::any_of(flow_of(in).read, changes_each_round);
    };
    const auto remembered = [](const RegisterSlot& r) { return r.remembered; };
    p_.timeless = std::ranges::none_of(p_.memory, remembered) && std::ranges::none_of(p_.code, tells_time);
  }

  Program& p_;
  SlotCounts reads_, writes_;
  std::vector<bool> dropped_, landing_;
  bool changed_ = false;
};

}  // namespace

void peephole(Program& program) { Tightener(program).run(); }

}  // namespace genome
