#include "replay/native/demand.hpp"

#include <algorithm>
#include <set>

#include "genome/program/instruction_flow.hpp"

namespace replay {
namespace {

using genome::Code;
using genome::Instruction;
using genome::Slot;
using genome::SlotRef;
using genome::Space;
namespace slots = genome::slots;

// Numbers of lanes, each from those of the same lane.
bool makes_each_of_the_same(Code code) {
  switch (code) {
#define NUMBER1(name, op, function) case Code::kB##name:
#define NUMBER2(name, op, function) case Code::kB##name:
#define NUMBER3(name, op, function) case Code::kB##name:
#include "genome/program/codes.def"
    return true;
    default: return false;
  }
}

// Readers are followed from lanes to the lanes made of them, until each way ends at a count of votes or a
// reduction, which reads the lanes of one set, or at something that may read any lane.
class Demand {
 public:
  Demand(const genome::Program& program, std::size_t end, std::size_t at)
      : program_(program), end_(end), at_(at) {}

  bool follow(Slot lanes) {
    if (!followed_.insert(lanes).second) return true;
    if (is_kept(lanes)) return false;
    for (std::size_t at = 0; at < program_.code.size(); ++at) {
      const genome::Flow flow = genome::flow_of(program_.code[at]);
      if (std::ranges::find(flow.read, SlotRef{Space::kBN, lanes}) == flow.read.end()) continue;
      // Jumps go forward, so what is read before is the lanes of another instruction or another round.
      if (at <= at_ || at >= end_ || !takes(program_.code[at], at)) return false;
    }
    return true;
  }
  std::vector<Slot> sets() const { return {sets_.begin(), sets_.end()}; }

 private:
  bool is_kept(Slot lanes) const {
    return lanes < slots::kFirstBranchNumber ||
           std::ranges::any_of(program_.branch, [&](const genome::RegisterSlot& r) {
             return r.kind == genome::Kind::kNumber && r.slot == lanes;
           });
  }

  bool takes(const Instruction& in, std::size_t at) {
    switch (in.code) {
      case Code::kTally: return takes_set(in.a, at);
      case Code::kSum:
      case Code::kMean:
      case Code::kSmallest:
      case Code::kLargest: return takes_set(in.b, at);
      // A let. Branches opened after it have 0 there, and those that are read were opened before.
      case Code::kSnapshotNumber: return follow(in.to);
      default: break;
    }
    return makes_each_of_the_same(in.code) && follow(in.to);
  }

  // Whether the set is the same before the instruction as where it is read. What acts changes those of the
  // episode; to others it adds newly opened branches at most, and nobody reads a number of theirs but as 0.
  bool takes_set(Slot set, std::size_t reader) {
    for (std::size_t at = at_; at < reader; ++at) {
      const Instruction& in = program_.code[at];
      const genome::Flow flow = genome::flow_of(in);
      const bool acts = flow.has_effect && in.code != Code::kTally && !genome::is_jump(in.code);
      if (flow.write == SlotRef{Space::kBT, set} || (acts && set < slots::kFirstBranchTruth)) return false;
    }
    sets_.insert(set);
    return true;
  }

  const genome::Program& program_;
  const std::size_t end_, at_;
  std::set<Slot> followed_, sets_;
};

}  // namespace

std::optional<std::vector<Slot>> demanded_sets(const genome::Program& program, std::size_t end,
                                               std::size_t at) {
  Demand demand(program, end, at);
  if (!demand.follow(program.code[at].to)) return std::nullopt;
  return demand.sets();
}

}  // namespace replay
